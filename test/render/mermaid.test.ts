/** Mermaid's own parser takes every diagram: of the bundled captures, and of text that would be its markup. */
import { readdirSync } from 'node:fs'
import mermaid from 'mermaid'
import { expect, test } from 'vitest'
import { openCapture } from '../../src/files/open.js'
import { drawMermaid } from '../../src/render/mermaid.js'
import type { SessionSummary } from '../../src/sessions/summary.js'
import { survey } from '../../src/survey.js'
import { withCalls } from '../../src/timeline/calls/with-calls.js'
import { fold } from '../../src/timeline/fold.js'
import { timelines } from '../../src/timelines.js'
import { root } from '../cli/synopsis.js'
import { messageSummary, segment, timelineOf } from './timelines.js'

/** GitHub draws no diagram of more characters. */
const MOST = 50_000

const captures = readdirSync(`${root}captures`).filter((name) => name.endsWith('.pcapng'))

test.each(captures)('%s', async (name) => {
  const path = `${root}captures/${name}`
  const summaries: SessionSummary[] = []
  const first = await survey(await openCapture(path), (summary) => summaries.push(summary))
  for (const timeline of await timelines(await openCapture(path), first, summaries)) {
    const diagram = drawMermaid(withCalls(timeline, fold(timeline.events)))
    expect(diagram.length).toBeLessThan(MOST)
    await expect(mermaid.parse(diagram)).resolves.toMatchObject({ diagramType: 'sequence' })
  }
})

const HOSTILE = [
  'end',
  '%%{init: {"theme": "dark"}}%%',
  'A->>B: x; B->>A: y',
  'Note over C,S: forged\nloop forever',
  '<script>alert(1)</script> #35; #quot; `$x$` "\'{}',
  '\u202etxt.exe \u001b[31m \u2028 \ud835\udd4f 漢字 ÷',
]

test.each(HOSTILE)('hostile text: %j', async (text) => {
  const numbers = { seq: 1, ack: 1, win: 64_240, length: 22 }
  const event = segment(4, 1e6, 'client', ['PSH', 'ACK'], numbers, { text, label: text, comments: [text] })
  const diagram = drawMermaid(timelineOf(messageSummary, [event]))
  await expect(mermaid.parse(diagram)).resolves.toMatchObject({ diagramType: 'sequence' })
  expect(diagram.split('\n').filter((line) => line.includes('->>'))).toHaveLength(1)
})

test('a packet with more notes than a diagram, or a call, can take', async () => {
  const comments = Array.from({ length: 200_000 }, (_, i) => `note ${i}`)
  const event = segment(4, 1e6, 'client', ['PSH', 'ACK'], { seq: 1, ack: 1, win: 64_240, length: 22 }, { comments })
  const diagram = drawMermaid(timelineOf(messageSummary, [event]))
  expect(diagram.length).toBeLessThan(MOST)
  expect(diagram).toMatch(/Note over C,S: 19\d,\d{3} lines more not drawn$/)
})

test('the parser refuses what is none', async () => {
  await expect(mermaid.parse('sequenceDiagram\n  A->>')).rejects.toThrow()
})
