/** Packets as lists of bytes, and the numbers in them in network order. */
import type { Random } from '../../support/random.js'

export type Bytes = readonly number[]

export function u16(value: number): Bytes {
  return [(value >> 8) & 255, value & 255]
}

export function u16le(value: number): Bytes {
  return [value & 255, (value >> 8) & 255]
}

export function u32(value: number): Bytes {
  return [(value >>> 24) & 255, (value >>> 16) & 255, (value >>> 8) & 255, value & 255]
}

export function u32le(value: number): Bytes {
  return [...u32(value)].reverse()
}

/** `count` bytes of the same value: no application protocol that another program might see in them. */
export function filler(count: number, value = 0xee): Bytes {
  return new Array<number>(Math.max(0, count)).fill(value)
}

export function noise(random: Random, count: number): Bytes {
  return Array.from({ length: count }, () => random.below(256))
}

/** The right number nearly always, and else one that lies: small, large, or just beside it. */
export function mostly(random: Random, right: number, limit: number, honesty = 0.93): number {
  if (random.chance(honesty)) return right
  const lie = random.pick([0, 1, right - 1, right + 1, right - 4, right + 4, right >> 1, right * 2, limit - 1])
  return Math.min(Math.max(lie, 0), limit - 1)
}
