/**
 * Has what looks like the next segment been sent before? Its sender has numbered packets (IP identification) which were never
 * seen: they were this one, if they can have been nothing else. See LostTail.
 */
import { sequenceDifference } from '../../../bytes/sequence.js'
import { FIN, type Packet } from '../../../packet.js'
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

/** So often a FIN is sent before its first timeout: once, and by a tail loss probe. */
const PROBED = 2

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

/** What looks like the next segment of a flow, and what was known when it came. `back` is the other direction, if it has begun. */
class Next {
  readonly flow: Flow
  readonly back: Flow | undefined
  readonly segment: Sighting
  /** the earlier gaps */
  readonly holes: readonly Hole[]
  /** the end of all that was seen */
  readonly end: number
  /** so many packets are missing just before it: behind that end, be they acknowledged or not */
  readonly gap: number
  /** what came last ends all that was seen: nothing was numbered since but what is missing just before it */
  readonly isOneBurst: boolean
  /** ns, without the pauses of the ends' applications, in which timers run: they may be in what the ends take mostly */
  readonly roundTrip: number
  /** as long as the longer of the segment and the one before it, bytes */
  readonly #packetSize: number

  constructor(flow: Flow, segment: Sighting, packet: Packet, back: Flow | undefined) {
    const { latest } = flow.sightings
    const longest = Math.max(latest.end - latest.sequence, packet.tcp.length)
    this.flow = flow
    this.back = back
    this.segment = segment
    this.holes = flow.trouble?.holes.all ?? NO_HOLES
    this.#packetSize = Math.max(1, Math.min(longest, packetSize(flow.cutTo(back), packet.tcp.hasTimestamps)))
    this.end = latest.top
    this.gap = this.packetsIn(sequenceDifference(segment.sequence, latest.top))
    this.isOneBurst = endsInOrder(flow)
    this.roundTrip = flow.answers.soonest() + (back?.answers.soonest() ?? 0)
  }

  /** The packets that so many missing bytes stand for. */
  packetsIn(bytes: number): number {
    return Math.ceil(bytes / this.#packetSize)
  }

  /** For so long its sender may have waited until it sent again what was only late, ns. */
  get patience(): number {
    return PATIENCE * (this.flow.answers.typical() + (this.back?.answers.typical() ?? 0)) + TIMER
  }
}

/** The segment that came last ends all that was seen, and was in order. */
function endsInOrder({ sightings: { latest } }: Flow): boolean {
  return latest.end === latest.top && !latest.hasAnomaly
}

/** Nothing is sent behind a FIN: of what was numbered before it and never seen, it can have been no more than its own tries. */
function endsStream({ tcp }: Packet): boolean {
  return (tcp.flags & FIN) !== 0
}

/** Undefined: nothing says that the segment, which begins where all that was seen ends, or beyond, has been sent before. */
export function sentUnseen(flow: Flow, segment: Sighting, packet: Packet, back: Flow | undefined): Unseen | undefined {
  const { skipped } = flow.identification
  if (skipped < 0 || flow.sightings.count === 0) return undefined
  const gap = sequenceDifference(segment.sequence, flow.sightings.latest.top)
  const holes = flow.trouble?.holes.all ?? NO_HOLES
  if (holes.length > (gap === 0 ? MANY_GAPS : 0)) return undefined
  if (gap === 0 && endsStream(packet) && skipped > PROBED + triesIn(segment.time - flow.lastDataTime, 0))
    return undefined
  if (back !== undefined && back.lastDataTime >= flow.lastDataTime) {
    const since = gap === 0 && skipped > 0 && holes.length === 0 ? askedBefore(flow, segment, back) : -1
    if (since < 0) return undefined
    return beforeAnswer(segment, skipped, since, flow.answers.typical() + back.answers.typical())
  }
  if (skipped === 0 && endsInOrder(flow)) return undefined
  const next = new Next(flow, segment, packet, back)
  const { tail } = flow
  if (gap === 0 && skipped === 0 && tail?.wasBurst(segment, next.roundTrip) === true) return undefined
  const before = beforeNext(next)
  if (tail?.goesOn(segment, skipped, gap, next.gap) === true) return { ...before, unseen: 0 }
  return before.unseen > 0 ? before : undefined
}

function beforeNext(next: Next): Unseen {
  const { flow, back, segment, holes, end, gap, isOneBurst, roundTrip } = next
  const { lastDataTime } = flow
  const { skipped } = flow.identification
  const forGaps = new TriesInVain(roundTrip)
  const found = isOneBurst
    ? undefined
    : flow.sightings.between(end, segment, flow.cutTo(back), forGaps, flow.identification.clear)
  // what answers data may be an acknowledgment alone: of what was numbered since, only what is missing just before counts
  const isMixed = found !== undefined && (back?.lastDataTime ?? -1) >= found.after
  if (isMixed && (skipped === 0 || holes.length > 0))
    return { unseen: 0, wasTried: false, isTold: false, since: lastDataTime }
  const between = isMixed ? undefined : found
  const all = (between === undefined ? skipped : beyondGap(between.unseen, skipped, gap)) - gap
  const byTimer = triesIn(segment.time - lastDataTime, roundTrip)
  const forLate = triesForLate(flow.trouble?.anomalies ?? NONE, between?.after ?? lastDataTime, next.patience)
  for (const hole of holes) {
    forGaps.addOpen(hole, next.packetsIn(sequenceDifference(hole.end, hole.start)), segment.time, all)
  }
  const inVain = byTimer + forLate + (isMixed ? 0 : forGaps.total)
  // what was numbered in the silence before it, where there is no gap, was the segment itself
  const isOwn = gap === 0 && holes.length === 0 && skipped > 0 && forLate === 0 && (isOneBurst || byTimer > 0)
  const unseen = isOwn ? Math.max(1, all - inVain) : all - inVain
  const isTold = between !== undefined && between.since >= 0
  return { unseen, wasTried: byTimer > 0 && all > unseen, isTold, since: isTold ? between.since : lastDataTime }
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
