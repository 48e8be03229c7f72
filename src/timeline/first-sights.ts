import type { Role } from '../sessions/summary.js'
import type { PacketEvent } from './model.js'

/** Gaps of a direction that are kept, at the most: what fills an older one is taken for what was seen before. */
const MOST_GAPS = 4096

interface Gap {
  readonly start: number
  readonly end: number
}

/**
 * The data segments of `sender` with bytes that none before them had: each byte for the first time. What was lost before it came to
 * where the capture was taken is among them when it is sent again.
 */
export function firstSights(packets: readonly PacketEvent[], sender: Role): PacketEvent[] {
  // by where they begin; they do not overlap
  const gaps: Gap[] = []
  let from: number | undefined
  let reached = 0
  return packets.filter(({ from: role, length, tcp }) => {
    if (role !== sender || length === 0 || tcp === undefined) return false
    const start = tcp.sequence
    const end = start + length
    if (from === undefined || start >= reached) {
      if (from !== undefined && start > reached) gaps.push({ start: reached, end: start })
      forgetLowest(gaps)
      from ??= start
      reached = end
      return true
    }
    let isNew = end > reached || start < from
    if (start < from) {
      if (end < from) gaps.unshift({ start: end, end: from })
      from = start
    }
    reached = Math.max(reached, end)
    if (fill(gaps, start, end)) isNew = true
    forgetLowest(gaps)
    return isNew
  })
}

/** However a gap is cut to pieces, or opened below all others: anyone may have written the packets. */
function forgetLowest(gaps: Gap[]): void {
  while (gaps.length > MOST_GAPS) gaps.shift()
}

/** Takes what lies between `start` and `end` out of the gaps; false when nothing of it was in one. */
function fill(gaps: Gap[], start: number, end: number): boolean {
  let [low, high] = [0, gaps.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((gaps[middle]?.end ?? 0) <= start) low = middle + 1
    else high = middle
  }
  let behind = low
  const left: Gap[] = []
  for (let gap = gaps[behind]; gap !== undefined && gap.start < end; gap = gaps[++behind]) {
    if (gap.start < start) left.push({ start: gap.start, end: start })
    if (gap.end > end) left.push({ start: end, end: gap.end })
  }
  gaps.splice(low, behind - low, ...left)
  return behind > low
}
