/** The datagram that a call sent or took, found without looking at each: the same one as when each is looked at. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ANY, Arrived, Sent } from '../../src/timeline/calls/tie/queue.js'
import type { PacketEvent } from '../../src/timeline/model.js'

class Naive {
  readonly packets: readonly PacketEvent[]
  #next = 0

  constructor(packets: readonly PacketEvent[]) {
    this.packets = packets
  }

  take(fits: (packet: PacketEvent) => boolean, leave = false): number[] {
    const index = this.packets.findIndex((packet, at) => at >= this.#next && fits(packet))
    if (index >= 0 && !leave) this.#next = index + 1
    return this.packets.slice(index, index + 1).flatMap(({ frame }) => (index < 0 ? [] : [frame]))
  }
}

const packets = fc.array(fc.tuple(fc.nat(4), fc.nat(12)), { maxLength: 24 }).map((list) =>
  list.map(([length, time], index): PacketEvent => {
    const known = { findings: [], acknowledges: [], received: true, gap: 0 }
    return { kind: 'packet', frame: index + 1, time, from: 'client', phase: 'data', length, ...known }
  }),
)

test('of what was sent', () => {
  const calls = fc.array(fc.tuple(fc.nat(4), fc.nat(12)), { maxLength: 24 })
  fc.assert(
    fc.property(packets, calls, (all, made) => {
      const [fast, naive] = [new Sent(all), new Naive(all)]
      for (const [length, from] of made.toSorted((a, b) => a[1] - b[1]))
        expect(fast.take(length, from)).toEqual(naive.take((one) => one.length === length && one.time >= from))
    }),
    { numRuns: 500 },
  )
})

test('of what arrived, where times run backwards, too', () => {
  const calls = fc.array(fc.tuple(fc.integer({ min: ANY, max: 4 }), fc.nat(12), fc.boolean()), { maxLength: 24 })
  fc.assert(
    fc.property(packets, calls, (all, made) => {
      const [fast, naive] = [new Arrived(all), new Naive(all)]
      for (const [length, until, leave] of made) {
        const fits = (one: PacketEvent) =>
          one.time <= until && (length === ANY || one.length === length || (one.length > length && length > 0))
        expect(fast.take(length, until, leave)).toEqual(naive.take(fits, leave))
      }
    }),
    { numRuns: 500 },
  )
})
