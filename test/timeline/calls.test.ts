/** Which socket calls are behind a conversation's packets, and what a log of calls adds. */
import { describe, expect, test } from 'vitest'
import type { Call } from '../../src/calls/call.js'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { inferCalls } from '../../src/timeline/calls/infer.js'
import { CallLog } from '../../src/timeline/calls/observe.js'
import { callsOf, withCalls } from '../../src/timeline/calls/with-calls.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

/** `client connect [1] = 0 on 2`, in the order of the packets. */
function calls(conversation: Conversation): string[] {
  return inferCalls(timelineOf(conversation)).map(({ by, call, sends, result, errno, returnsOn }) => {
    const sent = sends.length > 0 ? ` [${sends.join(' ')}]` : ''
    const outcome = result === undefined ? '' : ` = ${result}${errno === undefined ? '' : ` ${errno}`}`
    return `${by} ${call}${sent}${outcome}${returnsOn === undefined ? '' : ` on ${returnsOn}`}`
  })
}

const talk = () => new Conversation().handshake()
const OPENING = ['client connect [1] = 0 on 2', 'server accept on 3']

const cases: [string, Conversation, string[]][] = [
  [
    'a request, a reply, the client closes first',
    talk().client('PA', { text: 'hello' }).server('PA', { text: 'hi' }).client('FA').server('FA').client('A'),
    [
      ...OPENING,
      'client write [4] = 5',
      'server read = 5 on 4',
      'server write [5] = 2',
      'client read = 2 on 5',
      'client close [6] = 0',
      'server read = 0 on 6',
      'server close [7] = 0',
    ],
  ],
  [
    'a write of several segments ends at PSH; what is sent again is no call',
    talk()
      .client('A', { text: 'x'.repeat(1460) })
      .client('PA', { text: 'x'.repeat(40) })
      .client('PA', { at: 500, seq: 2461, text: 'x'.repeat(40) })
      .server('A'),
    [...OPENING, 'client write [4 5] = 1500', 'server read = 1500 on 5'],
  ],
  [
    'shutdown: it still reads afterwards',
    talk().client('FA').server('A').server('PA', { text: 'sorted' }).client('A').server('FA').client('A'),
    [
      ...OPENING,
      'client shutdown [4] = 0',
      'server read = 0 on 4',
      'server write [6] = 6',
      'client read = 6 on 6',
      'server close [8] = 0',
      'client read = 0 on 8',
    ],
  ],
  ['refused', new Conversation().client('S').server('RA'), ['client connect [1] = -1 ECONNREFUSED on 2']],
  [
    'never answered',
    new Conversation().client('S', { at: 0 }).client('S', { at: 1000, seq: 1000 }),
    ['client connect [1 2]'],
  ],
  [
    'the peer closed, and its reset answers what is still written: the next write fails',
    talk().server('FA').client('A').client('PA', { text: 'late' }).server('R'),
    [
      ...OPENING,
      'server close [4] = 0',
      'client read = 0 on 4',
      'client write [6] = 4',
      'server read = 4 on 6',
      'client write = -1 EPIPE on 7',
    ],
  ],
  [
    'a reset instead of a FIN',
    talk().client('PA', { text: 'hello' }).server('A').server('RA'),
    [
      ...OPENING,
      'client write [4] = 5',
      'server read = 5 on 4',
      'server close [6] = 0',
      'client read = -1 ECONNRESET on 6',
    ],
  ],
]

describe('the calls that are inferred', () => {
  test.each(cases)('%s', (_, conversation, expected) => {
    expect(calls(conversation)).toEqual(expected)
  })
})

const client = '192.168.56.1:40000'
const server = '192.168.56.10:51717'
/** The conversation begins at 1000 s, its packets come every ms from 1 ms on. */
function logged(call: string, from: number, until: number, more: Partial<Call> = {}): Call {
  const at = (ms: number) => ({ seconds: 1000, nanoseconds: (ms + 1) * 1e6 })
  return {
    pid: 1,
    thread: 1,
    call,
    arguments: [],
    descriptor: 3,
    transport: 'tcp',
    local: client,
    peer: server,
    entered: at(from),
    returned: at(until),
    ...more,
  }
}

const followed = (log: readonly Call[]) => new CallLog(followProcesses(log))

describe('the calls that a log has', () => {
  const timeline = timelineOf(talk().client('PA', { text: 'hello' }).server('A').client('FA').server('FA').client('A'))
  const log = [
    logged('connect', -0.5, 1.2, { result: 0 }),
    logged('write', 2.5, 2.505, { result: 5 }),
    logged('close', 4.5, 4.501, { result: 0 }),
  ]

  test('stand at their own times, in place of the inferred ones of that end', () => {
    const events = withCalls(timeline, timeline.events, followed(log)).events
    const seen = events.flatMap((event) => (event.kind === 'call' && event.by === 'client' ? [event] : []))
    expect(seen.map(({ call, moment, inferred, time }) => [call, moment, inferred, time])).toEqual([
      ['connect', 'made', false, -0.5e6],
      ['connect', 'returns', false, 1.2e6],
      ['write', 'made', false, 2.5e6],
      ['close', 'made', false, 4.5e6],
    ])
    expect(events.map((event) => event.time)).toEqual(events.map((event) => event.time).toSorted((a, b) => a - b))
    expect(events.some((event) => event.kind === 'call' && event.by === 'server' && event.inferred)).toBe(true)
  })

  test('agree with the packets, or it is said where not', () => {
    expect(callsOf(timeline, followed(log)).disagreements).toEqual([])
    const other = [
      logged('connect', -0.5, 1.2, { result: -1, errno: 'ECONNREFUSED' }),
      logged('write', 2.5, 2.6, { result: 3 }),
      logged('shutdown', 4.5, 4.6, { result: 0 }),
    ]
    expect(callsOf(timeline, followed(other)).disagreements).toEqual([
      "the client's calls wrote 3 bytes, its packets carry 5 bytes",
      "the client's connect ended with ECONNREFUSED, the packets say success",
    ])
    const shutdown = [...log.slice(0, 2), logged('shutdown', 4.5, 4.6, { arguments: ['3', 'SHUT_WR'], result: 0 })]
    expect(callsOf(timeline, followed(shutdown)).disagreements).toEqual([])
    const half = timelineOf(talk().client('FA').server('A').server('PA', { text: 'sorted' }).client('A').server('FA'))
    const closed = [log[0] ?? logged('connect', 0, 0), logged('close', 2.5, 2.6, { result: 0 })]
    expect(callsOf(half, followed(closed)).disagreements).toContain(
      'the client called close where its packets look like shutdown (#4)',
    )
  })

  test('of another session are left out', () => {
    const strangers = log.map((call) => ({ ...call, local: '192.168.56.1:1' }))
    expect(callsOf(timeline, followed(strangers)).observed).toBeUndefined()
  })
})
