/**
 * Which bytes of one direction of a stream have arrived: everything before `next`, and a few ranges beyond it. Counts
 * each byte once, however often and in whatever order it was sent. Sequence numbers are signed 32-bit.
 */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../bytes/sequence.js'

/** More holes than this at once are not kept apart: the ranges farthest ahead are joined, and their gap counts as arrived. */
const MAX_RANGES = 64

export class SequenceRanges {
  /** the first byte that is missing */
  next = 0
  started = false
  /** starts and ends in turn, in order, disjoint and not touching; undefined until the first hole */
  #ahead: number[] | undefined

  reset(): void {
    this.started = false
    this.next = 0
    this.#ahead = undefined
  }

  start(next: number): void {
    this.started = true
    this.next = next
  }

  get holes(): number {
    return (this.#ahead?.length ?? 0) >> 1
  }

  /** Marks [start, start + length) as arrived; returns how many of these bytes are new. */
  add(start: number, length: number): number {
    if (length === 0) return 0
    if (!this.started) this.start(start)
    const end = (start + length) | 0
    if (this.#ahead === undefined && !sequenceAfter(start, this.next)) {
      const fresh = sequenceDifference(end, this.next)
      if (fresh <= 0) return 0
      this.next = end
      return fresh
    }
    return this.#addAhead(sequenceBefore(start, this.next) ? this.next : start, end)
  }

  /** The receiver acknowledged everything before `sequence`: it has it, whether the capture saw it or not. */
  skipTo(sequence: number): void {
    if (!this.started || !sequenceAfter(sequence, this.next)) return
    this.next = sequence
    this.#swallow()
  }

  #addAhead(start: number, end: number): number {
    let fresh = sequenceDifference(end, start)
    if (fresh <= 0) return 0
    const old = this.#ahead ?? []
    const kept: number[] = []
    let from = start
    let to = end
    let placed = false
    for (let i = 0; i < old.length; i += 2) {
      const s = old[i] ?? 0
      const e = old[i + 1] ?? 0
      if (sequenceBefore(e, from)) kept.push(s, e)
      else if (sequenceAfter(s, to)) {
        if (!placed) kept.push(from, to)
        placed = true
        kept.push(s, e)
      } else {
        const overlapStart = sequenceAfter(s, start) ? s : start
        const overlapEnd = sequenceBefore(e, end) ? e : end
        fresh -= Math.max(0, sequenceDifference(overlapEnd, overlapStart))
        if (sequenceBefore(s, from)) from = s
        if (sequenceAfter(e, to)) to = e
      }
    }
    if (!placed) kept.push(from, to)
    if (kept.length > MAX_RANGES * 2) kept.splice(kept.length - 3, 2)
    this.#ahead = kept
    this.#swallow()
    return fresh
  }

  /** Moves `next` over the ranges that it has reached. */
  #swallow(): void {
    const ahead = this.#ahead
    if (ahead === undefined) return
    let taken = 0
    while (taken < ahead.length && !sequenceAfter(ahead[taken] ?? 0, this.next)) {
      const end = ahead[taken + 1] ?? 0
      if (sequenceAfter(end, this.next)) this.next = end
      taken += 2
    }
    if (taken === ahead.length) this.#ahead = undefined
    else if (taken > 0) this.#ahead = ahead.slice(taken)
  }
}
