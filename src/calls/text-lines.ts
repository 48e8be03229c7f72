/**
 * Lines of text that comes in chunks of bytes, of any size. Each is decoded by itself, so that whoever keeps a part of one
 * does not keep the chunk; one that is longer than it may be is never held.
 */

/** Bytes. A line longer than this is of no log of calls: the strings in it have a limit (strace -s). */
export const MAX_LINE = 1 << 20
const LINE_FEED = 10
const CARRIAGE_RETURN = 13

export class TextLines {
  readonly #most: number
  /** of the line that has not ended */
  #parts: Uint8Array[] = []
  #length = 0

  /** @param most bytes of a line */
  constructor(most = MAX_LINE) {
    this.#most = most
  }

  /** The lines that end in this chunk, without their ends; undefined for one that is too long. */
  *take(chunk: Uint8Array): Generator<string | undefined> {
    let start = 0
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      this.#add(chunk.subarray(start, end))
      yield this.#line()
      start = end + 1
    }
    // a copy, which a Buffer's own slice is not: whoever reads may use its bytes again
    this.#add(new Uint8Array(chunk.subarray(start)))
  }

  /** The last line, where no line feed ends it. */
  *end(): Generator<string | undefined> {
    if (this.#length > 0) yield this.#line()
  }

  #add(part: Uint8Array): void {
    this.#length += part.length
    if (this.#length > this.#most) this.#parts = []
    else if (part.length > 0) this.#parts.push(part)
  }

  #line(): string | undefined {
    const parts = this.#parts
    const isTooLong = this.#length > this.#most
    this.#parts = []
    this.#length = 0
    if (isTooLong) return undefined
    const [only = new Uint8Array()] = parts
    const bytes = parts.length > 1 ? Buffer.concat(parts) : only
    const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length
    return Buffer.from(bytes.buffer, bytes.byteOffset, end).toString()
  }
}
