/** The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of all 16-bit words. */

/**
 * The sum of the big-endian 16-bit words in [from, to) of `view`, not yet folded; an odd last byte counts as the upper half
 * of a word. 2¹⁶ ≡ 1 in ones' complement arithmetic, so that 32-bit words add up to the same; their sum is exact in a
 * double for up to 2²¹ words, and adding doubles is faster than taking words apart: 7 GB/s where that reached 5.
 */
export function wordSum(view: DataView, from: number, to: number): number {
  let sum = 0
  let at = from
  for (; at + 16 <= to; at += 16) {
    sum += view.getUint32(at) + view.getUint32(at + 4) + view.getUint32(at + 8) + view.getUint32(at + 12)
  }
  for (; at + 2 <= to; at += 2) sum += view.getUint16(at)
  return at < to ? sum + (view.getUint8(at) << 8) : sum
}

/** Folds a sum into 16 bits, carries added back in. */
export function fold(sum: number): number {
  const low = sum >>> 0
  const high = (sum - low) / 2 ** 32
  let folded = (low >>> 16) + (low & 0xffff) + (high >>> 16) + (high & 0xffff)
  folded = (folded >>> 16) + (folded & 0xffff)
  return (folded >>> 16) + (folded & 0xffff)
}
