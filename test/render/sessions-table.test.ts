import { describe, expect, test } from 'vitest'
import { sessionsTable, tableLayout } from '../../src/render/sessions-table.js'
import { plainTheme } from '../../src/render/style.js'
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

test('goes on below itself without a second title, in the same columns', () => {
  const layout = tableLayout([messageSummary], 160)
  const [title, first] = sessionsTable([messageSummary], layout, plainTheme)
  expect(title).toContain('verdict')
  expect(sessionsTable([messageSummary], layout, plainTheme, false)).toEqual([first])
})
