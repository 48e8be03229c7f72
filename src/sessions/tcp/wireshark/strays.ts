/** Unacknowledged segments that lie anywhere, in no order: sent again, or beside what was sent before. */
import { sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { NONE, type SegmentPool } from './segment-pool.js'

/** Numbers this near to each other, and to an ACK, compare as if they never wrapped: less than a quarter of their space. */
const NEAR = 1_000_000_000

export class Strays {
  count = 0
  /** the lowest start and the highest end, where `isSpanKnown`: not when they lie too far apart to be compared */
  lowest = 0
  highest = 0
  isSpanKnown = false
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
    let slot = oldest
    for (let i = 0; i < count; i++) {
      this.#span(slot, this.count + i === 0)
      slot = this.#pool.next(slot)
    }
    this.count += count
  }

  /**
   * Removes what an ACK covers, and shortens what it covers in part.
   *
   * @returns the slot of the oldest segment that ended exactly where the ACK does, or `NONE`
   */
  acknowledge(acknowledgment: number): number {
    if (this.#areAllBeyond(acknowledgment)) return NONE
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
        this.#span(slot, kept === NONE)
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

  /** Thousands may be outstanding, and most ACKs cover none of them. */
  #areAllBeyond(acknowledgment: number): boolean {
    const ahead = sequenceDifference(this.lowest, acknowledgment)
    return this.isSpanKnown && ahead >= 0 && ahead < NEAR
  }

  /** Takes a segment into the span; the first begins it anew. */
  #span(slot: number, isFirst: boolean): void {
    const start = this.#pool.start(slot)
    const end = this.#pool.end(slot)
    if (isFirst) {
      this.isSpanKnown = true
      this.lowest = start
      this.highest = end
    }
    const length = sequenceDifference(end, start)
    const isNear = length > 0 && length < NEAR && Math.abs(sequenceDifference(start, this.lowest)) < NEAR
    if (!isNear) this.isSpanKnown = false
    if (!this.isSpanKnown) return
    if (sequenceBefore(start, this.lowest)) this.lowest = start
    if (sequenceBefore(this.highest, end)) this.highest = end
    if (sequenceDifference(this.highest, this.lowest) >= NEAR) this.isSpanKnown = false
  }
}
