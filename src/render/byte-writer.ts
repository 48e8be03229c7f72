/**
 * Output as bytes, built in one buffer and handed on in large pieces. Where millions of lines are written, this is what
 * keeps the cost of a line below that of what it says.
 */

const SIZE = 256 * 1024
const ZERO = 0x30
const LETTER_A = 0x61
const MAX_INT32 = 0x7fff_ffff

export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafe(SIZE)
  #length = 0
  readonly #drain: (bytes: Uint8Array) => void

  /** `drain` is called with what was written, whenever there is enough of it; the bytes are reused once it returns. */
  constructor(drain: (bytes: Uint8Array) => void) {
    this.#drain = drain
  }

  text(text: string): void {
    // a UTF-16 code unit is at most three bytes of UTF-8
    this.#reserve(text.length * 3)
    this.#length += this.#bytes.write(text, this.#length)
  }

  /** Text whose characters are all below U+0080. */
  ascii(text: string): void {
    const length = text.length
    this.#reserve(length)
    const bytes = this.#bytes
    let at = this.#length
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i)
    this.#length = at
  }

  /** One byte. */
  byte(byte: number): void {
    this.#reserve(1)
    this.#bytes[this.#length++] = byte
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length)
    this.#bytes.set(bytes, this.#length)
    this.#length += bytes.length
  }

  /** A non-negative integer in decimal, with zeros before it up to `digits`. */
  unsigned(value: number, digits = 1): void {
    if (value > MAX_INT32) {
      this.ascii(String(value).padStart(digits, '0'))
      return
    }
    this.#reserve(16)
    let end = this.#length + Math.max(digits, digitsOf(value))
    const start = this.#length
    this.#length = end
    const bytes = this.#bytes
    let rest = value | 0
    while (end > start) {
      const tenth = (rest / 10) | 0
      bytes[--end] = ZERO + (rest - tenth * 10)
      rest = tenth
    }
  }

  /** The low `digits` hexadecimal digits of a 32-bit integer, in lower case. */
  hex(value: number, digits: number): void {
    this.#reserve(digits)
    const bytes = this.#bytes
    for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      const digit = (value >>> shift) & 15
      bytes[this.#length++] = digit < 10 ? ZERO + digit : LETTER_A + digit - 10
    }
  }

  /** Hands on what has been written. */
  flush(): void {
    if (this.#length === 0) return
    const written = this.#bytes.subarray(0, this.#length)
    // what is written while the drain fails is not to be written again
    this.#length = 0
    this.#drain(written)
  }

  #reserve(length: number): void {
    if (this.#length + length <= this.#bytes.length) return
    this.flush()
    if (length > this.#bytes.length) this.#bytes = Buffer.allocUnsafe(length)
  }
}

function digitsOf(value: number): number {
  if (value < 1e5) return value < 10 ? 1 : value < 100 ? 2 : value < 1e3 ? 3 : value < 1e4 ? 4 : 5
  return value < 1e6 ? 6 : value < 1e7 ? 7 : value < 1e8 ? 8 : value < 1e9 ? 9 : 10
}
