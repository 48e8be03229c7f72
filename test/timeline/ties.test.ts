/** Each logged call stands beside the packets it made, or waited for: by the bytes of the stream, not by the time alone. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Call } from '../../src/calls/call.js'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { CallLog } from '../../src/timeline/calls/observe.js'
import { ByteStream } from '../../src/timeline/calls/tie/byte-stream.js'
import { callsOf, withCalls } from '../../src/timeline/calls/with-calls.js'
import type { PacketEvent } from '../../src/timeline/model.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

const CLIENT = '192.168.56.1:40000'
const SERVER = '192.168.56.10:51717'

function moment(ms: number) {
  return { seconds: 1000, nanoseconds: Math.round((ms + 1) * 1e6) }
}

/** A call of one end: `from` and `until` in ms, as the packets' times are counted: the first one comes at 0. */
function by(end: 'client' | 'server', call: string, from: number, until: number, more: Partial<Call> = {}): Call {
  const [local, peer] = end === 'client' ? [CLIENT, SERVER] : [SERVER, CLIENT]
  const pid = end === 'client' ? 11 : 22
  const times = { entered: moment(from), returned: moment(until) }
  const descriptor = end === 'client' || call === 'accept' ? 3 : 4
  return { pid, thread: pid, call, arguments: [], descriptor, transport: 'tcp', local, peer, ...times, ...more }
}

/** `client write > 4 5`, `server read < 4 waited 1.5`. */
function ties(conversation: Conversation, log: readonly Call[]): string[] {
  const { observed = [] } = callsOf(timelineOf(conversation), new CallLog(followProcesses(log)))
  return observed.map(({ by: end, call, sends, takes, waited }) => {
    const sent = sends.length > 0 ? ` > ${sends.join(' ')}` : ''
    const took = takes.length > 0 ? ` < ${takes.join(' ')}` : ''
    return `${end} ${call}${sent}${took}${waited === undefined ? '' : ` waited ${waited / 1e6}`}`
  })
}

const talk = () => new Conversation().handshake()

describe('a call is tied to its packets', () => {
  test('an opening, a write in two segments that is read in three, and who sends which FIN', () => {
    const conversation = talk()
      .client('A', { text: 'x'.repeat(1000) })
      .client('PA', { text: 'x'.repeat(500) })
      .server('A')
      .server('FA')
      .client('A')
      .client('FA')
    const log = [
      by('server', 'accept', -5, 2.2, { result: 4 }),
      by('client', 'connect', -0.5, 1.1, { result: 0 }),
      by('client', 'write', 2.5, 2.6, { result: 1500 }),
      by('server', 'read', 2.7, 3.1, { result: 400 }),
      by('server', 'read', 4.1, 4.2, { result: 700 }),
      by('server', 'read', 4.3, 4.4, { result: 400 }),
      by('server', 'close', 5.8, 5.9, { result: 0 }),
      by('client', 'read', 4.6, 6.1, { result: 0 }),
      by('client', 'shutdown', 7.5, 7.6, { arguments: ['3', 'SHUT_WR'], result: 0 }),
      by('client', 'close', 7.7, 7.8, { result: 0 }),
    ]
    expect(ties(conversation, log)).toEqual([
      'server accept < 3 waited 7',
      'client connect > 1 < 2 waited 1.5',
      'client write > 4 5',
      'server read < 4 waited 0.3',
      'server read < 4 5',
      'server read < 5',
      'client read < 7 waited 1.4',
      'server close > 7',
      'client shutdown > 9',
      'client close',
    ])
  })

  test('what is sent again belongs to no call, and nothing is tied by time where bytes say otherwise', () => {
    const conversation = talk()
      .client('PA', { text: 'one' })
      .client('PA', { at: 300, seq: 1001, text: 'one' })
      .server('A')
      .client('PA', { text: 'two' })
    const log = [
      by('client', 'connect', -0.5, 1.1, { result: 0 }),
      by('client', 'write', 2.5, 2.6, { result: 3 }),
      by('client', 'write', 299.5, 299.6, { result: 3 }),
    ]
    expect(ties(conversation, log)).toEqual([
      'client connect > 1 < 2 waited 1.5',
      'client write > 4',
      'client write > 7',
    ])
  })

  test('what the end of a killed process sends, though a tracer hears of it when it is gone', () => {
    const killed: Call = {
      pid: 22,
      thread: 22,
      call: 'ended',
      arguments: [],
      entered: moment(5.6),
      returned: moment(5.6),
      status: { signal: 'SIGSEGV' },
    }
    const accept = by('server', 'accept', -1, 2.1, { result: 4 })
    const shut = talk().client('PA', { text: 'hi' }).server('A').server('FA')
    expect(ties(shut, [accept, by('server', 'read', 2.5, 3.1, { result: 2 }), killed])).toEqual([
      'server accept < 3 waited 3',
      'server read < 4 waited 0.5',
      'server exit > 6',
    ])
    const reset = talk().client('PA', { text: 'unread' }).server('A').server('RA')
    expect(ties(reset, [accept, killed]).at(-1)).toBe('server exit > 6')
    const { observed = [] } = callsOf(timelineOf(reset), new CallLog(followProcesses([accept, killed])))
    expect(observed.at(-1)?.entered).toBe(5e6)
  })

  test('splice writes to the socket that it is given last, and reads from one that it is given first', () => {
    const conversation = talk()
      .client('PA', { text: 'one' })
      .server('PA', { text: 'one' })
      .server('PA', { text: 'two' })
    const log = [
      by('server', 'accept', -1, 2.1, { result: 4 }),
      by('server', 'splice', 2.5, 3.1, { arguments: ['4', 'NULL', '6', 'NULL', '100', '0'], result: 3 }),
      by('server', 'splice', 3.8, 4.1, { arguments: ['5', 'NULL', '4', 'NULL', '3', '0'], result: 3 }),
      by('server', 'write', 4.8, 4.9, { result: 3 }),
    ]
    expect(ties(conversation, log)).toEqual([
      'server accept < 3 waited 3',
      'server splice < 4 waited 0.5',
      'server splice > 5',
      'server write > 6',
    ])
  })

  test('close in the parent sends nothing while the child still has the socket', () => {
    const conversation = talk().server('PA', { text: 'bye' }).client('A').server('FA').client('A')
    const child = { pid: 23, thread: 23 }
    const log = [
      by('server', 'accept', -1, 2.1, { result: 4 }),
      { pid: 22, thread: 22, call: 'fork', arguments: [], result: 23, entered: moment(2.15), returned: moment(2.18) },
      by('server', 'close', 2.2, 2.3, { result: 0 }),
      by('server', 'write', 2.5, 2.6, { ...child, result: 3 }),
      by('server', 'close', 4.8, 4.9, { ...child, result: 0 }),
    ]
    const { observed = [] } = callsOf(timelineOf(conversation), new CallLog(followProcesses(log)))
    expect(observed.filter(({ sends }) => sends.includes(6)).map(({ pid, call }) => [pid, call])).toEqual([
      [23, 'close'],
    ])
  })

  test('a reset: what its receiver calls next fails for it', () => {
    const conversation = talk().client('PA', { text: 'unread' }).server('A').server('RA')
    const log = [
      by('server', 'close', 4.8, 4.9, { result: 0 }),
      by('client', 'read', 3.5, 5.2, { result: -1, errno: 'ECONNRESET' }),
    ]
    expect(ties(conversation, log)).toEqual(['client read < 6 waited 1.5', 'server close > 6'])
  })

  test('a log that begins in the middle is fitted in by the time', () => {
    const conversation = talk()
      .client('PA', { text: 'before' })
      .client('PA', { at: 50, text: 'after' })
      .server('PA', { text: 'ok' })
    const log = [by('server', 'read', 20, 49.2, { result: 5 }), by('server', 'write', 49.5, 49.6, { result: 2 })]
    expect(ties(conversation, log)).toEqual(['server read < 5 waited 29', 'server write > 6'])
  })

  test('a call is told twice only where something happens during it', () => {
    const timeline = timelineOf(talk().client('PA', { text: 'hi' }))
    const log = [by('client', 'connect', -0.5, 1.1, { result: 0 }), by('client', 'write', 2.5, 2.6, { result: 2 })]
    const { events } = withCalls(timeline, timeline.events, new CallLog(followProcesses(log)))
    const told = events.flatMap((event) =>
      event.kind === 'call' && event.by === 'client' ? [[event.call, event.moment, event.id, event.result]] : [],
    )
    expect(told).toEqual([
      ['connect', 'made', 1, undefined],
      ['connect', 'returns', 1, 0],
      ['write', 'made', 2, 2],
    ])
  })
})

describe('which frame brought a byte', () => {
  const packet = (frame: number, sequence: number, length: number): PacketEvent => ({
    kind: 'packet',
    frame,
    time: frame,
    gap: 0,
    from: 'client',
    phase: 'data',
    length,
    tcp: { flags: ['ACK'], sequence, rawSequence: 0, acknowledgment: 0, rawAcknowledgment: 0, window: 0, rawWindow: 0 },
    findings: [],
    acknowledges: [],
    received: true,
  })

  test('is the first that had it, whatever the order and the overlap', () => {
    const segments = fc.array(fc.tuple(fc.nat(60), fc.integer({ min: 1, max: 20 })), { maxLength: 30 })
    fc.assert(
      fc.property(segments, fc.nat(80), fc.integer({ min: 1, max: 30 }), (list, from, length) => {
        const stream = new ByteStream()
        const naive = new Map<number, number>()
        for (const [index, [sequence, bytes]] of list.entries()) {
          stream.add(packet(index, sequence, bytes))
          for (let at = sequence; at < sequence + bytes; at++) if (!naive.has(at)) naive.set(at, index)
        }
        const expected = new Set<number>()
        for (let at = from; at < from + length; at++) {
          const frame = naive.get(at)
          if (frame !== undefined) expected.add(frame)
        }
        expect(new Set(stream.between(from, from + length).map(({ frame }) => frame))).toEqual(expected)
      }),
    )
  })

  test('also past the end of the sequence numbers', () => {
    const stream = new ByteStream()
    for (let index = 0; index < 5; index++) stream.add(packet(index, (index * 2 ** 30 + 1) >>> 0, 2 ** 30))
    expect(stream.between(2 ** 32 + 5, 2 ** 32 + 6).map(({ frame }) => frame)).toEqual([4])
  })
})
