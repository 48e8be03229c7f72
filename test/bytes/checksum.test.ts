import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fold, wordSum } from '../../src/bytes/checksum.js'

/** RFC 1071 §4.1, word by word in exact integers. */
function naive(bytes: Uint8Array): number {
  let sum = 0n
  for (let at = 0; at < bytes.length; at += 2) sum += BigInt((bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0))
  while (sum > 0xffffn) sum = (sum >> 16n) + (sum & 0xffffn)
  return Number(sum)
}

test('the example of RFC 1071 §3', () => {
  const bytes = Uint8Array.of(0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7)
  expect(wordSum(new DataView(bytes.buffer), 0, bytes.length)).toBe(0xddf2)
})

test('is the naive sum, for any bytes of any length at any place', () => {
  const byte = fc.oneof(fc.constantFrom(0, 255), fc.integer({ min: 0, max: 255 }))
  const bytes = fc.array(byte, { maxLength: 300 }).map((array) => Uint8Array.from(array))
  fc.assert(
    fc.property(bytes, fc.nat(7), fc.constantFrom(0, 255), (content, before, around) => {
      const buffer = new Uint8Array(before + content.length + 7).fill(around)
      buffer.set(content, before)
      expect(wordSum(new DataView(buffer.buffer), before, before + content.length)).toBe(naive(content))
    }),
    { numRuns: 2000 },
  )
})

test('is exact for the largest packets of nothing but ones', () => {
  for (const length of [65_535, 65_575, 1 << 17]) {
    const bytes = new Uint8Array(length).fill(0xff)
    expect(wordSum(new DataView(bytes.buffer), 0, length)).toBe(naive(bytes))
  }
})

test('folding is adding modulo 2¹⁶ − 1, and keeps what is not zero from becoming it', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (sum) => {
      const positive = Math.abs(sum)
      const folded = fold(positive)
      expect(BigInt(folded) % 0xffffn).toBe(BigInt(positive) % 0xffffn)
      expect(folded === 0).toBe(positive === 0)
      expect(folded).toBeLessThanOrEqual(0xffff)
    }),
  )
})
