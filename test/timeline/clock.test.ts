/** How far a log's clock is from the capture's: nothing is made of a tracer that was held up, nor of a large send buffer. */
import { expect, test } from 'vitest'
import type { Call } from '../../src/calls/call.js'
import { later } from '../../src/calls/moment.js'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { estimateClock } from '../../src/timeline/calls/clock.js'
import { CallLog } from '../../src/timeline/calls/observe.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

const CLIENT = '192.168.56.1:40000'
const SERVER = '192.168.56.10:51717'

/** The first packet's time; a call of the client is so many ms after that, or before, on the clock of the log. */
const START = { seconds: 1000, nanoseconds: 1e6 }

function call(name: string, from: number, until: number, result: number): Call {
  const moment = (ms: number) =>
    later({ ...START, seconds: START.seconds - 1 }, ms < 0 ? 0 : 1, Math.round((ms < 0 ? ms + 1000 : ms) * 1e6))
  const at = { transport: 'tcp', local: CLIENT, peer: SERVER, descriptor: 3 } as const
  return {
    pid: 11,
    thread: 11,
    call: name,
    arguments: [],
    result,
    entered: moment(from),
    returned: moment(until),
    ...at,
  }
}

/** By how many ms the clock of this log is corrected. */
function correction(conversation: Conversation, log: readonly Call[], isOneHost = false): number | undefined {
  const timeline = timelineOf(conversation)
  const { client, server } = timeline.summary
  const here = (name = '') => name.replace(server.address, client.address)
  const own = isOneHost ? { ...timeline.summary, server: { ...server, address: client.address } } : timeline.summary
  const calls = isOneHost ? log.map((one) => ({ ...one, peer: here(one.peer) })) : log
  const difference = estimateClock([{ ...timeline, summary: own }], new CallLog(followProcesses(calls)))
  return difference && difference.nanoseconds / 1e6
}

const hello = () =>
  new Conversation().handshake().client('PA', { text: 'hello' }).server('PA', { text: 'welcome' }).client('A')

/** connect, write and read, `early` ms before they were made. */
const greeting = (early: number) => [
  call('connect', -0.1 - early, 1.1 - early, 0),
  call('write', 2.9 - early, 3.1 - early, 5),
  call('read', 3.2 - early, 4.1 - early, 7),
]

test('on the host of the capture, calls are stamped early, and its clock is none the worse', () => {
  expect(correction(hello(), greeting(15.6), true)).toBe(0)
  // a log that was stamped elsewhere, after all
  expect(correction(hello(), greeting(300), true)).toBeCloseTo(300, 0)
})

test('two calls that sent something may both have been stamped early, more of them seldom', () => {
  expect(correction(hello(), greeting(2))).toBe(0)
  const more = hello().client('PA', { text: 'and' }).server('A').client('PA', { text: 'bye' }).server('A')
  const log = [...greeting(2), call('write', 3.9, 4, 3), call('write', 5.9, 6, 3)]
  expect(correction(more, log)).toBeCloseTo(2, 0)
})

test('what a large send buffer took is sent much later, and says nothing of the clock', () => {
  const bulk = new Conversation().handshake()
  for (let at = 4; at < 404; at += 100) bulk.client('PA', { at, text: 'x'.repeat(1000) }).server('A')
  const log = [
    call('connect', -6, -4, 0),
    ...[0, 1, 2, 3].map((index) => call('write', 2.5 + index / 10, 2.55 + index / 10, 1000)),
  ]
  expect(correction(bulk, log)).toBe(0)
})
