/** Figures: nothing from the wire is markup, nothing lies outside of the page. */
import { expect, test } from 'vitest'
import { drawMermaid } from '../../src/render/mermaid.js'
import { escapeLatex } from '../../src/render/report/latex-text.js'
import { drawFigure } from '../../src/render/svg/figure.js'
import type { Timeline } from '../../src/timeline/model.js'
import { messageSummary, segment } from './timelines.js'

const HOSTILE = '</text><script>alert(1)</script>&\u001b[31m\u202e"\'\ufffe%%{init}%%;end#35;$\\input{x}'

const hostile: Timeline = {
  summary: messageSummary,
  leftOut: 0,
  timeDigits: 9,
  events: [
    segment(
      4,
      1e9,
      'client',
      ['PSH', 'ACK'],
      { seq: 1, ack: 1, win: 64_240, length: 22 },
      { text: HOSTILE, comments: [HOSTILE.repeat(9)] },
    ),
  ],
}

test('a payload and a note that are markup show as text', () => {
  const svg = drawFigure(hostile, { rawNumbers: false })
  expect(svg).toContain('&lt;/text&gt;&lt;script&gt;')
  expect(svg).not.toMatch(/<script|\u001b|\u202e|\ufffe|\son\w+=|href/)
  const tags = new Set([...svg.matchAll(/<(\w+)/g)].map((match) => match[1]))
  expect([...tags].sort()).toEqual(['desc', 'line', 'polygon', 'rect', 'style', 'svg', 'text', 'title', 'tspan'])
  expect(svg.match(/<text/g)?.length).toBe(svg.match(/<\/text>/g)?.length)
})

test('a packet with more notes than a call can take is drawn', () => {
  const comments = Array.from({ length: 150_000 }, (_, i) => `${i}`)
  const event = segment(4, 1e9, 'client', ['ACK'], { seq: 1, ack: 1, win: 64_240 }, { comments })
  const svg = drawFigure({ ...hostile, events: [event] }, { rawNumbers: false })
  expect(svg).toContain('✎ 149999</text>')
})

test('everything stands within the page', () => {
  const svg = drawFigure(hostile, { rawNumbers: true })
  const height = Number(/viewBox="0 0 860 ([\d.]+)"/.exec(svg)?.[1])
  const numbers = (name: string) =>
    [...svg.matchAll(new RegExp(` ${name}="(-?[\\d.]+)"`, 'g'))].map((m) => Number(m[1]))
  for (const x of [...numbers('x'), ...numbers('x1'), ...numbers('x2')]) {
    expect(x).toBeGreaterThanOrEqual(0)
    expect(x).toBeLessThanOrEqual(860)
  }
  for (const y of [...numbers('y'), ...numbers('y1'), ...numbers('y2')]) expect(y).toBeLessThanOrEqual(height)
})

test('no text of the wire ends a line, a label or the directives of a Mermaid diagram', () => {
  const lines = drawMermaid(hostile).split('\n')
  const arrow = lines.find((line) => line.includes('C->>S')) ?? ''
  expect(arrow).toContain('#60;/text#62;')
  expect(lines.join('\n').replace(/#\d+;/g, '')).not.toMatch(/[;#<%{}$]/)
})

test('no text is a command of LaTeX', () => {
  expect(escapeLatex('\\input{x}%$_^~&#')).toBe(
    '\\textbackslash{}input\\{x\\}\\%\\$\\_\\textasciicircum{}\\textasciitilde{}\\&\\#',
  )
  expect(escapeLatex('µ→漢')).toBe('$\\mu$$\\rightarrow$[U+6F22]')
})
