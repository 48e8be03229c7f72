/**
 * Output as bytes, built in one buffer. Where lines are written by the million, this is what keeps the cost of a line below
 * that of what it says: no string is made, and nothing is left for the garbage collector.
 */

const SIZE = 256 * 1024
const LINE = 4096
const ZERO = 0x30
const MINUS = 0x2d
const LETTER_A = 0x61
const MAX_INT32 = 0x7fff_ffff
const BILLION = 1e9

/** Bytes that are appended one after the other; the buffer grows as needed. */
export class ByteBuffer {
  protected buffer: Buffer
  length = 0

  constructor(size = LINE) {
    this.buffer = Buffer.allocUnsafe(size)
  }

  text(text: string): void {
    // a UTF-16 code unit is at most three bytes of UTF-8
    this.reserve(text.length * 3)
    this.length += this.buffer.write(text, this.length)
  }

  /** Text whose characters are all below U+0080. */
  ascii(text: string): void {
    const length = text.length
    this.reserve(length)
    const bytes = this.buffer
    let at = this.length
    for (let i = 0; i < length; i++) bytes[at++] = text.charCodeAt(i)
    this.length = at
  }

  /** One byte. */
  byte(byte: number): void {
    this.reserve(1)
    this.buffer[this.length++] = byte
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  /** A number without a fraction, in decimal, as JSON has it. */
  integer(value: number): void {
    if (value < 0) {
      this.byte(MINUS)
      this.integer(-value)
    } else if (value <= MAX_INT32) this.unsigned(value)
    else if (value > Number.MAX_SAFE_INTEGER) this.ascii(String(value))
    else {
      const high = Math.floor(value / BILLION)
      this.integer(high)
      this.unsigned(value - high * BILLION, 9)
    }
  }

  /** A non-negative integer in decimal, with zeros before it up to `digits`. */
  unsigned(value: number, digits = 1): void {
    if (value > MAX_INT32) {
      this.ascii(String(value).padStart(digits, '0'))
      return
    }
    this.reserve(16)
    let rest = value | 0
    let end = this.length + Math.max(digits, digitsOf(rest))
    const start = this.length
    this.length = end
    const bytes = this.buffer
    while (end > start) {
      const tenth = (rest / 10) | 0
      bytes[--end] = ZERO + (rest - tenth * 10)
      rest = tenth
    }
  }

  /** The low `digits` hexadecimal digits of a 32-bit integer, in lower case. */
  hex(value: number, digits: number): void {
    this.reserve(digits)
    const bytes = this.buffer
    for (let shift = (digits - 1) * 4; shift >= 0; shift -= 4) {
      const digit = (value >>> shift) & 15
      bytes[this.length++] = digit < 10 ? ZERO + digit : LETTER_A + digit - 10
    }
  }

  /** What has been written, and the buffer empty again; good until the next write. */
  take(): Uint8Array {
    const written = this.buffer.subarray(0, this.length)
    this.length = 0
    return written
  }

  protected reserve(length: number): void {
    if (this.length + length <= this.buffer.length) return
    const old = this.buffer
    this.buffer = Buffer.allocUnsafe(Math.max(old.length * 2, this.length + length))
    this.buffer.set(old.subarray(0, this.length))
  }
}

/** Bytes that are handed on in large pieces. */
export class ByteWriter extends ByteBuffer {
  readonly #drain: (bytes: Uint8Array) => void

  /** `drain` is called with what was written, whenever there is enough of it; the bytes are reused once it returns. */
  constructor(drain: (bytes: Uint8Array) => void) {
    super(SIZE)
    this.#drain = drain
  }

  /** Hands on what has been written. */
  flush(): void {
    // what is written while the drain fails is not to be written again
    if (this.length > 0) this.#drain(this.take())
  }

  protected override reserve(length: number): void {
    if (this.length + length <= this.buffer.length) return
    this.flush()
    if (length > this.buffer.length) this.buffer = Buffer.allocUnsafe(length)
  }
}

function digitsOf(value: number): number {
  if (value < 1e5) return value < 10 ? 1 : value < 100 ? 2 : value < 1e3 ? 3 : value < 1e4 ? 4 : 5
  return value < 1e6 ? 6 : value < 1e7 ? 7 : value < 1e8 ? 8 : value < 1e9 ? 9 : 10
}
