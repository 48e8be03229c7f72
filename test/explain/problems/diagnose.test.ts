/** What each rule finds in a small conversation that went wrong in its way, and that ordinary ones have nothing to find. */
import { describe, expect, test } from 'vitest'
import { diagnose, isSuspect } from '../../../src/explain/problems/diagnose.js'
import type { Problem } from '../../../src/explain/problems/problem.js'
import { Conversation } from '../../support/conversation.js'
import { timelineOf } from '../../support/timelines.js'

const around = { untilEnd: 0, accepted: 0 }

function problemsOf(conversation: Conversation, surroundings: Partial<typeof around> = {}): readonly Problem[] {
  const timeline = timelineOf(conversation)
  const problems = diagnose(timeline, { ...around, ...surroundings })?.problems ?? []
  if (problems.length > 0) expect(isSuspect(timeline.summary), 'the first pass would not have kept it').toBe(true)
  return problems
}

const mss = [2, 4, 5, 180]
const full = 'x'.repeat(1460)
const talk = () => new Conversation().handshake()
const closed = (conversation: Conversation) => conversation.client('FA').server('FA').client('A')

const wrong: [string, Conversation, string, readonly number[], Partial<typeof around>?][] = [
  ['refused', new Conversation().client('S').server('RA'), 'refused', [1, 2]],
  [
    'never answered',
    new Conversation().client('S', { at: 0 }).client('S', { at: 1000, seq: 1000 }).client('S', { at: 3000, seq: 1000 }),
    'never answered',
    [1, 2, 3],
  ],
  [
    'never answered, though others were',
    new Conversation().client('S', { at: 0 }).client('S', { at: 1000, seq: 1000 }),
    'never answered',
    [1, 2],
    { accepted: 2 },
  ],
  [
    'half-open',
    new Conversation().client('S', { at: 0 }).server('SA', { at: 1 }).server('SA', { at: 1001, seq: 5000 }),
    'half-open',
    [1, 2, 3],
  ],
  [
    'a lost SYN',
    closed(
      new Conversation()
        .client('S', { at: 0, options: mss })
        .client('S', { at: 1000, seq: 1000, options: mss })
        .server('SA', { options: mss })
        .client('A'),
    ),
    'SYN lost',
    [1, 2, 3],
  ],
  [
    'a SYN lost twice: told of the SYN, not of an outage',
    closed(
      new Conversation()
        .client('S', { at: 0, options: mss })
        .client('S', { at: 1000, seq: 1000, options: mss })
        .client('S', { at: 3000, seq: 1000, options: mss })
        .server('SA', { options: mss })
        .client('A'),
    ),
    'SYN lost',
    [1, 2, 3, 4],
  ],
  [
    'a lost SYN/ACK',
    closed(
      new Conversation()
        .client('S', { at: 0, options: mss })
        .server('SA', { at: 1, options: mss })
        .client('S', { at: 1000, seq: 1000, options: mss })
        .server('SA', { at: 1001, seq: 5000, options: mss })
        .client('A'),
    ),
    'SYN/ACK lost',
    [1, 2, 3],
  ],
  [
    'a lost SYN/ACK, seen at the server',
    closed(
      new Conversation()
        .client('S', { at: 0, options: mss })
        .server('SA', { at: 1, options: mss })
        .server('SA', { at: 1001, seq: 5000, options: mss })
        .client('A'),
    ),
    'SYN/ACK lost',
    [2, 3],
  ],
  [
    "Nagle's algorithm alone: small writes wait for a round trip each",
    new Conversation()
      .client('S', { at: 0, options: mss })
      .server('SA', { at: 100, options: mss })
      .client('A', { at: 100 })
      .client('PA', { at: 150, text: 'a' })
      .server('A', { at: 250 })
      .client('PA', { at: 250, text: 'bcd' })
      .server('A', { at: 350 })
      .client('PA', { at: 350, text: 'ef' })
      .server('A', { at: 450 })
      .client('FA', { at: 500 })
      .server('FA', { at: 600 })
      .client('A', { at: 600 }),
    'Nagle',
    [4, 5, 6, 7, 8],
  ],
  [
    'a full backlog: the ACK is not taken',
    talk()
      .client('PA', { text: 'hello' })
      .server('SA', { at: 1000, seq: 5000, options: mss })
      .client('A', { at: 1001 })
      .server('SA', { at: 3000, seq: 5000, options: mss }),
    'backlog full',
    [3, 4, 5, 6, 7],
  ],
  [
    'reset in mid-data',
    talk().server('A', { text: full }).server('A', { text: full }).client('RA', { ack: 5001 }),
    'reset in mid-data',
    [4, 5, 6],
  ],
  [
    'closed with unread data',
    talk().client('PA', { text: 'hello' }).server('A').server('RA'),
    'closed with unread data',
    [4, 6],
  ],
  [
    'written after close',
    talk()
      .client('PA', { text: 'hello' })
      .server('PA', { text: 'hello' })
      .client('A')
      .server('FA')
      .client('A')
      .client('PA', { at: 500, text: 'more' })
      .server('R'),
    'written after close',
    [7, 9, 10],
  ],
  [
    'died before replying',
    talk().client('PA', { text: 'hello' }).server('A').server('FA').client('A').client('FA').server('A'),
    'no reply',
    [4, 6],
  ],
  [
    'restarted: a reset without ACK answers old data',
    talk()
      .client('PA', { text: 'a' })
      .server('PA', { text: 'b' })
      .client('A')
      .client('PA', { at: 9000, text: 'c' })
      .server('R', { at: 9001 }),
    'forgotten',
    [7, 8],
  ],
  [
    'a server that vanished',
    talk()
      .client('PA', { at: 10, text: 'hello' })
      .client('PA', { at: 210, seq: 1001, text: 'hello' })
      .client('PA', { at: 610, seq: 1001, text: 'hello' })
      .client('PA', { at: 1410, seq: 1001, text: 'hello' }),
    'vanished',
    [2, 4, 5, 6, 7],
  ],
  ['reset before any data', talk().client('RA'), 'reset', [4]],
  [
    'a server that never closes',
    talk().client('PA', { text: 'a' }).server('PA', { text: 'b' }).client('FA').server('A'),
    'never closed',
    [6],
    { untilEnd: 60e9 },
  ],
  [
    'a server that hangs',
    talk().client('PA', { text: 'a' }).server('PA', { text: 'b' }).client('PA', { text: 'c' }).server('A'),
    'hangs',
    [6, 7],
    { untilEnd: 60e9 },
  ],
  [
    'stalled on a zero window',
    closed(
      talk()
        .client('PA', { at: 10, text: full })
        .server('A', { at: 11, window: 0 })
        .server('A', { at: 1511, window: 9000 })
        .client('PA', { text: full })
        .server('A'),
    ),
    'stalled',
    [5, 6],
  ],
  [
    'an outage',
    closed(
      talk()
        .client('PA', { at: 10, text: 'hello' })
        .client('PA', { at: 210, seq: 1001, text: 'hello' })
        .client('PA', { at: 610, seq: 1001, text: 'hello' })
        .client('PA', { at: 1410, seq: 1001, text: 'hello' })
        .server('A', { at: 1411 }),
    ),
    'outage',
    [4, 5, 6, 7, 8],
  ],
  [
    'a segment sent again',
    closed(
      talk()
        .client('PA', { at: 10, text: 'hello' })
        .client('PA', { at: 210, seq: 1001, text: 'hello' })
        .server('A', { at: 211 }),
    ),
    'retransmitted',
    [5],
  ],
  [
    'a damaged segment',
    talk().client('PA', { at: 10, text: 'hello', badChecksum: true }).client('A', { at: 12, seq: 1006 }),
    'damaged',
    [4],
  ],
  [
    "Nagle's algorithm and a delayed ACK",
    closed(
      talk()
        .client('PA', { at: 10, text: 'head' })
        .server('A', { at: 51 })
        .client('PA', { at: 51, text: 'body' })
        .server('PA', { at: 52, text: 'ok' })
        .client('A', { at: 52 }),
    ),
    'Nagle and delayed ACK',
    [4, 5, 6],
  ],
]

describe('a session that went wrong is told why, with the frames that prove it', () => {
  test.each(wrong)('%s', (_, conversation, name, frames, surroundings) => {
    const [worst] = problemsOf(conversation, surroundings)
    expect(worst).toMatchObject({ name, frames })
    // a sentence of its own: it names a frame of its evidence, and has nothing left open
    expect(worst?.diagnosis).toMatch(/#\d+/)
    expect(worst?.diagnosis).not.toMatch(/undefined|NaN|#0\b/)
  })
})

describe('nothing is found in an ordinary session', () => {
  const echo = talk().client('PA', { text: 'a line' }).server('A').server('PA', { text: 'a line' }).client('A')
  const bulk = talk()
  for (let i = 0; i < 20; i++) bulk.client('A', { text: full }).client('PA', { text: full }).server('A')
  const download = talk().client('PA', { text: 'GET /' }).server('A')
  for (let i = 0; i < 5; i++) download.server('PA', { text: full }).client('A')
  const ordinary: [string, Conversation, Partial<typeof around>?][] = [
    ['echo; the client closes first', closed(echo)],
    ['an upload', closed(bulk)],
    ['a download; the server closes first', download.server('FA').client('FA').server('A')],
    [
      'daytime: the server speaks first',
      talk().server('PA', { text: 'noon' }).client('A').server('FA').client('FA').server('A'),
    ],
    [
      'still open when the capture ends',
      talk().client('PA', { text: 'a' }).server('PA', { text: 'b' }).client('A'),
      { untilEnd: 60e9 },
    ],
    ['half-closed for a reply', closed(talk().client('PA', { text: 'sort' })).server('A')],
    ['a SYN right at the end of the capture', new Conversation().client('S')],
    [
      'joined in the middle',
      new Conversation().client('PA', { text: 'a' }).server('A').server('PA', { text: 'b' }).client('A'),
    ],
  ]
  test.each(ordinary)('%s', (_, conversation, surroundings) => {
    expect(problemsOf(conversation, surroundings)).toEqual([])
  })
})

test('a disturbance stands behind the end that it led to', () => {
  const both = talk()
    .client('PA', { at: 10, text: 'hello' })
    .client('PA', { at: 210, seq: 1001, text: 'hello' })
    .server('A', { at: 211 })
    .server('RA', { at: 212 })
  expect(problemsOf(both).map(({ name }) => name)).toEqual(['closed with unread data', 'retransmitted'])
})

test('what the worse problem explains is not told again', () => {
  const crashed = talk().client('PA', { at: 10, text: 'hello' })
  for (const at of [210, 610, 1410]) crashed.client('PA', { at, seq: 1001, text: 'hello' })
  expect(problemsOf(crashed).map(({ name }) => name)).toEqual(['vanished'])
})
