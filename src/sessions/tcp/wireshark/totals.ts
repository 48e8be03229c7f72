/** What the first pass over a capture has learned of each stream, for the second: 28 bytes a stream, by `tcp.stream`. */
import type { Conversation } from './conversation.js'

export class WiresharkTotals {
  /** two to a stream, one a direction */
  #bases = new Int32Array(512)
  #scales = new Int8Array(512)
  #completeness = new Uint8Array(256)
  /** bits 0 and 1: the base of that direction is known; bit 2: Fast Open data was seen; bit 3: the stream was saved */
  #flags = new Uint8Array(256)
  #initialRtt = new Float64Array(256)
  #synTime = new Float64Array(256)

  save(stream: number, from: Conversation): void {
    while (stream >= this.#flags.length) this.#grow()
    const [numbering0, numbering1] = from.numbering
    this.#bases[2 * stream] = numbering0.base
    this.#bases[2 * stream + 1] = numbering1.base
    this.#scales[2 * stream] = numbering0.windowScale
    this.#scales[2 * stream + 1] = numbering1.windowScale
    this.#completeness[stream] = from.completeness
    this.#flags[stream] = numbering0.isBaseKnown | (numbering1.isBaseKnown << 1) | (from.hasFastOpenData << 2) | 8
    this.#initialRtt[stream] = from.initialRtt
    this.#synTime[stream] = from.synTime
  }

  /** False when the stream was never saved: `to` is as new then. */
  restore(stream: number, to: Conversation): boolean {
    to.reset()
    const flags = this.#flags[stream] ?? 0
    if (flags === 0) return false
    const [numbering0, numbering1] = to.numbering
    numbering0.base = this.#bases[2 * stream] ?? 0
    numbering1.base = this.#bases[2 * stream + 1] ?? 0
    numbering0.windowScale = this.#scales[2 * stream] ?? 0
    numbering1.windowScale = this.#scales[2 * stream + 1] ?? 0
    numbering0.isBaseKnown = flags & 1
    numbering1.isBaseKnown = (flags >> 1) & 1
    to.completeness = this.#completeness[stream] ?? 0
    to.hasFastOpenData = (flags >> 2) & 1
    to.initialRtt = this.#initialRtt[stream] ?? 0
    to.synTime = this.#synTime[stream] ?? Number.NaN
    return true
  }

  #grow(): void {
    this.#bases = twice(this.#bases, new Int32Array(this.#bases.length * 2))
    this.#scales = twice(this.#scales, new Int8Array(this.#scales.length * 2))
    this.#completeness = twice(this.#completeness, new Uint8Array(this.#completeness.length * 2))
    this.#flags = twice(this.#flags, new Uint8Array(this.#flags.length * 2))
    this.#initialRtt = twice(this.#initialRtt, new Float64Array(this.#initialRtt.length * 2))
    this.#synTime = twice(this.#synTime, new Float64Array(this.#synTime.length * 2))
  }
}

function twice<T extends Int32Array | Int8Array | Uint8Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}
