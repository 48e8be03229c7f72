/**
 * The segments of one direction that the other has not acknowledged yet, oldest first, as Wireshark keeps them: each
 * transmission is an entry of its own, and an ACK removes what it covers wherever it stands.
 *
 * Almost always the entries lie one after the other in sequence space. Then an ACK takes from the front; only after a
 * retransmission must it look at all of them.
 */
import { sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import type { WiresharkResult } from './result.js'
import { NONE, type SegmentPool } from './segment-pool.js'

/** No more are kept of one direction, as in Wireshark: a capture that lacks the ACKs must not fill the memory. */
export const MAX_UNACKNOWLEDGED = 10_000

export class Unacknowledged {
  count = 0
  readonly #pool: SegmentPool
  #oldest = NONE
  #newest = NONE
  /** the lowest start and the highest end, counted from the direction's base sequence number */
  #lowest = 0
  #highest = 0
  /** each entry begins at or after the end of the one before */
  #inOrder = true
  /** no entry begins before the base sequence number and ends after it */
  #regular = true

  constructor(pool: SegmentPool) {
    this.#pool = pool
  }

  clear(): void {
    if (this.#oldest !== NONE) this.#pool.release(this.#oldest, this.#newest)
    this.#oldest = NONE
    this.count = 0
  }

  get isFull(): boolean {
    return this.count >= MAX_UNACKNOWLEDGED
  }

  /** Bytes from the lowest sequence number that is not acknowledged to the highest sent: 32 bits, as a signed integer. */
  get span(): number {
    return (this.#highest - this.#lowest) | 0
  }

  append(frame: number, start: number, end: number, time: number, base: number): void {
    const slot = this.#pool.add(frame, start, end, time)
    if (this.count === 0) this.#oldest = slot
    else this.#pool.next[this.#newest] = slot
    this.#newest = slot
    this.#measure(start, end, base, this.count === 0)
    this.count++
  }

  /**
   * Removes what an ACK covers, and shortens what it covers in part. The oldest entry that ends where the ACK does is
   * the one that it acknowledges.
   */
  acknowledge(acknowledgment: number, time: number, base: number, result: WiresharkResult): void {
    if (this.count === 0) return
    const covered = sequenceDifference(acknowledgment, this.#lowest)
    if (covered <= 0 && this.#regular && this.span > 0 && sequenceBefore(acknowledgment, this.#highest)) return
    if (covered > 0 && this.#inOrder && covered <= this.span) this.#takeFromFront(acknowledgment, time, result)
    else this.#takeAnywhere(acknowledgment, time, base, result)
  }

  /** Finds the oldest entry, and how long ago it was sent. */
  findOldest(time: number, result: WiresharkResult): boolean {
    if (this.count === 0) return false
    result.rto = time - (this.#pool.time[this.#oldest] ?? 0)
    result.rtoFrame = this.#pool.frame[this.#oldest] ?? 0
    return true
  }

  /** Measures the entries again, when the base sequence number has changed. */
  rebase(base: number): void {
    const { start, end, next } = this.#pool
    let isFirst = true
    for (let slot = this.#oldest; slot !== NONE; slot = next[slot] ?? NONE) {
      this.#measure(start[slot] ?? 0, end[slot] ?? 0, base, isFirst)
      isFirst = false
    }
  }

  /** The entries lie in order: only the first ones can be covered. */
  #takeFromFront(acknowledgment: number, time: number, result: WiresharkResult): void {
    const { start, end, next } = this.#pool
    let slot = this.#oldest
    while (slot !== NONE) {
      const past = sequenceDifference(acknowledgment, end[slot] ?? 0)
      if (past < 0) break
      if (past === 0) this.#match(slot, time, result)
      const following = next[slot] ?? NONE
      this.#pool.release(slot, slot)
      this.count--
      slot = following
    }
    this.#oldest = slot
    if (slot === NONE) return
    if (sequenceBefore(start[slot] ?? 0, acknowledgment)) start[slot] = acknowledgment
    this.#lowest = start[slot] ?? 0
  }

  #takeAnywhere(acknowledgment: number, time: number, base: number, result: WiresharkResult): void {
    const { start, end, next } = this.#pool
    let slot = this.#oldest
    let kept = NONE
    this.#oldest = NONE
    while (slot !== NONE) {
      const following = next[slot] ?? NONE
      const to = end[slot] ?? 0
      const past = sequenceDifference(acknowledgment, to)
      if (past < 0) {
        if (sequenceBefore(start[slot] ?? 0, acknowledgment)) start[slot] = acknowledgment
        this.#measure(start[slot] ?? 0, to, base, kept === NONE)
        if (kept === NONE) this.#oldest = slot
        else next[kept] = slot
        kept = slot
      } else {
        if (past === 0) this.#match(slot, time, result)
        this.#pool.release(slot, slot)
        this.count--
      }
      slot = following
    }
    this.#newest = kept
    if (kept !== NONE) next[kept] = NONE
  }

  #match(slot: number, time: number, result: WiresharkResult): void {
    if (result.acksFrame !== 0) return
    result.acksFrame = this.#pool.frame[slot] ?? 0
    result.ackRtt = time - (this.#pool.time[slot] ?? 0)
  }

  /** Takes an entry into the measures of the list; its first entry begins them anew. */
  #measure(start: number, end: number, base: number, isFirst: boolean): void {
    const from = (start - base) >>> 0
    const to = (end - base) >>> 0
    if (isFirst) {
      this.#regular = this.#inOrder = from < to
      this.#lowest = start
      this.#highest = end
      return
    }
    const highest = (this.#highest - base) >>> 0
    if (from >= to) this.#regular = false
    if (from < highest || from >= to) this.#inOrder = false
    if (from < (this.#lowest - base) >>> 0) this.#lowest = start
    if (to > highest) this.#highest = end
  }
}
