/**
 * Output as bytes, built in one buffer. Where lines are written by the million, this is what keeps the cost of a line below
 * that of what it says: no string is made, and nothing is left for the garbage collector.
 */
import { printableJson } from '../bytes/printable.js'

const SIZE = 256 * 1024
const LINE = 4096
const ZERO = 0x30
const MINUS = 0x2d
const QUOTE = 0x22
const BACKSLASH = 0x5c
const LETTER_A = 0x61
const DELETE = 0x7f
const SOFT_HYPHEN = 0xad
const MAX_INT32 = 0x7fff_ffff
const BILLION = 1e9
/** No number takes more bytes. */
const LONGEST_NUMBER = 24

/** Of what is not ASCII: a letter or sign that is plainly visible, and two bytes of UTF-8. */
function isLatin(code: number): boolean {
  return code >= 0xa0 && code < 0x300 && code !== SOFT_HYPHEN
}

/** Constant text. It is copied a word of four bytes at a time, so that the last one may have bytes to spare. */
export class Fragment {
  readonly words: Int32Array
  readonly length: number

  /** @param text whose characters are all below U+0080 */
  constructor(text: string) {
    this.length = text.length
    this.words = new Int32Array((text.length + 3) >> 2)
    const view = new DataView(this.words.buffer)
    for (let i = 0; i < text.length; i++) view.setUint8(i, text.charCodeAt(i))
    for (let word = 0; word < this.words.length; word++) this.words[word] = view.getInt32(word * 4, true)
  }
}

/** `00` to `99` as little-endian words: digits are written two at a time. */
const PAIRS = Uint16Array.from({ length: 100 }, (_, n) => ((ZERO + (n % 10)) << 8) | (ZERO + Math.floor(n / 10)))
/** `0.` to `255.`, what IPv4 addresses are made of. */
const OCTETS = Array.from({ length: 256 }, (_, octet) => new Fragment(`${octet}.`))

/** Bytes that are appended one after the other; the buffer grows as needed. */
export class ByteBuffer {
  protected buffer: Buffer
  #view: DataView
  length = 0

  constructor(size = LINE) {
    this.buffer = Buffer.allocUnsafeSlow(size)
    this.#view = new DataView(this.buffer.buffer)
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

  /** A string as `printableJson` has it, quotes and escapes included. */
  json(text: string): void {
    const { length } = text
    this.reserve(length * 2 + 2)
    const bytes = this.buffer
    let at = this.length
    bytes[at++] = QUOTE
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i)
      if (code < 0x20 || code === QUOTE || code === BACKSLASH || (code >= DELETE && !isLatin(code))) {
        this.text(printableJson(text))
        return
      }
      if (code >= 0x80) {
        bytes[at++] = 0xc0 | (code >> 6)
        bytes[at++] = 0x80 | (code & 0x3f)
      } else bytes[at++] = code
    }
    bytes[at++] = QUOTE
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

  fragment({ words, length }: Fragment): void {
    this.reserve(length + 4)
    const view = this.#view
    const at = this.length
    for (let word = 0; word < words.length; word++) view.setInt32(at + word * 4, words[word] ?? 0, true)
    this.length = at + length
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
    this.reserve(LONGEST_NUMBER)
    const view = this.#view
    let rest = value | 0
    const start = this.length
    let at = start + Math.max(digits, digitsOf(rest))
    this.length = at
    while (at > start + 1) {
      const hundredth = (rest / 100) | 0
      at -= 2
      view.setUint16(at, PAIRS[rest - hundredth * 100] ?? 0, true)
      rest = hundredth
    }
    if (at > start) view.setUint8(start, ZERO + rest)
  }

  /** An IPv4 address: `192.0.2.1`. */
  ipv4(address: number): void {
    for (let shift = 24; shift >= 0; shift -= 8) {
      const octet = OCTETS[(address >>> shift) & 0xff]
      if (octet !== undefined) this.fragment(octet)
    }
    // the last one has a dot too many
    this.length--
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

  /** Makes sure that there is room for so many bytes more. */
  protected reserve(length: number): void {
    if (this.length + length > this.buffer.length) this.#grow(length)
  }

  #grow(length: number): void {
    const old = this.buffer
    this.resize(Math.max(old.length * 2, this.length + length))
    this.buffer.set(old.subarray(0, this.length))
  }

  /** Begins a new buffer. */
  protected resize(size: number): void {
    this.buffer = Buffer.allocUnsafeSlow(size)
    this.#view = new DataView(this.buffer.buffer)
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
    if (length > this.buffer.length) this.resize(length)
  }
}

function digitsOf(value: number): number {
  if (value < 1e5) return value < 10 ? 1 : value < 100 ? 2 : value < 1e3 ? 3 : value < 1e4 ? 4 : 5
  return value < 1e6 ? 6 : value < 1e7 ? 7 : value < 1e8 ? 8 : value < 1e9 ? 9 : 10
}
