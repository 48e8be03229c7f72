/**
 * From a pair of endpoints to a stream number, in one typed array: an open-addressing hash table whose keys are three
 * integers (see address-table.ts), the lower endpoint first so that both directions find the same entry.
 *
 * The hash is keyed with a random seed, so that nobody can write a capture whose flows all collide.
 */
import { mix } from './address-table.js'

/** An entry: two addresses, two ports, and the stream's number plus one; 0 there marks an empty one. */
const ENTRY = 4
const STREAM = 3

export class FlowTable {
  #entries: Int32Array
  #used = 0
  readonly #seed: number

  constructor(seed: number, capacity = 1024) {
    this.#seed = seed
    this.#entries = new Int32Array(capacity * ENTRY)
  }

  /** Where this key's entry is, or the empty one where it belongs. Valid until the next `set`. */
  find(a: number, b: number, ports: number): number {
    const entries = this.#entries
    const mask = entries.length - 1
    let at = (mix(mix(mix(this.#seed, a), b), ports) * ENTRY) & mask
    while (entries[at + STREAM] !== 0) {
      if (entries[at] === a && entries[at + 1] === b && entries[at + 2] === ports) break
      at = (at + ENTRY) & mask
    }
    return at
  }

  /** The stream of an entry, -1 when it is empty. */
  streamAt(at: number): number {
    return (this.#entries[at + STREAM] ?? 0) - 1
  }

  /** Puts a stream into the entry that `find` gave for the same key. */
  set(at: number, a: number, b: number, ports: number, stream: number): void {
    const entries = this.#entries
    const isNew = entries[at + STREAM] === 0
    entries[at] = a
    entries[at + 1] = b
    entries[at + 2] = ports
    entries[at + STREAM] = stream + 1
    if (isNew && ++this.#used * 2 * ENTRY > entries.length) this.#grow()
  }

  #grow(): void {
    const old = this.#entries
    this.#entries = new Int32Array(old.length * 2)
    for (let i = 0; i < old.length; i += ENTRY) {
      if (old[i + STREAM] === 0) continue
      const at = this.find(old[i] ?? 0, old[i + 1] ?? 0, old[i + 2] ?? 0)
      this.#entries.set(old.subarray(i, i + ENTRY), at)
    }
  }
}
