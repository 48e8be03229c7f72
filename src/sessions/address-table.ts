/**
 * Addresses as one integer each, so that flow keys are three integers whatever the network. An IPv4 address is its own
 * 32 bits; an IPv6 address gets the next free number the first time it is seen.
 */
import { formatIpv4, formatIpv6 } from '../bytes/addresses.js'
import type { Box } from '../bytes/box.js'

const WORDS = 4
/** IPv6 addresses whose text is remembered, since the same few come again and again. */
const TEXTS = 4096

export class AddressTable {
  /** four big-endian words an address */
  #words = new Int32Array(64 * WORDS)
  #count = 0
  /** open addressing over the numbers, -1 empty */
  #slots = new Int32Array(128).fill(-1)
  readonly #texts = new Map<number, string>()
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  get size(): number {
    return this.#count
  }

  /** The number of the IPv6 address whose 16 bytes begin at `at`. */
  internIpv6(view: DataView, at: number): number {
    return this.#intern(view.getInt32(at), view.getInt32(at + 4), view.getInt32(at + 8), view.getInt32(at + 12))
  }

  /** Puts an IPv6 address itself into a box, as another table is to number it. */
  write(number: number, box: Box): void {
    box.writeWords(this.#words, number * WORDS, WORDS)
  }

  /** The number of the next address in the box. */
  read(box: Box): number {
    return this.#intern(box.readInt(), box.readInt(), box.readInt(), box.readInt())
  }

  #intern(a: number, b: number, c: number, d: number): number {
    const slots = this.#slots
    const mask = slots.length - 1
    const words = this.#words
    let slot = mix(mix(mix(mix(this.#seed, a), b), c), d) & mask
    for (;;) {
      const number = slots[slot] ?? -1
      if (number < 0) break
      const w = number * WORDS
      if (words[w] === a && words[w + 1] === b && words[w + 2] === c && words[w + 3] === d) return number
      slot = (slot + 1) & mask
    }
    return this.#add(slot, a, b, c, d)
  }

  #add(slot: number, a: number, b: number, c: number, d: number): number {
    const number = this.#count++
    if ((number + 1) * WORDS > this.#words.length) {
      const larger = new Int32Array(this.#words.length * 2)
      larger.set(this.#words)
      this.#words = larger
    }
    this.#words.set([a, b, c, d], number * WORDS)
    this.#slots[slot] = number
    if (this.#count * 2 > this.#slots.length) this.#rehash()
    return number
  }

  #rehash(): void {
    const slots = new Int32Array(this.#slots.length * 2).fill(-1)
    const mask = slots.length - 1
    for (let number = 0; number < this.#count; number++) {
      let hash = this.#seed
      for (let i = 0; i < WORDS; i++) hash = mix(hash, this.#words[number * WORDS + i] ?? 0)
      let slot = hash & mask
      while ((slots[slot] ?? -1) >= 0) slot = (slot + 1) & mask
      slots[slot] = number
    }
    this.#slots = slots
  }

  /** The address as text: `192.0.2.1`, `2001:db8::1` (RFC 5952). */
  format(version: number, address: number): string {
    if (version === 4) return this.#write(version, address)
    const known = this.#texts.get(address)
    if (known !== undefined) return known
    const text = this.#write(version, address)
    if (this.#texts.size >= TEXTS) this.#texts.clear()
    this.#texts.set(address, text)
    return text
  }

  #write(version: number, address: number): string {
    const scratch = new DataView(new ArrayBuffer(16))
    if (version === 4) {
      scratch.setInt32(0, address)
      return formatIpv4(scratch, 0)
    }
    for (let i = 0; i < WORDS; i++) scratch.setInt32(i * 4, this.#words[address * WORDS + i] ?? 0)
    return formatIpv6(scratch, 0)
  }
}

/** One step of a 32-bit hash (the finalizer of MurmurHash3, keyed by what came before). */
export function mix(hash: number, value: number): number {
  let h = Math.imul(hash ^ value, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  return h ^ (h >>> 16)
}
