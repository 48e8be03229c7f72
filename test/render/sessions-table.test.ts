import { describe, expect, test } from 'vitest'
import { moreRows, sessionsTable, tableLayout } from '../../src/render/sessions-table.js'
import { colourTheme, plainTheme } from '../../src/render/style.js'
import { displayWidth } from '../../src/render/width.js'
import { dnsSummary, messageSummary } from './timelines.js'

const summaries = [messageSummary, dnsSummary]

describe.each([80, 96, 100, 112, 136, 160])('%i columns', (width) => {
  const lines = sessionsTable(summaries, tableLayout(summaries, width), plainTheme)

  test('fits', () => {
    for (const line of lines) expect(displayWidth(line), line).toBeLessThanOrEqual(width)
  })

  test('has who and the whole verdict', () => {
    const text = lines.join('\n').replace(/\s+/g, ' ')
    expect(text).toContain('192.168.56.1:43210')
    for (const word of ['complete;', 'closed', 'lost', 'answered']) expect(text).toContain(word)
  })
})

test.each([80, 112, 160])('%i columns: rows further down look like those that cli-table3 draws', (width) => {
  const layout = tableLayout(summaries, width)
  for (const theme of [plainTheme, colourTheme]) {
    const [title, ...rows] = sessionsTable(summaries, layout, theme)
    expect(title).toContain('verdict')
    expect([...moreRows(summaries, layout, theme)]).toEqual(rows)
  }
})
