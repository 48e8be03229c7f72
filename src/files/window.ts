/**
 * The part of a file that is in memory: one buffer, reused, with one view on it. What is left of a record that is not
 * whole yet moves to the front, and the file's next bytes come after it.
 */
import { type Input, InputDamage } from './input.js'

/**
 * What stays in a processor's second cache until it has been gone through: with 1 MiB a capture of many small packets took a twentieth
 * longer, one of large ones as long; 16 MiB were slower still. A small file needs less.
 */
const SIZE = 256 * 1024
const SMALLEST = 64 * 1024

export class Window {
  /** the buffer; anew only when it grew */
  view: DataView
  /** the bytes not consumed yet are [start, end) of `view` */
  start = 0
  end = 0
  /** set when the input itself is broken: nothing comes after what is in the window */
  damage: InputDamage | undefined
  #bytes: Uint8Array
  /** of the buffer, so much is filled next: little at first, so that what V8 compiles has come to the end of a window before */
  #part: number
  readonly #input: Input
  /** offset in the file (as decompressed) of the buffer's first byte */
  #base = 0

  /** @param expected bytes of the file, where that is known */
  constructor(input: Input, expected = SIZE) {
    this.#input = input
    this.#bytes = new Uint8Array(Math.min(Math.max(expected, SMALLEST), SIZE))
    this.view = new DataView(this.#bytes.buffer)
    this.#part = SMALLEST
  }

  /** Where byte `at` of the view lies in the file, as decompressed. */
  offset(at: number): number {
    return this.#base + at
  }

  /** The bytes that are there and not consumed. Good until the next `fill`. */
  head(): Uint8Array {
    return this.#bytes.subarray(this.start, this.end)
  }

  /**
   * Reads on, at least until `wanted` bytes from `start` on are there, and more where that costs nothing. False when
   * the file ends before.
   */
  async fill(wanted: number): Promise<boolean> {
    this.#makeRoom(wanted)
    do {
      let length: number
      try {
        const read = this.#input.read(this.#nextPart(wanted), this.end)
        length = typeof read === 'number' ? read : await read
      } catch (error) {
        if (!(error instanceof InputDamage)) throw error
        this.damage = error
        return false
      }
      if (length === 0) return false
      this.end += length
    } while (this.end - this.start < wanted)
    return true
  }

  #nextPart(wanted: number): Uint8Array {
    const part = Math.max(this.#part, this.start + wanted)
    if (part >= this.#bytes.length) return this.#bytes
    this.#part *= 2
    return this.#bytes.subarray(0, part)
  }

  #makeRoom(wanted: number): void {
    const old = this.#bytes
    if (wanted > old.length) {
      this.#bytes = new Uint8Array(2 ** Math.ceil(Math.log2(wanted)))
      this.#bytes.set(old.subarray(this.start, this.end))
      this.view = new DataView(this.#bytes.buffer)
    } else {
      old.copyWithin(0, this.start, this.end)
    }
    this.#base += this.start
    this.end -= this.start
    this.start = 0
  }
}
