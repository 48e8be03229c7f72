/** Unacknowledged segments that lie anywhere, in no order: sent again, or beside what was sent before. */
import { sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { NONE, type SegmentPool } from './segment-pool.js'

export class Strays {
  count = 0
  first = NONE
  /** the slot of the one that was sent first, or `NONE` */
  oldest = NONE
  #last = NONE
  readonly #pool: SegmentPool

  constructor(pool: SegmentPool) {
    this.#pool = pool
  }

  clear(): void {
    if (this.count > 0) this.#pool.release(this.first, this.#last)
    this.count = 0
    this.first = this.oldest = this.#last = NONE
  }

  /** Takes in a list of segments, in the order in which they were sent. */
  add(oldest: number, newest: number, count: number): void {
    if (this.count === 0) this.first = oldest
    else this.#pool.setNext(this.#last, oldest)
    this.#last = newest
    this.oldest = this.#pool.older(this.oldest, oldest)
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
    let oldest = NONE
    let slot = this.first
    while (slot !== NONE) {
      const following = pool.next(slot)
      const past = sequenceDifference(acknowledgment, pool.end(slot))
      if (past < 0) {
        if (sequenceBefore(pool.start(slot), acknowledgment)) pool.setStart(slot, acknowledgment)
        if (kept === NONE) this.first = slot
        else pool.setNext(kept, slot)
        kept = slot
        oldest = pool.older(oldest, slot)
      } else {
        if (past === 0) match = pool.older(match, slot)
        pool.release(slot, slot)
        this.count--
      }
      slot = following
    }
    this.#last = kept
    this.oldest = oldest
    if (kept === NONE) this.first = NONE
    else pool.setNext(kept, NONE)
    return match
  }
}
