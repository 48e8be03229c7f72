/** Unacknowledged segments that lie anywhere, in no order: sent again, or beside what was sent before. */
import { sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { NONE, type SegmentPool } from './segment-pool.js'

export class Strays {
  count = 0
  first = NONE
  #last = NONE
  readonly #pool: SegmentPool

  constructor(pool: SegmentPool) {
    this.#pool = pool
  }

  clear(): void {
    if (this.count > 0) this.#pool.release(this.first, this.#last)
    this.count = 0
    this.first = this.#last = NONE
  }

  /** Takes in a list of segments. */
  add(oldest: number, newest: number, count: number): void {
    if (this.count === 0) this.first = oldest
    else this.#pool.setNext(this.#last, oldest)
    this.#last = newest
    this.count += count
  }

  /**
   * Removes what an ACK covers, and shortens what it covers in part.
   *
   * @returns the slot of the oldest segment that ended exactly where the ACK does, or `NONE`
   */
  acknowledge(acknowledgment: number): number {
    const pool = this.#pool
    let match = NONE
    let kept = NONE
    let slot = this.first
    while (slot !== NONE) {
      const following = pool.next(slot)
      const past = sequenceDifference(acknowledgment, pool.end(slot))
      if (past < 0) {
        if (sequenceBefore(pool.start(slot), acknowledgment)) pool.setStart(slot, acknowledgment)
        if (kept === NONE) this.first = slot
        else pool.setNext(kept, slot)
        kept = slot
      } else {
        if (past === 0) match = pool.older(match, slot)
        pool.release(slot, slot)
        this.count--
      }
      slot = following
    }
    this.#last = kept
    if (kept === NONE) this.first = NONE
    else pool.setNext(kept, NONE)
    return match
  }

  /** The slot of the one that was sent first, or `NONE`. */
  oldest(): number {
    let oldest = NONE
    for (let slot = this.first; slot !== NONE; slot = this.#pool.next(slot)) oldest = this.#pool.older(oldest, slot)
    return oldest
  }
}
