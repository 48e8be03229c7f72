/**
 * Which bytes of one direction of a stream have arrived: everything before `deliveredNext`, and a few ranges beyond it.
 * Counts each byte once, however often and in whatever order it was sent. Sequence numbers are signed 32-bit.
 */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../bytes/sequence.js'

/** More holes than this at once are not kept apart: the ranges farthest ahead are joined, and their gap counts as arrived. */
const MAX_RANGES = 64

/** The part of an endpoint that this is about. */
export interface Delivery {
  readonly traffic: { deliveredNext: number; hasDelivered: number }
  hasHoles: number
  /** where its record begins: what `Holes` knows it by */
  readonly at: number
}

/** The ranges beyond a hole, of all endpoints that have any: starts and ends in turn, in order, disjoint, not touching. */
export type Holes = Map<number, number[]>

/** The first byte that counts is `next`. */
export function startDelivery(to: Delivery, next: number): void {
  to.traffic.deliveredNext = next
  to.traffic.hasDelivered = 1
}

/** Marks [start, start + length) as arrived; returns how many of these bytes are new. */
export function deliver(to: Delivery, holes: Holes, start: number, length: number): number {
  const end = (start + length) | 0
  if (to.hasHoles === 0 && !sequenceAfter(start, to.traffic.deliveredNext)) {
    const fresh = sequenceDifference(end, to.traffic.deliveredNext)
    if (fresh <= 0) return 0
    to.traffic.deliveredNext = end
    return fresh
  }
  return addAhead(to, holes, sequenceBefore(start, to.traffic.deliveredNext) ? to.traffic.deliveredNext : start, end)
}

/** The receiver acknowledged everything before `sequence`: it has it, whether the capture saw it or not. */
export function deliverUpTo(to: Delivery, holes: Holes, sequence: number): void {
  if (to.traffic.hasDelivered === 0 || !sequenceAfter(sequence, to.traffic.deliveredNext)) return
  to.traffic.deliveredNext = sequence
  if (to.hasHoles !== 0) swallow(to, holes)
}

function addAhead(to: Delivery, holes: Holes, start: number, end: number): number {
  let fresh = sequenceDifference(end, start)
  if (fresh <= 0) return 0
  const kept: number[] = []
  let from = start
  let until = end
  let placed = false
  const old = to.hasHoles === 0 ? [] : (holes.get(to.at) ?? [])
  for (let i = 0; i < old.length; i += 2) {
    const s = old[i] ?? 0
    const e = old[i + 1] ?? 0
    if (sequenceBefore(e, from)) kept.push(s, e)
    else if (sequenceAfter(s, until)) {
      if (!placed) kept.push(from, until)
      placed = true
      kept.push(s, e)
    } else {
      const overlapStart = sequenceAfter(s, start) ? s : start
      const overlapEnd = sequenceBefore(e, end) ? e : end
      fresh -= Math.max(0, sequenceDifference(overlapEnd, overlapStart))
      if (sequenceBefore(s, from)) from = s
      if (sequenceAfter(e, until)) until = e
    }
  }
  if (!placed) kept.push(from, until)
  if (kept.length > MAX_RANGES * 2) kept.splice(kept.length - 3, 2)
  holes.set(to.at, kept)
  to.hasHoles = 1
  swallow(to, holes)
  return fresh
}

/** Moves `deliveredNext` over the ranges that it has reached. */
function swallow(to: Delivery, holes: Holes): void {
  const ahead = holes.get(to.at) ?? []
  let taken = 0
  while (taken < ahead.length && !sequenceAfter(ahead[taken] ?? 0, to.traffic.deliveredNext)) {
    const end = ahead[taken + 1] ?? 0
    if (sequenceAfter(end, to.traffic.deliveredNext)) to.traffic.deliveredNext = end
    taken += 2
  }
  if (taken === ahead.length) {
    holes.delete(to.at)
    to.hasHoles = 0
  } else if (taken > 0) ahead.splice(0, taken)
}
