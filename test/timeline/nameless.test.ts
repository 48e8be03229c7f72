/** A log without the names of its sockets: which session is whose, shows when it was opened, when it ended, and what it carried. */
import { expect, test } from 'vitest'
import type { Call } from '../../src/calls/call.js'
import { later } from '../../src/calls/moment.js'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { nameSockets } from '../../src/timeline/calls/nameless.js'
import { CallLog } from '../../src/timeline/calls/observe.js'
import { Conversation } from '../support/conversation.js'
import { timelinesOf } from '../support/timelines.js'

/** So many ms after the first packet. */
function at(ms: number) {
  return later({ seconds: 999, nanoseconds: 1e6 }, 1, Math.round(ms * 1e6))
}

function call(pid: number, name: string, from: number, more: Partial<Call>): Call {
  return {
    pid,
    thread: pid,
    call: name,
    arguments: [],
    descriptor: 3,
    entered: at(from),
    returned: at(from + 5),
    ...more,
  }
}

test('who made its socket first may connect last', () => {
  const first = new Conversation(40001).handshake()
  const second = new Conversation(40002).client('S', { at: 3 }).server('SA').client('A')
  const timelines = timelinesOf([...first.frames, ...second.frames].sort((a, b) => a.time - b.time))
  const socket = { arguments: ['AF_INET', 'SOCK_STREAM', 'IPPROTO_IP'], result: 3 }
  const connect = { peer: '192.168.56.10:51717', transport: 'tcp', result: 0 } as const
  const log = [
    { ...call(11, 'socket', 0.1, socket), returned: at(0.11) },
    { ...call(22, 'socket', 0.2, socket), returned: at(0.21) },
    call(22, 'connect', 0.5, connect),
    call(11, 'connect', 1.5, connect),
  ]
  const named = nameSockets(
    log,
    followProcesses(log),
    timelines.map(({ summary }) => summary),
  )
  expect(named.flatMap(({ call: name, pid, local }) => (name === 'connect' ? [[pid, local]] : []))).toEqual([
    [22, '192.168.56.1:40001'],
    [11, '192.168.56.1:40002'],
  ])
})

/** Who is named what, of two clients that connect at the same time, each with a line and an end of its own. */
function namesOf(lines: readonly [string, string], closes: readonly [number, number]) {
  const frames = [40001, 40002].flatMap((port, index) => {
    const text = lines[index] ?? ''
    const talk = new Conversation(port)
      .client('S', { at: 1 + index / 10 })
      .server('SA')
      .client('A')
    return talk.client('PA', { text }).client('FA', { at: 1 + (closes[index] ?? 0) }).frames
  })
  const timelines = timelinesOf(frames.sort((a, b) => a.time - b.time))
  // whose entry was noted first, connected last
  const log = [1, 0].flatMap((index) => {
    const pid = [11, 22][index] ?? 0
    const connect = { peer: '192.168.56.10:51717', transport: 'tcp', result: 0 } as const
    return [
      {
        ...call(pid, 'socket', -1, { arguments: ['AF_INET', 'SOCK_STREAM', 'IPPROTO_IP'], result: 3 }),
        returned: at(-0.9),
      },
      call(pid, 'connect', index === 1 ? -0.4 : -0.3, connect),
      call(pid, 'write', 6, { result: lines[index]?.length ?? 0 }),
      call(pid, 'close', closes[index] ?? 0, { result: 0 }),
    ]
  })
  const named = nameSockets(
    log,
    followProcesses(log),
    timelines.map(({ summary }) => summary),
  )
  return new Map(named.flatMap(({ call: name, pid, local }) => (name === 'connect' ? [[pid, local]] : [])))
}

test.each([
  ['carried as much', ['one', 'longer'], [30, 30]],
  ['ended when it did', ['one', 'two'], [30, 42]],
] as const)('of those that were opened together, the session that %s', (_, lines, closes) => {
  const names = namesOf(lines, closes)
  expect([names.get(11), names.get(22)]).toEqual(['192.168.56.1:40001', '192.168.56.1:40002'])
})

/** A datagram of 5 bytes over IPv4, without checksums. */
function datagram(ms: number, from: readonly [host: number, port: number], to: readonly [host: number, port: number]) {
  const view = new DataView(new ArrayBuffer(47))
  view.setUint16(12, 0x0800)
  view.setUint16(14, 0x4500)
  view.setUint16(16, 33)
  view.setUint16(22, 0x4011)
  for (const [index, [host, port]] of [from, to].entries()) {
    view.setUint32(26 + 4 * index, 0xc0a83800 + host)
    view.setUint16(34 + 2 * index, port)
  }
  view.setUint16(38, 13)
  return { bytes: new Uint8Array(view.buffer), time: ms * 1e6 }
}

test('a datagram is of one session, also where two clients ask the same server', () => {
  const server = [10, 9877] as const
  const frames = [40001, 40002].flatMap((port, index) => [
    datagram(1 + index / 10, [1, port], server),
    datagram(1.05 + index / 10, server, [1, port]),
  ])
  const summaries = timelinesOf(frames.sort((a, b) => a.time - b.time)).map(({ summary }) => summary)
  const log = [11, 22].flatMap((pid, index) => {
    const sent = { arguments: ['3', '"hello"', '5', '0', '{…}', '16'], peer: '192.168.56.10:9877', result: 5 }
    return [
      {
        ...call(pid, 'socket', -1, { arguments: ['AF_INET', 'SOCK_DGRAM', 'IPPROTO_IP'], result: 3 }),
        returned: at(-0.9),
      },
      { ...call(pid, 'sendto', -0.1 + index / 10, sent), returned: at(0.02 + index / 10) },
      { ...call(pid, 'recv', 0.03 + index / 10, { result: 5 }), returned: at(0.06 + index / 10) },
    ]
  })
  const calls = new CallLog(followProcesses(nameSockets(log, followProcesses(log), summaries)))
  const own = summaries.map((summary) => calls.of(summary).calls.map(({ pid, call: name }) => `${pid} ${name}`))
  expect(own).toEqual([
    ['11 socket', '11 sendto', '11 recv'],
    ['22 socket', '22 sendto', '22 recv'],
  ])
})
