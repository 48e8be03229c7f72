/** First in, first out, of 32-bit integers: a ring in a typed array that grows as needed. */
export class NumberQueue {
  #items = new Int32Array(64)
  #head = 0
  length = 0

  push(item: number): void {
    if (this.length === this.#items.length) this.#grow()
    this.#items[(this.#head + this.length) & (this.#items.length - 1)] = item
    this.length++
  }

  /** The oldest item; -1 when there is none. */
  shift(): number {
    if (this.length === 0) return -1
    const item = this.#items[this.#head] ?? -1
    this.#head = (this.#head + 1) & (this.#items.length - 1)
    this.length--
    return item
  }

  #grow(): void {
    const items = new Int32Array(this.#items.length * 2)
    const mask = this.#items.length - 1
    for (let i = 0; i < this.length; i++) items[i] = this.#items[(this.#head + i) & mask] ?? 0
    this.#items = items
    this.#head = 0
  }
}
