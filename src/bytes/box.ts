/**
 * Numbers and texts, one after the other, in memory that two threads may share: read back in the order in which they were written,
 * without any object in between. Whoever writes looks first whether there is room.
 */
export class Box {
  readonly ints: Int32Array
  readonly floats: Float64Array
  readonly #units: Uint16Array
  readonly #bytes: Uint8Array
  /** the next word to be written, or read */
  at = 0

  /** @param from the first byte; a multiple of 8, as `length` is */
  constructor(memory: ArrayBufferLike, from: number, length: number) {
    this.ints = new Int32Array(memory, from, length >> 2)
    this.floats = new Float64Array(memory, from, length >> 3)
    this.#units = new Uint16Array(memory, from, length >> 1)
    this.#bytes = new Uint8Array(memory, from, length)
  }

  /** 32-bit words that are left. */
  get room(): number {
    return this.ints.length - this.at
  }

  /** Goes on at an even word. */
  align(): void {
    this.at += this.at & 1
  }

  writeInt(value: number): void {
    this.ints[this.at++] = value
  }

  readInt(): number {
    return this.ints[this.at++] ?? 0
  }

  writeFloat(value: number): void {
    this.floats[this.#nextFloat()] = value
  }

  readFloat(): number {
    return this.floats[this.#nextFloat()] ?? 0
  }

  writeText(text: string): void {
    const { length } = text
    this.writeInt(length)
    const units = this.#units
    const start = this.at * 2
    for (let index = 0; index < length; index++) units[start + index] = text.charCodeAt(index)
    this.at += (length + 1) >> 1
  }

  readText(): string {
    const length = this.readInt()
    const units = this.#units
    const start = this.at * 2
    this.at += (length + 1) >> 1
    let text = ''
    // spread into one call, they take three times as long
    for (let index = 0; index < length; index++) text += String.fromCharCode(units[start + index] ?? 0)
    return text
  }

  writeBytes(bytes: Uint8Array): void {
    this.writeInt(bytes.length)
    this.#bytes.set(bytes, this.at * 4)
    this.at += (bytes.length + 3) >> 2
  }

  /** They stay in the box. */
  readBytes(): Uint8Array {
    const length = this.readInt()
    const start = this.at * 4
    this.at += (length + 3) >> 2
    return this.#bytes.subarray(start, start + length)
  }

  /** Copies `count` words of `source`, from `from` on. */
  writeWords(source: Int32Array, from: number, count: number): void {
    const { ints, at } = this
    for (let index = 0; index < count; index++) ints[at + index] = source[from + index] ?? 0
    this.at = at + count
  }

  /** Copies as many to `target`, from `to` on. */
  readWords(target: Int32Array, to: number, count: number): void {
    const { ints, at } = this
    for (let index = 0; index < count; index++) target[to + index] = ints[at + index] ?? 0
    this.at = at + count
  }

  /** Where the next float lies, which is passed over; floats begin at even words. */
  #nextFloat(): number {
    const place = (this.at + 1) >> 1
    this.at = 2 * place + 2
    return place
  }
}
