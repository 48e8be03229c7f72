import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SequenceRanges } from '../../../src/sessions/tcp/sequence-ranges.js'

describe('SequenceRanges', () => {
  it('counts each byte once, in whatever order and overlap it comes, across the wrap of sequence numbers', () => {
    const piece = fc.record({ offset: fc.nat(200), length: fc.nat(40) })
    fc.assert(
      fc.property(fc.integer(), fc.array(piece, { maxLength: 40 }), (isn, pieces) => {
        const ranges = new SequenceRanges()
        ranges.start(isn | 0)
        const seen = new Set<number>()
        for (const { offset, length } of pieces) {
          let fresh = 0
          for (let i = offset; i < offset + length; i++) {
            if (!seen.has(i)) fresh++
            seen.add(i)
          }
          expect(ranges.add((isn + offset) | 0, length)).toBe(fresh)
          let contiguous = 0
          while (seen.has(contiguous)) contiguous++
          expect(ranges.next).toBe((isn + contiguous) | 0)
        }
      }),
    )
  })

  it('goes on after what the receiver acknowledged though it was never seen', () => {
    const ranges = new SequenceRanges()
    ranges.start(100)
    ranges.add(200, 50)
    ranges.skipTo(200)
    expect(ranges.next).toBe(250)
    expect(ranges.holes).toBe(0)
  })

  it('keeps a bounded number of holes', () => {
    const ranges = new SequenceRanges()
    ranges.start(0)
    for (let i = 1; i <= 1000; i++) ranges.add(i * 10, 1)
    expect(ranges.holes).toBeLessThanOrEqual(64)
    ranges.add(0, 11)
    expect(ranges.next).toBe(11)
  })
})
