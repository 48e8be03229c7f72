/** Unacknowledged segments in no order, against a list that is searched through each time. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sequenceBefore, sequenceDifference } from '../../../../src/bytes/sequence.js'
import { NONE, SegmentPool } from '../../../../src/sessions/tcp/wireshark/segment-pool.js'
import { Strays } from '../../../../src/sessions/tcp/wireshark/strays.js'

interface Segment {
  readonly frame: number
  start: number
  readonly end: number
}

class Reference {
  segments: Segment[] = []

  acknowledge(acknowledgment: number): number {
    const past = ({ end }: Segment) => sequenceDifference(acknowledgment, end)
    const match = this.segments.find((segment) => past(segment) === 0)?.frame
    this.segments = this.segments.filter((segment) => past(segment) < 0)
    for (const segment of this.segments) {
      if (sequenceBefore(segment.start, acknowledgment)) segment.start = acknowledgment
    }
    return match ?? NONE
  }
}

/** Near one place of the sequence space, about its wrap, or anywhere. */
const sequence = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 1000, max: 1040 }) },
  { weight: 3, arbitrary: fc.integer({ min: -20, max: 20 }) },
  { weight: 2, arbitrary: fc.integer({ min: 980, max: 1060 }).map((near) => (near + 2 ** 31) | 0) },
  { weight: 1, arbitrary: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }) },
)
const step = fc.oneof(
  fc.record({ start: sequence, length: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ acknowledgment: sequence }),
)

test('what an ACK covers goes, what it covers in part is shortened, wherever the numbers lie', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const pool = new SegmentPool()
      const strays = new Strays(pool)
      const reference = new Reference()
      for (const [frame, one] of steps.entries()) {
        if ('start' in one) {
          const end = (one.start + one.length) | 0
          const slot = pool.add(frame, one.start, end, 0)
          strays.add(slot, slot, 1)
          reference.segments.push({ frame, start: one.start, end })
        } else {
          const match = strays.acknowledge(one.acknowledgment)
          expect(match === NONE ? NONE : pool.frame(match)).toBe(reference.acknowledge(one.acknowledgment))
        }
        const kept: Segment[] = []
        for (let slot = strays.first; slot !== NONE; slot = pool.next(slot)) {
          kept.push({ frame: pool.frame(slot), start: pool.start(slot), end: pool.end(slot) })
        }
        expect(kept).toEqual(reference.segments)
        expect(strays.count).toBe(kept.length)
        expect(strays.oldest === NONE ? undefined : pool.frame(strays.oldest)).toBe(kept[0]?.frame)
        if (!strays.isSpanKnown || kept.length === 0) continue
        const least = kept.reduce((low, { start }) => (sequenceBefore(start, low) ? start : low), kept[0]?.start ?? 0)
        const most = kept.reduce((high, { end }) => (sequenceBefore(high, end) ? end : high), kept[0]?.end ?? 0)
        expect([strays.lowest, strays.highest]).toEqual([least, most])
      }
    }),
    // what is left of one from half the space away is as long as that
    {
      numRuns: 2000,
      examples: [[[{ start: -2147482644, length: 0 }, { acknowledgment: 1004 }, { acknowledgment: 1000 }]]],
    },
  )
})

test('an ACK that covers none of thousands looks at none', () => {
  let looks = 0
  class Counted extends SegmentPool {
    override end(slot: number): number {
      looks++
      return super.end(slot)
    }
  }
  const pool = new Counted()
  const strays = new Strays(pool)
  for (let frame = 0; frame < 5000; frame++) {
    const slot = pool.add(frame, 1000, 1001, 0)
    strays.add(slot, slot, 1)
  }
  looks = 0
  for (let i = 0; i < 100; i++) strays.acknowledge(1000)
  expect(looks).toBe(0)
  strays.acknowledge(1001)
  expect(strays.count).toBe(0)
})
