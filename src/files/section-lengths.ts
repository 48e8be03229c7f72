/** A section header may say how long its section is: when blocks of it grow or shrink, it must go on saying so. */
import { BlockType, SectionHeader } from './pcapng-layout.js'
import type { RawBlock } from './raw-block.js'

/** Overwrites bytes that were written before. */
export type Patch = (bytes: Uint8Array, position: number) => void

export class SectionLengths {
  readonly #patch: Patch
  /** what the section's header says; below zero: it does not say */
  #length = -1n
  #little = true
  /** where the length stands in what is written */
  #position = 0
  #growth = 0

  constructor(patch: Patch) {
    this.#patch = patch
  }

  /** A block is about to be written at `position`, with `length` bytes in the place of its own. */
  add(block: RawBlock, length: number, position: number): void {
    if (block.type !== BlockType.section) {
      this.#growth += length - block.bytes.length
      return
    }
    this.end()
    this.#little = block.little
    this.#position = position + SectionHeader.sectionLength
    this.#growth = 0
    const { buffer, byteOffset, byteLength } = block.bytes
    this.#length =
      byteLength < SectionHeader.options
        ? -1n
        : new DataView(buffer, byteOffset).getBigInt64(SectionHeader.sectionLength, block.little)
  }

  /** There are no more blocks. */
  end(): void {
    if (this.#growth === 0 || this.#length < 0n) return
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigInt64(0, this.#length + BigInt(this.#growth), this.#little)
    this.#patch(bytes, this.#position)
  }
}
