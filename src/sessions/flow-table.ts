/**
 * From a pair of endpoints to a stream number, in typed arrays: an open-addressing hash table whose keys are three
 * integers (see address-table.ts), the lower endpoint first so that both directions find the same entry.
 *
 * The hash is keyed with a random seed, so that nobody can write a capture whose flows all collide.
 */
import { mix } from './address-table.js'

const KEY = 3

export class FlowTable {
  #keys: Int32Array
  #streams: Int32Array
  #used = 0
  readonly #seed: number

  constructor(seed: number, capacity = 1024) {
    this.#seed = seed
    this.#keys = new Int32Array(capacity * KEY)
    this.#streams = new Int32Array(capacity).fill(-1)
  }

  /** The slot that holds this key, or the empty one where it belongs. Valid until the next `set`. */
  slotOf(a: number, b: number, ports: number): number {
    const keys = this.#keys
    const streams = this.#streams
    const mask = streams.length - 1
    let slot = mix(mix(mix(this.#seed, a), b), ports) & mask
    while ((streams[slot] ?? -1) >= 0) {
      const k = slot * KEY
      if (keys[k] === a && keys[k + 1] === b && keys[k + 2] === ports) break
      slot = (slot + 1) & mask
    }
    return slot
  }

  /** The stream in a slot, -1 when it is empty. */
  streamAt(slot: number): number {
    return this.#streams[slot] ?? -1
  }

  /** Puts a stream into a slot that `slotOf` gave for the same key. */
  set(slot: number, a: number, b: number, ports: number, stream: number): void {
    const isNew = (this.#streams[slot] ?? -1) < 0
    const k = slot * KEY
    this.#keys[k] = a
    this.#keys[k + 1] = b
    this.#keys[k + 2] = ports
    this.#streams[slot] = stream
    if (isNew && ++this.#used * 2 > this.#streams.length) this.#grow()
  }

  #grow(): void {
    const keys = this.#keys
    const streams = this.#streams
    this.#keys = new Int32Array(keys.length * 2)
    this.#streams = new Int32Array(streams.length * 2).fill(-1)
    for (let i = 0; i < streams.length; i++) {
      const stream = streams[i] ?? -1
      if (stream < 0) continue
      const a = keys[i * KEY] ?? 0
      const b = keys[i * KEY + 1] ?? 0
      const ports = keys[i * KEY + 2] ?? 0
      const slot = this.slotOf(a, b, ports)
      this.#keys[slot * KEY] = a
      this.#keys[slot * KEY + 1] = b
      this.#keys[slot * KEY + 2] = ports
      this.#streams[slot] = stream
    }
  }
}
