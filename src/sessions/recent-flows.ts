/**
 * Where the sessions are that spoke lately: a small table in front of the flow tables, which hold every flow that ever was.
 * With thousands of sessions open those are too large for the processor's caches; this fits, and answers for nearly every
 * packet. Each key has one place: who comes later takes it, and whoever is not found here is looked for there.
 */
import type { FlowKey } from './flow-key.js'
import type { Slab } from './record.js'
import { Hot } from './session.js'

/** 128 KiB: twice the places that sessions in a busy capture take. */
const PLACES = 32_768

const { ipVersion: VERSION, a: A, b: B, ports: PORTS } = Hot.offsets

export class RecentFlows {
  /** slots, plus one */
  readonly #places = new Int32Array(PLACES)
  readonly #slab: Slab

  /** @param slab holds the hot records, by which a slot is known to be the one */
  constructor(slab: Slab) {
    this.#slab = slab
  }

  /** The slot of the flow's session; -1 when it is not known here. */
  find(version: number, key: FlowKey): number {
    const slot = (this.#places[placeOf(key)] ?? 0) - 1
    if (slot < 0) return -1
    const { ints } = this.#slab
    const at = this.#slab.offset(slot)
    const isIt =
      ints[at + A] === key.a &&
      ints[at + B] === key.b &&
      ints[at + PORTS] === key.ports &&
      ints[at + VERSION] === version
    return isIt ? slot : -1
  }

  /** The flow's session is in `slot`, whose record says so. */
  note(key: FlowKey, slot: number): void {
    this.#places[placeOf(key)] = slot + 1
  }
}

/** Nobody gains by making keys collide here, but that each packet takes the longer way. */
function placeOf({ a, b, ports }: FlowKey): number {
  const hash = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b) ^ ports
  return Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35) >>> 17
}
