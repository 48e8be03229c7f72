/**
 * Has what looks like the next segment been sent before? Its sender has numbered packets (IP identification) which were never
 * seen: they were this one, if they can have been nothing else. See LostTail.
 */
import { sequenceDifference } from '../../../bytes/sequence.js'
import type { Packet } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import type { Flow } from './flow.js'
import type { Hole } from './holes.js'
import { packetSize } from './offload.js'
import type { Sighting } from './sighting.js'
import { SHORTEST_TIMEOUT, TIMER, TriesInVain, triesForLate, triesIn } from './tries.js'

/** A sender that knows of reordering waits for a round trip more at most (RFC 8985 §6.2), and a tick of a timer, before it sends again. */
const PATIENCE = 2

/** A host that answers with data acknowledges alone less than once in so many packets with data. */
const SELDOM_ALONE = 8

/** With more gaps open than this, what was never seen may have been sent to fill any of them. */
const MANY_GAPS = 16

const NONE: readonly Anomaly[] = []
const NO_HOLES: readonly Hole[] = []

export interface Unseen {
  /**
   * packets of its sender that were never seen, and were neither the gap before the segment nor tries to fill an earlier one: it has
   * been sent before. 0: it goes on with the tail that the segment before belongs to
   */
  readonly unseen: number
  /** it has been sent again, too, when a timer ran out */
  readonly wasTried: boolean
  /** something that was numbered after it has come: that tells its sender that it was lost, and no timer need run (RFC 8985 §6.2) */
  readonly isTold: boolean
  /** from when on it may have been found lost, ns */
  readonly since: number
}

/** Undefined: nothing says that the segment, which begins where all that was seen ends, or beyond, has been sent before. */
export function sentUnseen(flow: Flow, segment: Sighting, packet: Packet, back: Flow | undefined): Unseen | undefined {
  const { skipped } = flow.identification
  if (skipped < 0) return undefined
  const gap = sequenceDifference(segment.sequence, flow.top)
  const holes = flow.trouble?.holes.all ?? NO_HOLES
  if (holes.length > (gap === 0 ? MANY_GAPS : 0)) return undefined
  if (back !== undefined && back.lastDataTime >= flow.lastDataTime) {
    const since = gap === 0 && skipped > 0 && holes.length === 0 ? askedBefore(flow, segment, back) : -1
    if (since < 0) return undefined
    return beforeAnswer(segment, skipped, since, flow.answers.typical() + back.answers.typical())
  }
  const { latest } = flow.sightings
  const isOneBurst = latest.end === flow.top && !latest.hasAnomaly
  if (skipped === 0 && isOneBurst) return undefined
  const mss = back?.mss ?? -1
  const longest = Math.max(latest.end - latest.sequence, packet.tcp.length)
  const size = Math.min(longest, packetSize(mss, packet.tcp.hasTimestamps))
  const gapPackets = missing(gap, size)
  // what the ends take mostly may be their applications' pauses, in which timers run
  const roundTrip = flow.answers.soonest() + (back?.answers.soonest() ?? 0)
  if (gap === 0 && skipped === 0 && flow.tail?.wasBurst(segment, roundTrip) === true) return undefined
  const before = beforeNext(flow, segment, gapPackets, isOneBurst, back, roundTrip, size)
  if (flow.tail?.goesOn(segment, skipped, gap, gapPackets) === true) return { ...before, unseen: 0 }
  return before.unseen > 0 ? before : undefined
}

/** The packets that a gap of so many bytes stands for, each as long as the longer of its neighbours. */
function missing(gap: number, length: number): number {
  return gap === 0 ? 0 : Math.ceil(gap / Math.max(length, 1))
}

function beforeNext(
  flow: Flow,
  segment: Sighting,
  gap: number,
  isOneBurst: boolean,
  back: Flow | undefined,
  roundTrip: number,
  size: number,
): Unseen {
  const { lastDataTime, top } = flow
  const holes = flow.trouble?.holes.all ?? NO_HOLES
  const triesForGaps = new TriesInVain(roundTrip)
  const { skipped } = flow.identification
  const longest = PATIENCE * (flow.answers.typical() + (back?.answers.typical() ?? 0)) + TIMER
  const tries = triesIn(segment.time - lastDataTime, roundTrip)
  const found = isOneBurst ? undefined : flow.sightings.between(top, segment, back?.mss ?? -1, triesForGaps)
  // what answers data may be an acknowledgment alone: of what was numbered since, only what is missing just before counts
  const isMixed = found !== undefined && (back?.lastDataTime ?? -1) >= found.after
  if (isMixed && (skipped === 0 || holes.length > 0))
    return { unseen: 0, wasTried: false, isTold: false, since: lastDataTime }
  const between = isMixed ? undefined : found
  const all = (between === undefined ? skipped : beyondGap(between.unseen, skipped, gap)) - gap
  const forLate = triesForLate(flow.trouble?.anomalies ?? NONE, between?.after ?? lastDataTime, longest)
  for (const hole of holes) {
    triesForGaps.addOpen(hole, missing(sequenceDifference(hole.end, hole.start), size), segment.time, all)
  }
  const inVain = tries + forLate + (isMixed ? 0 : triesForGaps.total)
  // what was numbered in the silence before it, where there is no gap, was the segment itself
  const isOwn = gap === 0 && holes.length === 0 && skipped > 0 && forLate === 0 && (isOneBurst || tries > 0)
  const unseen = isOwn ? Math.max(1, all - inVain) : all - inVain
  const isTold = between !== undefined && between.since >= 0
  return { unseen, wasTried: tries > 0 && all > unseen, isTold, since: isTold ? between.since : lastDataTime }
}

/**
 * Of the packets that were never seen, those that count where there is a gap before the segment. What was sent in it may have been sent
 * before, too, and before this was: either they are in what is missing just before, or in what was missing earlier.
 */
function beyondGap(unseen: number, skipped: number, gap: number): number {
  return gap === 0 ? unseen : Math.max(unseen - skipped, skipped)
}

/**
 * When the other end sent what the segment answers, if that was longer ago than a timer runs, and packets of this end that are missing
 * were hardly acknowledgments alone: those it seldom sends. Else -1.
 */
function askedBefore(flow: Flow, segment: Sighting, back: Flow): number {
  const { steps, jumps } = flow.identification
  if ((steps + jumps - flow.segments) * SELDOM_ALONE > flow.segments) return -1
  const asked = Math.max(flow.lastDataTime, back.lastDataTime)
  return segment.time - asked >= SHORTEST_TIMEOUT ? asked : -1
}

/**
 * The same of one that answers data of the other end, so that packets without data may be among those that were never seen: so many
 * numbers were left out just before it. `since`: when the latest of that data passed.
 */
function beforeAnswer(segment: Sighting, skipped: number, since: number, roundTrip: number): Unseen {
  const tries = triesIn(segment.time - since, roundTrip)
  const unseen = Math.max(1, skipped - tries)
  return { unseen, wasTried: tries > 0 && skipped > unseen, isTold: false, since }
}
