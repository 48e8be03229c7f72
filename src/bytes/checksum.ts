/** The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of all 16-bit words. */

/** The folded sum of the big-endian 16-bit words in [from, to) of `view`; an odd last byte counts as the upper half of a word. */
export function wordSum(view: DataView, from: number, to: number): number {
  return swap(fold(swappedSum(view, from, to)))
}

/**
 * The same with the two bytes of each word swapped, and not folded: sums of several stretches can be added, and folded once.
 *
 * 2¹⁶ ≡ 1 in ones' complement arithmetic, so that 32-bit words add up to the same; their sum is exact in a double for up to
 * 2²¹ words. The sum does not depend on the byte order either, but for its own (RFC 1071 §2): little-endian reads are what
 * processors do. Measured over 1460 bytes: 8 GB/s, where big-endian doubles reached 5.3, halves of 32-bit words added as
 * integers 5.5, and 16-bit words 1.8.
 */
export function swappedSum(view: DataView, from: number, to: number): number {
  let at = from
  // two sums, so that one addition need not wait for the other
  let even = 0
  let odd = 0
  for (; at + 32 <= to; at += 32) {
    even +=
      view.getUint32(at, true) +
      view.getUint32(at + 4, true) +
      view.getUint32(at + 8, true) +
      view.getUint32(at + 12, true)
    odd +=
      view.getUint32(at + 16, true) +
      view.getUint32(at + 20, true) +
      view.getUint32(at + 24, true) +
      view.getUint32(at + 28, true)
  }
  for (; at + 4 <= to; at += 4) even += view.getUint32(at, true)
  if (at + 2 <= to) {
    odd += view.getUint16(at, true)
    at += 2
  }
  if (at < to) odd += view.getUint8(at)
  return even + odd
}

/** A 16-bit word with its bytes swapped. */
export function swap(word: number): number {
  return ((word & 0xff) << 8) | (word >>> 8)
}

/** Folds a sum into 16 bits, carries added back in. */
export function fold(sum: number): number {
  const low = sum >>> 0
  const high = (sum - low) / 2 ** 32
  let folded = (low >>> 16) + (low & 0xffff) + (high >>> 16) + (high & 0xffff)
  folded = (folded >>> 16) + (folded & 0xffff)
  return (folded >>> 16) + (folded & 0xffff)
}
