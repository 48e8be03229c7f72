import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sequenceAdd, sequenceAfter, sequenceBefore, sequenceDifference } from '../../src/bytes/sequence.js'

const CIRCLE = 1n << 32n

/** `a` minus `b` on the circle, in exact integers: from −2³¹ to 2³¹ − 1. */
function naive(a: number, b: number): bigint {
  const forward = (BigInt(a) - BigInt(b)) % CIRCLE
  const positive = (forward + CIRCLE) % CIRCLE
  return positive >= CIRCLE / 2n ? positive - CIRCLE : positive
}

/** As it comes from the wire, and near where the circle closes more often than elsewhere. */
const wire = fc.oneof(
  fc.integer({ min: 0, max: 0xffffffff }),
  fc.integer({ min: 0, max: 3 }),
  fc.integer({ min: 0xfffffffc, max: 0xffffffff }),
  fc.integer({ min: 0x7ffffffe, max: 0x80000001 }),
)

describe('agrees with exact integers', () => {
  test('differences and order', () => {
    fc.assert(
      fc.property(wire, wire, (a, b) => {
        expect(BigInt(sequenceDifference(a | 0, b | 0))).toBe(naive(a, b))
        expect(sequenceBefore(a | 0, b | 0)).toBe(naive(a, b) < 0n)
        expect(sequenceAfter(a | 0, b | 0)).toBe(naive(a, b) > 0n)
      }),
    )
  })

  test('addition', () => {
    fc.assert(
      fc.property(wire, fc.integer({ min: 0, max: 0x7fffffff }), (a, length) => {
        expect(BigInt(sequenceAdd(a | 0, length) >>> 0)).toBe((BigInt(a) + BigInt(length)) % CIRCLE)
      }),
    )
  })
})
