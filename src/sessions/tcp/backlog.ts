/** Sessions that are handed over within a thread: what is known of their segments waits here until it pays to go through it. */
import { Box } from '../../bytes/box.js'
import type { AddressTable } from '../address-table.js'
import type { Successor } from './handover.js'
import { type Ended, TakenOver } from './taken-over.js'

/** Some tens of thousands of segments: several of each session, where thousands are open. */
const BYTES = 2 * 1024 * 1024
/** pieces begin behind the first word, and at even ones */
const FIRST = 2

export class Backlog implements Successor {
  readonly #box = new Box(new ArrayBuffer(BYTES), 0, BYTES)
  readonly #takenOver: TakenOver

  /** As TakenOver's. */
  constructor(addresses: AddressTable, ended: Ended) {
    this.#takenOver = new TakenOver(addresses, ended)
    this.#box.at = FIRST
  }

  choose(): number {
    return 1
  }

  box(_which: number, words: number): Box {
    if (this.#box.room < words) this.clear()
    return this.#box
  }

  /** Goes through all that waits. */
  clear(): void {
    const box = this.#box
    const end = box.at
    box.at = FIRST
    try {
      while (box.at < end) this.#takenOver.add(box)
      this.#takenOver.open(box)
    } finally {
      // also where a line could not be written: nothing is to be gone through twice
      box.at = FIRST
    }
  }
}
