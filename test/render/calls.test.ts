/** Logged calls outside the lifelines: where they were entered, where they returned, and that they waited between. */
import { describe, expect, test } from 'vitest'
import type { Call } from '../../src/calls/call.js'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { toAscii } from '../../src/render/ascii.js'
import { drawLadder } from '../../src/render/ladder/ladder.js'
import { drawMermaid } from '../../src/render/mermaid.js'
import { plainTheme } from '../../src/render/style.js'
import { drawFigure } from '../../src/render/svg/figure.js'
import { displayWidth } from '../../src/render/width.js'
import { CallLog } from '../../src/timeline/calls/observe.js'
import { withCalls } from '../../src/timeline/calls/with-calls.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

function call(pid: number, name: string, from: number, until: number, more: Partial<Call>): Call {
  const at = (ms: number) => ({ seconds: 1000, nanoseconds: Math.round((ms + 1) * 1e6) })
  const [local, peer] =
    pid === 11 ? ['192.168.56.1:40000', '192.168.56.10:51717'] : ['192.168.56.10:51717', '192.168.56.1:40000']
  const times = { entered: at(from), returned: at(until) }
  return { pid, thread: pid, call: name, arguments: [], transport: 'tcp', local, peer, ...times, ...more }
}

const timeline = timelineOf(
  new Conversation().handshake().client('PA', { at: 500, text: 'hello' }).server('A').client('FA').server('A'),
)
const log = new CallLog(
  followProcesses([
    call(11, 'connect', -0.5, 1.1, { descriptor: 3, result: 0 }),
    call(22, 'accept', -0.9, 2.1, { descriptor: 3, result: 4 }),
    call(22, 'fork', 2.2, 2.3, { result: 23 }),
    call(22, 'close', 2.4, 2.5, { descriptor: 4, result: 0 }),
    call(23, 'read', 2.6, 499.2, { descriptor: 4, result: 5 }),
    call(11, 'write', 498.8, 498.9, { descriptor: 3, result: 5 }),
    call(11, 'close', 500.9, 501.05, { descriptor: 3, result: 0 }),
  ]),
)
const told = withCalls(timeline, timeline.events, log)
const lines = (width: number) => [
  ...drawLadder(told, { width, theme: plainTheme, time: 'relative', rawNumbers: false }),
]

describe('logged calls in a ladder', () => {
  test('stand outside the lifelines of a wide one, with a bracket from entry to return', () => {
    const wide = lines(160)
    const entered = wide.findIndex((line) => line.includes('│┌ 22 accept(3)'))
    const returned = wide.findIndex((line) => line.includes('│└ 22 accept = 4, waited 2.90 ms for #3'))
    expect(entered).toBeGreaterThan(0)
    expect(returned).toBeGreaterThan(entered)
    for (const line of wide.slice(entered + 1, returned)) expect(line).toMatch(/[│┤▶]╎/)
    // the parent's close sends nothing, the client's the FIN
    expect(wide.some((line) => /22 close\(4\)$/.test(line))).toBe(true)
    expect(wide.some((line) => /close(?:\(3\))? → #6/.test(line))).toBe(true)
    expect(wide.some((line) => line.includes('23 read = 5, waited 496 ms for #4'))).toBe(true)
  })

  test.each([80, 100, 120, 140, 200])('fits into %i columns, also in ASCII', (width) => {
    const drawn = lines(width)
    for (const line of drawn) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width)
      expect(displayWidth(toAscii(line))).toBe(displayWidth(line))
    }
    expect(drawn.join('\n')).toContain('accept = 4, waited')
  })

  test('the figure has a line for each wait, and says whom it was for; so does the diagram', () => {
    const svg = drawFigure(told, { rawNumbers: false })
    expect(svg).toContain('accept(3)')
    expect(svg).toContain('waited')
    // accept, connect and read wait
    expect(svg.match(/class="l-note"/g)?.length).toBeGreaterThanOrEqual(3)
    expect(drawMermaid(told)).toContain('Note right of S: read = 5, waited 496 ms for #35;4')
  })
})
