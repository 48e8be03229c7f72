/**
 * The segments of one direction that the other has not acknowledged yet, oldest first, as Wireshark keeps them: each
 * transmission is an entry of its own, and an ACK removes what it covers wherever it stands.
 *
 * Almost always the entries lie one after the other in sequence space. Then an ACK takes from the front; only after a
 * retransmission must it look at all of them.
 */
import { sequenceAfter } from '../../../bytes/sequence.js'
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
    this.#newest = NONE
    this.count = 0
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
    if (this.#regular && ((this.#lowest - acknowledgment) | 0) >= 0 && ((this.#highest - acknowledgment) | 0) > 0) return
    const covered = (acknowledgment - this.#lowest) | 0
    if (this.#inOrder && covered > 0 && covered <= this.span) this.#takeFromFront(acknowledgment, time, result)
    else this.#takeAnywhere(acknowledgment, time, base, result)
  }

  /** The slot of the oldest entry that begins at `sequence` or after it, or `NONE`. */
  oldestFrom(sequence: number): number {
    const { start, next } = this.#pool
    let slot = this.#oldest
    while (slot !== NONE && ((start[slot] ?? 0) - sequence) | 0 < 0) slot = next[slot] ?? NONE
    return slot
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

  #takeFromFront(acknowledgment: number, time: number, result: WiresharkResult): void {
    const { start, end, next } = this.#pool
    let slot = this.#oldest
    while (slot !== NONE) {
      const past = (acknowledgment - (end[slot] ?? 0)) | 0
      if (past < 0) break
      if (past === 0) this.#match(slot, time, result)
      const following = next[slot] ?? NONE
      this.#pool.release(slot, slot)
      this.count--
      slot = following
    }
    this.#oldest = slot
    if (slot === NONE) {
      this.#newest = NONE
      return
    }
    if (sequenceAfter(acknowledgment, start[slot] ?? 0)) start[slot] = acknowledgment
    this.#lowest = start[slot] ?? 0
  }

  #takeAnywhere(acknowledgment: number, time: number, base: number, result: WiresharkResult): void {
    const { start, end, next } = this.#pool
    let isFirst = true
    let matched = false
    let previous = NONE
    let slot = this.#oldest
    while (slot !== NONE) {
      const following = next[slot] ?? NONE
      const from = start[slot] ?? 0
      const to = end[slot] ?? 0
      const isExact = to === acknowledgment
      if (isExact && !matched) {
        matched = true
        this.#match(slot, time, result)
      }
      const isCovered = isExact || ...
    }
  }
}
