/** Which datagram an ICMP error is about. */
import { expect, test } from 'vitest'
import type { IcmpEvent } from '../../src/timeline/model.js'
import { quotedIn } from '../../src/timeline/quoted.js'
import { segment } from '../render/timelines.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

const MANY = 2000
const packets = Array.from({ length: MANY }, (_, i) =>
  segment(2 * i + 1, i, i % 2 === 0 ? 'client' : 'server', [], { seq: 0, ack: 0, win: 0 }),
)

function error(frame: number, about: 'client' | 'server', quotes?: number): IcmpEvent {
  const which = quotes === undefined ? {} : { quotes }
  return { kind: 'icmp', by: '10.0.0.1', time: 0, gap: 0, frame, about, version: 4, type: 3, code: 3, ...which }
}

test('the one that it quotes, or the last of that end before it', () => {
  const frameOf = (one: IcmpEvent) => quotedIn(one, packets)?.frame
  expect(frameOf(error(20, 'client', 5))).toBe(5)
  expect(frameOf(error(20, 'client', 6))).toBeUndefined()
  expect([frameOf(error(20, 'client')), frameOf(error(20, 'server'))]).toEqual([17, 19])
  expect([frameOf(error(2, 'client')), frameOf(error(2, 'server'))]).toEqual([1, undefined])
})

test('of TCP, the segment that its sequence number is of, while it waits for its acknowledgment', () => {
  const errorsOf = (talk: Conversation) => timelineOf(talk).events.filter((event) => event.kind === 'icmp')
  const twoSegments = new Conversation().handshake().client('PA', { text: 'one' }).client('PA', { text: 'two' })
  expect(errorsOf(twoSegments.error(20, 3, 13))).toMatchObject([{ quotes: 5, by: '192.168.56.254', onTheWay: true }])
  const acknowledged = new Conversation().handshake().client('A').error(20, 3, 13)
  expect(errorsOf(acknowledged)[0]).not.toHaveProperty('quotes')
})

test('of as many errors as datagrams, the session is looked through once', () => {
  let reads = 0
  const counted = new Proxy(packets, {
    get(list, key, receiver) {
      reads++
      return Reflect.get(list, key, receiver)
    },
  })
  for (let frame = 2; frame < 2 * MANY; frame += 2) {
    quotedIn(error(frame, 'client', frame - 1), counted)
    quotedIn(error(frame, 'server'), counted)
  }
  expect(reads).toBeLessThan(5 * MANY)
})
