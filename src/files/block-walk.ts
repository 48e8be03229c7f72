/** Finds where the blocks of a pcapng file begin and end, and the byte order of the section that they are in. */
import { MAX_RECORD } from './pcap-layout.js'
import { Block, BlockType, BYTE_ORDER_MAGIC, padded, SectionHeader } from './pcapng-layout.js'

export class BlockWalk {
  /** byte order of the current section */
  little = true
  /** bytes that the block where `next` gave 0 needs, as far as is known */
  wanted: number = Block.minimum
  /** why the block where `next` gave 0 cannot be read; undefined when it is just not whole yet */
  broken: string | undefined

  /** Where the block at `at` ends, or 0 when [at, end) does not hold all of it or it cannot be read. */
  next(view: DataView, at: number, end: number): number {
    this.wanted = Block.minimum
    if (at + Block.minimum > end) return 0
    if (view.getUint32(at) === BlockType.section && !this.#readByteOrder(view, at)) return 0
    const { little } = this
    const length = view.getUint32(at + Block.totalLength, little)
    if (length < Block.minimum || length > MAX_RECORD) {
      this.broken = `a block length of ${length} bytes`
      return 0
    }
    // some writers forget that the length counts the padding
    const next = at + padded(length)
    if (next > end) {
      this.wanted = next - at
      return 0
    }
    const trailer = view.getUint32(next - Block.trailer, little)
    if (trailer !== length) {
      this.broken = `a block length of ${length} bytes before it and one of ${trailer} after it`
      return 0
    }
    return next
  }

  /** A section header's byte order comes before its length can be read. */
  #readByteOrder(view: DataView, at: number): boolean {
    if (view.getUint32(at + SectionHeader.byteOrder, true) === BYTE_ORDER_MAGIC) this.little = true
    else if (view.getUint32(at + SectionHeader.byteOrder, false) === BYTE_ORDER_MAGIC) this.little = false
    else this.broken = 'no byte order in its section header'
    return this.broken === undefined
  }
}
