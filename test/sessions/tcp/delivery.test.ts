import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Delivery, deliver, deliverUpTo, type Holes, startDelivery } from '../../../src/sessions/tcp/delivery.js'

function stream(first: number): { to: Delivery; holes: Holes } {
  const to = { traffic: { deliveredNext: 0, hasDelivered: 0 }, hasHoles: 0, at: 0 }
  startDelivery(to, first)
  return { to, holes: new Map() }
}

describe('delivery', () => {
  it('counts each byte once, in whatever order and overlap it comes, across the wrap of sequence numbers', () => {
    const piece = fc.record({ offset: fc.nat(200), length: fc.nat(40) })
    fc.assert(
      fc.property(fc.integer(), fc.array(piece, { maxLength: 40 }), (isn, pieces) => {
        const { to, holes } = stream(isn | 0)
        const seen = new Set<number>()
        for (const { offset, length } of pieces) {
          let fresh = 0
          for (let i = offset; i < offset + length; i++) {
            if (!seen.has(i)) fresh++
            seen.add(i)
          }
          expect(deliver(to, holes, (isn + offset) | 0, length)).toBe(fresh)
          let contiguous = 0
          while (seen.has(contiguous)) contiguous++
          expect(to.traffic.deliveredNext).toBe((isn + contiguous) | 0)
        }
      }),
    )
  })

  it('goes on after what the receiver acknowledged though it was never seen', () => {
    const { to, holes } = stream(100)
    deliver(to, holes, 200, 50)
    deliverUpTo(to, holes, 200)
    expect(to.traffic.deliveredNext).toBe(250)
    expect(holes.size).toBe(0)
  })

  it('keeps a bounded number of holes', () => {
    const { to, holes } = stream(0)
    for (let i = 1; i <= 1000; i++) deliver(to, holes, i * 10, 1)
    expect(holes.get(0)?.length).toBeLessThanOrEqual(128)
    deliver(to, holes, 0, 11)
    expect(to.traffic.deliveredNext).toBe(11)
  })
})
