/** A log without the names of its sockets: which connection is whose, shows the order in which they were asked for. */
import { expect, test } from 'vitest'
import type { Call } from '../../src/calls/call.js'
import { later } from '../../src/calls/moment.js'
import { followProcesses } from '../../src/calls/processes/follow.js'
import { nameSockets } from '../../src/timeline/calls/nameless.js'
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
