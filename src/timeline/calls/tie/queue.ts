/**
 * Datagrams that no call has been found for yet, in their order. Those that are passed over were lost, or dropped. A log may have
 * as many calls as a capture has datagrams, and none of these be the right one: what fits is found without looking at each.
 */
import { push } from '../../../bytes/lists.js'
import type { PacketEvent } from '../../model.js'

/** Sent ones: looked for by their length, by calls in the order in which they were entered. */
export class Sent {
  readonly #byLength = new Map<number, { readonly packet: PacketEvent; readonly index: number }[]>()
  /** by length, how many of these are behind us */
  readonly #passed = new Map<number, number>()
  #next = 0

  constructor(packets: readonly PacketEvent[]) {
    for (const [index, packet] of packets.entries()) push(this.#byLength, packet.length, { packet, index })
  }

  /** The frame of the next one of this length that was not sent before `from`. */
  take(length: number, from: number): number[] {
    const list = this.#byLength.get(length) ?? []
    let at = this.#passed.get(length) ?? 0
    // what is too early for this call is so for all that come after it
    for (let each = list[at]; each !== undefined; each = list[++at])
      if (each.index >= this.#next && each.packet.time >= from) break
    const found = list[at]
    this.#passed.set(length, found === undefined ? at : at + 1)
    if (found === undefined) return []
    this.#next = found.index + 1
    return [found.packet.frame]
  }
}

/** Nodes that are looked at for one call: times that run backwards have many in vain. */
const MOST_LOOKED_AT = 1000

/** Any datagram will do. */
export const ANY = -1

/** Arrived ones: a tree of halves, each with the longest and the shortest datagram in it and the earliest time. */
export class Arrived {
  readonly #packets: readonly PacketEvent[]
  readonly #leaves: number
  readonly #longest: Float64Array
  readonly #shortest: Float64Array
  readonly #earliest: Float64Array
  #next = 0
  #left = 0

  constructor(packets: readonly PacketEvent[]) {
    this.#packets = packets
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, packets.length)))
    this.#longest = new Float64Array(2 * this.#leaves).fill(-1)
    this.#shortest = new Float64Array(2 * this.#leaves).fill(Number.POSITIVE_INFINITY)
    this.#earliest = new Float64Array(2 * this.#leaves).fill(Number.POSITIVE_INFINITY)
    for (const [index, { length, time }] of packets.entries()) {
      this.#longest[this.#leaves + index] = length
      this.#shortest[this.#leaves + index] = length
      this.#earliest[this.#leaves + index] = time
    }
    for (let node = this.#leaves - 1; node > 0; node--) {
      this.#longest[node] = Math.max(this.#longest[2 * node] ?? 0, this.#longest[2 * node + 1] ?? 0)
      this.#shortest[node] = Math.min(this.#shortest[2 * node] ?? 0, this.#shortest[2 * node + 1] ?? 0)
      this.#earliest[node] = Math.min(this.#earliest[2 * node] ?? 0, this.#earliest[2 * node + 1] ?? 0)
    }
  }

  /** The frame of the next one that had come by `until` and has at least this length; none at all, where that is 0. */
  take(length: number, until: number, leave = false): number[] {
    this.#left = MOST_LOOKED_AT
    const index = this.#find(1, 0, this.#leaves, length, until)
    const packet = index === undefined ? undefined : this.#packets[index]
    if (index === undefined || packet === undefined) return []
    if (!leave) this.#next = index + 1
    return [packet.frame]
  }

  /** In the leaves of a node: `size` of them, from `first` on. */
  #find(node: number, first: number, size: number, length: number, until: number): number | undefined {
    if (first + size <= this.#next || this.#left-- <= 0) return undefined
    if ((this.#earliest[node] ?? until) > until || (this.#longest[node] ?? -1) < length) return undefined
    if (length === 0 && (this.#shortest[node] ?? 0) > 0) return undefined
    if (size === 1) return first
    const half = size / 2
    return (
      this.#find(2 * node, first, half, length, until) ?? this.#find(2 * node + 1, first + half, half, length, until)
    )
  }
}
