/**
 * The segments of one direction that the other has not acknowledged yet, as Wireshark keeps them: each transmission is
 * an entry of its own, and an ACK removes what it covers wherever it stands.
 *
 * Almost all are sent in order, and an ACK takes them from the front. Only the others must be looked at one by one.
 */
import { sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import type { Slab } from '../../record.js'
import { FlowRecord } from './flow-record.js'
import { SCALE_UNKNOWN } from './numbering.js'
import type { WiresharkResult } from './result.js'
import { NONE, type SegmentPool } from './segment-pool.js'
import { Strays } from './strays.js'

/** No more are kept of one direction, as in Wireshark: a capture that lacks the ACKs must not fill the memory. */
export const MAX_OUTSTANDING = 10_000

export class Outstanding extends FlowRecord {
  readonly #pool: SegmentPool
  /** of the directions that have any, by place of the record */
  readonly #allStrays: Map<number, Strays>

  constructor(slab: Slab, pool: SegmentPool, strays: Map<number, Strays>) {
    super(slab)
    this.#pool = pool
    this.#allStrays = strays
  }

  reset(): void {
    if (this.inOrder > 0) this.#pool.release(this.oldest, this.newest)
    this.#strays?.clear()
    if (this.hasStrays !== 0) this.#allStrays.delete(this.at)
    this.base = 0
    this.isBaseKnown = 0
    this.windowScale = SCALE_UNKNOWN
    this.inOrder = 0
    this.hasStrays = 0
  }

  /** All are in order. */
  get areInOrder(): boolean {
    return this.hasStrays === 0 || this.#strays?.count === 0
  }

  get outstanding(): number {
    return this.inOrder + (this.#strays?.count ?? 0)
  }

  /** From the lowest sequence number that is outstanding to the highest: 32 bits, as a signed integer. */
  get span(): number {
    return sequenceDifference(this.highest, this.lowest)
  }

  append(start: number, end: number, { frame, time }: WiresharkResult): void {
    const pool = this.#pool
    const isFirst = this.outstanding === 0
    const slot = pool.add(frame, start, end, time)
    const from = (start - this.base) >>> 0
    const last = this.inOrder === 0 ? 0 : (pool.end(this.newest) - this.base) >>> 0
    if (from >= last && from < (end - this.base) >>> 0) {
      if (this.inOrder === 0) this.oldest = slot
      else pool.setNext(this.newest, slot)
      this.newest = slot
      this.inOrder++
    } else {
      this.#needStrays().add(slot, slot, 1)
    }
    this.#measure(start, end, isFirst)
  }

  /** Removes what an ACK covers. The oldest segment that ends where the ACK does is the one that it acknowledges. */
  acknowledge(acknowledgment: number, result: WiresharkResult): void {
    if (this.outstanding === 0) return
    const pool = this.#pool
    let match = this.#takeInOrder(acknowledgment)
    const strays = this.#strays
    if (strays !== undefined && strays.count > 0) {
      match = pool.older(match, strays.acknowledge(acknowledgment))
      this.#measureAll()
    } else if (this.inOrder > 0) this.lowest = pool.start(this.oldest)
    if (match === NONE) return
    result.acksFrame = pool.frame(match)
    result.ackRtt = result.time - pool.time(match)
  }

  /** Finds the segment that was sent first, and how long ago. False when there is none. */
  findOldest(result: WiresharkResult): boolean {
    const pool = this.#pool
    const oldest = pool.older(this.inOrder === 0 ? NONE : this.oldest, this.#strays?.oldest ?? NONE)
    if (oldest === NONE) return false
    result.rto = result.time - pool.time(oldest)
    result.rtoFrame = pool.frame(oldest)
    return true
  }

  /** What was in order may not be any more, counted from another number. */
  rebase(base: number): void {
    this.base = base
    this.#scatter()
    this.#measureAll()
  }

  get #strays(): Strays | undefined {
    return this.hasStrays === 0 ? undefined : this.#allStrays.get(this.at)
  }

  #needStrays(): Strays {
    const strays = this.#strays ?? new Strays(this.#pool)
    this.hasStrays = 1
    this.#allStrays.set(this.at, strays)
    return strays
  }

  #takeInOrder(acknowledgment: number): number {
    if (this.inOrder === 0) return NONE
    const pool = this.#pool
    const lowest = pool.start(this.oldest)
    const highest = pool.end(this.newest)
    const covered = sequenceDifference(acknowledgment, lowest)
    const isBelow = covered <= 0 && sequenceBefore(acknowledgment, highest)
    if (sequenceDifference(highest, lowest) <= 0 || (covered <= 0 && !isBelow)) {
      // half the sequence space away: to be asked of each segment by itself
      this.#scatter()
      return NONE
    }
    return isBelow ? NONE : this.#takeFront(acknowledgment)
  }

  #takeFront(acknowledgment: number): number {
    const pool = this.#pool
    let match = NONE
    let slot = this.oldest
    while (slot !== NONE) {
      const past = sequenceDifference(acknowledgment, pool.end(slot))
      if (past < 0) break
      if (past === 0) match = slot
      const following = pool.next(slot)
      pool.release(slot, slot)
      this.inOrder--
      slot = following
    }
    this.oldest = slot
    if (slot !== NONE && sequenceBefore(pool.start(slot), acknowledgment)) pool.setStart(slot, acknowledgment)
    return match
  }

  #scatter(): void {
    if (this.inOrder === 0) return
    this.#needStrays().add(this.oldest, this.newest, this.inOrder)
    this.inOrder = 0
  }

  #measureAll(): void {
    const pool = this.#pool
    const { base } = this
    const strays = this.#strays
    let isFirst = true
    if (this.inOrder > 0) {
      this.#measure(pool.start(this.oldest), pool.end(this.newest), isFirst)
      isFirst = false
    }
    // counted from the base, their lowest is the lowest unless the base lies among them
    if (strays?.isSpanKnown && strays.count > 0 && (strays.lowest - base) >>> 0 < (strays.highest - base) >>> 0) {
      this.#measure(strays.lowest, strays.highest, isFirst)
      return
    }
    for (let slot = strays?.first ?? NONE; slot !== NONE; slot = pool.next(slot)) {
      this.#measure(pool.start(slot), pool.end(slot), isFirst)
      isFirst = false
    }
  }

  /** Takes a segment into the measures; the first begins them anew. */
  #measure(start: number, end: number, isFirst: boolean): void {
    const { base } = this
    if (isFirst || (start - base) >>> 0 < (this.lowest - base) >>> 0) this.lowest = start
    if (isFirst || (end - base) >>> 0 > (this.highest - base) >>> 0) this.highest = end
  }
}
