/** A read is tied to its datagram also where its log has it return too early; never to one that came when its thread had gone on. */
import { expect, test } from 'vitest'
import type { ObservedCall } from '../../src/timeline/calls/observe.js'
import { tieDatagrams } from '../../src/timeline/calls/tie/datagrams.js'
import type { PacketEvent } from '../../src/timeline/model.js'

const MS = 1e6

/** From the client, at so many ms. */
function datagram(frame: number, at: number): PacketEvent {
  const known = { findings: [], acknowledges: [], received: true, gap: 0 }
  return { kind: 'packet', frame, time: at * MS, from: 'client', phase: 'data', length: 20, ...known }
}

/** Of the server's thread, from one ms to another. */
function read(from: number, until: number, thread = 7): ObservedCall {
  const times = { entered: from * MS, returned: until * MS }
  return { by: 'server', on: 'socket', pid: 7, thread, call: 'recvfrom', arguments: [], result: 20, ...times }
}

function takesOf(packets: readonly PacketEvent[], calls: readonly ObservedCall[]) {
  const ties = tieDatagrams('server', packets, [], calls)
  return calls.map((call) => ties.get(call)?.takes)
}

test('a tracer that was held up after it had noted the entry counts the duration from too early', () => {
  expect(takesOf([datagram(1, 5), datagram(2, 20)], [read(1, 2), read(8, 21)])).toEqual([[1], [2]])
})

test.each([
  ['its thread had made its next call', [read(1, 2), read(4, 6)], [[], [1]]],
  ['it was held up for longer than a tracer is', [read(-60, -59), read(50, 51)], [[], [1]]],
  ['nothing came after it that its thread did', [read(1, 2)], [[]]],
  ['another thread made the next call', [read(1, 2), read(9, 10, 8)], [[], [1]]],
])('%s when the datagram came', (_, calls, takes) => {
  expect(takesOf([datagram(1, 5)], calls)).toEqual(takes)
})
