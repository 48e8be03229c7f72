import { describe, expect, test } from 'vitest'
import { drawLadder, type LadderOptions } from '../../src/render/ladder/ladder.js'
import { colourTheme, plainTheme } from '../../src/render/style.js'
import { displayWidth } from '../../src/render/width.js'
import type { Timeline } from '../../src/timeline/model.js'
import { dns, lossy, message, messageSummary, segment, timelineOf } from './timelines.js'

const options: LadderOptions = { width: 120, theme: plainTheme, time: 'relative', rawNumbers: false }

function draw(timeline: Timeline, changed: Partial<LadderOptions> = {}): string[] {
  return [...drawLadder(timeline, { ...options, ...changed })]
}

/** The line of the ladder that begins with this frame number. */
function lineOf(frame: number, lines: readonly string[]): string {
  return lines.find((line) => line.trimStart().startsWith(`${frame} `)) ?? ''
}

const ALL = { message, lossy, dns }

describe.each(Object.entries(ALL))('%s', (_, timeline) => {
  test('fits every width from 80 columns up, with relative and with absolute numbers', () => {
    for (let width = 80; width <= 170; width++) {
      for (const line of [...draw(timeline, { width }), ...draw(timeline, { width, time: 'utc', rawNumbers: true })]) {
        expect(displayWidth(line), `${width} columns: ${line}`).toBeLessThanOrEqual(width)
      }
    }
  })

  test('both lifelines stand in one column from top to bottom', () => {
    for (const width of [80, 100, 120, 140]) {
      const rows = draw(timeline, { width }).filter((line) => /[│├┊]/.test(line))
      const columns = rows.map((line) => {
        const first = line.search(/[│├┊]/)
        const last = Math.max(line.lastIndexOf('│'), line.lastIndexOf('┤'), line.lastIndexOf('┊'))
        return `${displayWidth(line.slice(0, first))} to ${displayWidth(line.slice(0, last))}`
      })
      expect(new Set(columns).size, `${width} columns:\n${rows.join('\n')}`).toBe(1)
    }
  })

  test('colours add escape sequences and change nothing else', () => {
    const escapes = /\x1b\[\d+m/g
    expect(draw(timeline, { theme: colourTheme }).map((line) => line.replace(escapes, ''))).toEqual(draw(timeline))
  })
})

describe('a segment', () => {
  const lines = draw(message)

  test("points from its sender to its receiver, with both ends' states where they change", () => {
    expect(lineOf(1, lines)).toMatch(/SYN_SENT ├─── SYN 0:0\(0\) {2}win 64240 {2}mss 1460 ws 7 sack ts ─+▶│$/)
    expect(lineOf(8, lines)).toMatch(/CLOSE_WAIT │◀── FIN·ACK 19:19\(0\) {2}ack 23 {2}win 65280 ─+┤ FIN_WAIT_1$/)
  })

  test('says which segment it acknowledges, and after how long', () => {
    expect(lineOf(5, lines)).toContain('ACK 23  (of #4, 11 µs)')
  })

  test('shows its payload', () => {
    expect(lines.join('\n')).toContain('"hello from the client⏎"')
  })

  test('shows time, and the gap since the one before', () => {
    expect(lineOf(6, lines)).toMatch(/^ 6 2\.311530 \+128 µs /)
  })

  test('has the numbers of the wire when they are asked for', () => {
    const raw = draw(message, { rawNumbers: true, time: 'epoch' })
    expect(lineOf(4, raw)).toContain('2873459108:2873459130(22)  ack 901233472  win 502')
    expect(lineOf(4, raw)).toContain('1763636583.525914')
  })

  test('whose receiver cannot have taken it does not reach the lifeline', () => {
    expect(lineOf(68, draw(lossy))).toMatch(/─✗ {4}│$/)
  })
})

test('a segment that was sent again says why, and how that is known', () => {
  const lines = draw(lossy)
  expect(lineOf(74, lines)).toContain('retransmission (timeout)')
  expect(lines.join('\n')).toContain('↳ its bytes had been sent before (#68)')
  expect(lines.join('\n')).not.toContain('Wireshark')
})

test("where Wireshark sees it otherwise, its view is said to be Wireshark's", () => {
  const events = lossy.events.map((event) =>
    event.kind === 'packet' && event.frame === 74
      ? { ...event, findings: [{ name: 'out_of_order' }, { name: 'zero_window' }] }
      : event,
  )
  const text = draw({ ...lossy, events }).join('\n')
  expect(text).toContain('retransmission (timeout)')
  expect(text).toContain('Wireshark: out of order')
  expect(text).not.toContain('Wireshark: zero window')
})

test('a silence, an ICMP error, what came before and what a person wrote stand in the ladder', () => {
  const text = draw(lossy).join('\n')
  expect(text).toContain('ARP #1, #2: 192.168.56.10 is at 00:0c:29:3e:5a:01')
  expect(text).toContain('DNS #3, #4: the address of server.lab.example was looked up')
  expect(text).toMatch(/│◀── ICMP fragmentation needed and DF set {2}from 192\.168\.56\.254 ─╴ +│/)
  expect(text).toContain('✎ here the cable was pulled')
  expect(draw(message).join('\n')).toContain('2.31 s of silence, until the client speaks')
})

test('phases are set apart by what they amounted to', () => {
  const rules = draw(message).filter((line) => line.includes(' ── '))
  expect(rules.map((rule) => rule.replace(/ ─+$/, '').trim())).toEqual([
    'handshake ── 214 µs',
    'data ── 22 B → · ← 18 B · 158 µs',
    'teardown ── 119 µs',
  ])
})

test('a folded run says how much went which way', () => {
  const lines = draw(lossy)
  const at = lines.findIndex((line) => line.trimStart().startsWith('8 '))
  expect(lines[at]).toContain('├═══ 30 segments  43,440 B  1:43441  in 42.7 ms ═')
  expect(lines[at + 1]).toMatch(/^–67 .*◀── 15 ACKs ─/)
})

test('text from the wire cannot break out of its line', () => {
  const evil = timelineOf(messageSummary, [
    segment(1, 0, 'client', ['PSH', 'ACK'], { seq: 1, ack: 1, win: 1, length: 9 }, { text: '\x1b[2Jhi\n\u202Eabc' }),
    segment(2, 1000, 'server', ['ACK'], { seq: 1, ack: 10, win: 1 }, { comments: ['\x1b]0;title\x07\r\nnext'] }),
  ])
  for (const line of draw(evil)) expect(line).not.toMatch(/[\x00-\x1f\x7f\u202e]/)
})
