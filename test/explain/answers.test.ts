/** What answers to lab questions must not claim: a round trip of what went twice, a segment that came twice, what is not in the capture. */
import { describe, expect, test } from 'vitest'
import type { Answer } from '../../src/explain/questions/answer.js'
import { answerQuestions } from '../../src/explain/questions/questions.js'
import { Conversation, type Frame } from '../support/conversation.js'
import { timelineOf, timelinesOf } from '../support/timelines.js'

const full = 'x'.repeat(1000)

function ask(talk: Conversation, words: RegExp): Answer {
  const answer = answerQuestions(timelineOf(talk)).find(({ question }) => words.test(question))
  if (answer === undefined) throw new Error(`no question like ${words}`)
  return answer
}

function said(talk: Conversation, words: RegExp): string {
  const { answer, why, evidence } = ask(talk, words)
  return [answer ?? why, ...evidence].join('\n')
}

/** Captured at the client; the second of four segments is lost, and sent again by its timer. */
function lossy(): Conversation {
  const talk = new Conversation().client('S', { at: 0 }).server('SA', { at: 20 }).client('A', { at: 20 })
  for (let n = 0; n < 4; n++) talk.client('A', { at: 30, text: full, seq: 1001 + n * 1000 })
  talk.server('A', { at: 50, ack: 2001 })
  talk.client('A', { at: 300, text: full, seq: 2001 })
  return talk.server('A', { at: 320, ack: 5001 })
}

describe("Karn's rule", () => {
  const lines = ask(lossy(), /EstimatedRTT/).evidence

  test('what was sent twice gives no RTT', () => {
    expect(lines[0]).toContain('RTT = 20.000000 ms')
    expect(lines[1]).toMatch(/^#5: .*acknowledged 0\.320000000 s by #10: no RTT, since it was sent twice/)
  })

  test('nor does what waited for that to be acknowledged', () => {
    expect(lines[2]).toMatch(/^#6: .*by #10: no RTT, since that ACK also covers #5, which was sent twice/)
    expect(ask(lossy(), /EstimatedRTT/).answer).toContain('EstimatedRTT in the end is 20.000000 ms')
  })

  test('what the other end sent again under the same relative number is another matter', () => {
    const talk = new Conversation().handshake()
    talk.client('PA', { at: 10, text: full }).server('A', { at: 30 })
    talk.server('PA', { at: 40, text: 'reply' }).server('PA', { at: 400, text: 'reply', seq: 5001 }).client('A')
    expect(ask(talk, /EstimatedRTT/).evidence[0]).toContain('RTT = 20.000000 ms')
  })
})

test('a segment that was sent twice is one, also where an ACK covers both, and in what was sent meanwhile', () => {
  expect(said(lossy(), /typically acknowledge/)).toContain('of one segment: 1, of two: 0, of more: 1')
  expect(said(lossy(), /throughput/)).toContain('with all that was sent meanwhile, 5,000 B')
  const lastLost = new Conversation().handshake()
  lastLost
    .client('PA', { at: 10, text: full })
    .client('PA', { at: 300, text: full, seq: 1001 })
    .server('A', { at: 310 })
  expect(said(lastLost, /typically acknowledge/)).toMatch(
    /none covers exactly two segments.*of one segment: 1, of two: 0/s,
  )
})

test('what was lost before it came to the capture is a data segment when it comes again', () => {
  // captured at the server: 2001 comes late, when its sender has waited for its timer
  const talk = new Conversation().client('S', { at: 0 }).server('SA', { at: 0 }).client('A', { at: 20 })
  for (const sequence of [1001, 3001, 4001])
    talk.client('A', { at: 30, text: full, seq: sequence }).server('A', { ack: 2001 })
  talk.client('A', { at: 300, text: 'y'.repeat(999), seq: 2001 }).server('A', { ack: 5000 })
  expect(ask(talk, /How long/).answer).toBe('1,000, 1,000, 1,000, 999 bytes of payload')
})

test('a keep-alive is no retransmission, and what answers it acknowledges no data', () => {
  const talk = new Conversation().handshake()
  talk.client('PA', { at: 10, text: full }).server('A', { at: 30 })
  talk.client('A', { at: 60_000, text: 'x', seq: 2000 }).server('A', { at: 60_020, ack: 2001 })
  talk.client('A', { at: 120_000, text: 'x', seq: 2000 }).server('A', { at: 120_020, ack: 2001 })
  expect(ask(talk, /retransmissions/).answer).toBe('none')
  expect(said(talk, /retransmissions/)).toContain('#6 and #8 repeat an old byte on purpose: keep-alives')
  expect(ask(talk, /typically acknowledge/).answer).toMatch(/^1,000 bytes \(the median of 1 ACK\)/)
  expect(ask(talk, /throughput/).answer).toContain('50,000 bytes per second')
  expect(ask(talk, /EstimatedRTT/).evidence[0]).toContain('RTT = 20.000000 ms')
})

test('what a capture has twice was sent once', () => {
  const talk = new Conversation().handshake()
  for (const text of ['first', 'second', 'third']) talk.client('PA', { text })
  // a mirror gives each of them a second time, 10 µs later
  const twice = talk.frames.flatMap((frame, n) => (n < 3 ? [frame] : [frame, { ...frame, time: frame.time + 1e4 }]))
  talk.frames.splice(0, talk.frames.length, ...twice)
  expect(ask(talk, /How long/).answer).toBe('5, 6, 5 bytes of payload')
})

describe('of a capture that begins behind the SYN', () => {
  const scale = [2, 4, 5, 180, 1, 3, 3, 7]
  const talk = new Conversation().client('S').server('SA', { options: scale }).client('PA', { text: full })
  talk.server('A', { window: 300 }).frames.shift()

  test('the SYN/ACK says who is the client', () => {
    expect(said(talk, /IP addresses/)).toContain('the client is who the SYN/ACK, #1, was sent to')
  })

  test('its scale is that of the window, and then it is known', () => {
    expect(said(talk, /smallest window/)).toContain('Window 300 × 128 (window scale) = 38400')
    expect(said(talk, /smallest window/)).not.toContain('is not known')
  })

  test('no SYN is spoken of where neither was captured', () => {
    const middle = new Conversation(40000, 80).client('PA', { text: full }).server('A')
    expect(ask(middle, /first request/).answer).toBe('1000 (relative: 1)')
    expect(said(middle, /first request/)).not.toContain('SYN')
  })
})

test('data that came along with the SYN is acknowledged with it', () => {
  const talk = new Conversation().client('S', { text: 'hello' }).server('SA', { ack: 1006 }).client('A')
  expect(said(talk, /of the SYN\/ACK/)).toContain('1000 + 1 + 5 = 1006: a SYN takes one sequence number, and 5 bytes')
})

test('a reset ends TIME_WAIT', () => {
  const talk = new Conversation().handshake().client('FA').server('A').server('PA', { text: 'late' }).server('FA')
  talk.client('R', { seq: 1002 })
  expect(said(talk, /closed/)).not.toContain('left in TIME_WAIT')
  expect(ask(talk, /closed/).answer).toContain('nobody is in TIME_WAIT')
})

describe('of UDP', () => {
  /** A datagram whose Length field says `length`. */
  function datagram(length: number, payload: number): Frame {
    const bytes = new Uint8Array(14 + 20 + 8 + payload)
    bytes.set([0x00, 0x0c, 0x29, 0x11, 0x22, 0x33, 0x00, 0x50, 0x56, 0xc0, 0x00, 0x01, 0x08, 0x00])
    bytes.set([0x45, 0, 0, 28 + payload, 0, 1, 0, 0, 64, 17, 0, 0, 192, 168, 56, 1, 192, 168, 56, 10], 14)
    bytes.set([0x9c, 0x40, 0xca, 0x06, length >> 8, length & 0xff, 0, 0], 34)
    return { bytes, time: 0 }
  }

  test('a Length that the packet does not have is not made up', () => {
    const [timeline] = timelinesOf([datagram(500, 10), datagram(18, 10)])
    const text = JSON.stringify(timeline === undefined ? [] : answerQuestions(timeline))
    expect(text).toContain('#2: Source Port 40000, Destination Port 51718, Length 18')
    expect(text).not.toContain('#1: Source Port')
  })
})
