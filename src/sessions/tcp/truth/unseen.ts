/**
 * Has what looks like the next segment been sent before? Its sender has numbered packets (IP identification) which were never
 * seen: they were this one, if they can have been nothing else. See LostTail.
 */
import { sequenceDifference } from '../../../bytes/sequence.js'
import type { Packet } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import type { Flow } from './flow.js'
import { packetSize } from './offload.js'
import { Sent } from './send-order.js'
import type { Sighting } from './sighting.js'

/** No retransmission timer of a host in use runs for less than 200 ms; the last acknowledgment may have been late. ns */
export const SHORTEST_TIMEOUT = 150e6
/** What such a timer adds to the round trip, ns */
const MINIMUM_TIMEOUT = 200e6

/** A sender that knows of reordering waits for a round trip more at most (RFC 8985 §6.2), and a tick of a timer, ns, before it sends again. */
const PATIENCE = 2
const TIMER = 12e6

/** A host that answers with data acknowledges alone less than once in so many packets with data. */
const SELDOM_ALONE = 8

const NONE: readonly Anomaly[] = []

export interface Unseen {
  /**
   * packets of its sender that were never seen, and were neither the gap before the segment nor tries to fill an earlier one: it has
   * been sent before. 0: it goes on with the tail that the segment before belongs to
   */
  readonly unseen: number
  /** it has been sent again, too, when a timer ran out */
  readonly wasTried: boolean
  /** from when on it may have been found lost, ns */
  readonly since: number
}

/** Undefined: nothing says that the segment, which begins where all that was seen ends, or beyond, has been sent before. */
export function sentUnseen(flow: Flow, segment: Sighting, packet: Packet, back: Flow | undefined): Unseen | undefined {
  const { skipped } = flow.identification
  if (skipped < 0 || flow.trouble?.holes.any === true) return undefined
  const gap = sequenceDifference(segment.sequence, flow.top)
  if (back !== undefined && back.lastDataTime >= flow.lastDataTime) {
    const since = gap === 0 && skipped > 0 ? askedBefore(flow, segment, back) : -1
    if (since < 0) return undefined
    return beforeAnswer(segment, skipped, since, flow.answers.typical() + back.answers.typical())
  }
  const { latest } = flow.sightings
  const isOneBurst = latest.end === flow.top && !latest.hasAnomaly
  if (skipped === 0 && isOneBurst) return undefined
  const mss = back?.mss ?? -1
  const longest = Math.max(latest.end - latest.sequence, packet.tcp.length)
  const gapPackets = missing(gap, Math.min(longest, packetSize(mss, packet.tcp.hasTimestamps)))
  // what the ends take mostly may be their applications' pauses, in which timers run
  const roundTrip = flow.answers.soonest() + (back?.answers.soonest() ?? 0)
  if (gap === 0 && skipped === 0 && flow.tail?.wasBurst(segment, roundTrip) === true) return undefined
  const before = beforeNext(flow, segment, gapPackets, isOneBurst, back, roundTrip)
  if (gap === 0 && flow.tail?.goesOn(segment, skipped) === true) return { ...before, unseen: 0 }
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
): Unseen {
  const { lastDataTime, top } = flow
  const { skipped } = flow.identification
  const longest = PATIENCE * (flow.answers.typical() + (back?.answers.typical() ?? 0)) + TIMER
  const tries = triesIn(segment.time - lastDataTime, roundTrip)
  const found = isOneBurst
    ? undefined
    : flow.sightings.between(top, segment, back?.mss ?? -1, (anomaly, after, before, unseen) =>
        triesBefore(anomaly, after, before, unseen, roundTrip),
      )
  // what answers data may be an acknowledgment alone: of what was numbered since, only what is missing just before counts
  const isMixed = found !== undefined && (back?.lastDataTime ?? -1) >= found.after
  if (isMixed && skipped === 0) return { unseen: 0, wasTried: false, since: lastDataTime }
  const between = isMixed ? undefined : found
  const all = (between === undefined ? skipped : beyondGap(between.unseen, skipped, gap)) - gap
  const forLate = triesForLate(flow.trouble?.anomalies ?? NONE, between?.after ?? lastDataTime, longest)
  const inVain = tries + forLate + (between?.inVain ?? 0)
  // what was numbered in the silence before it, where there is no gap, was the segment itself
  const isOwn = gap === 0 && skipped > 0 && forLate === 0 && (isOneBurst || tries > 0)
  const unseen = isOwn ? Math.max(1, all - inVain) : all - inVain
  const since = between === undefined || between.since < 0 ? lastDataTime : between.since
  return { unseen, wasTried: tries > 0 && all > unseen, since }
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
  return { unseen, wasTried: tries > 0 && skipped > unseen, since }
}

/** How often a timer has run out in vain in a silence (ns) that ends with a segment: each time it runs for twice as long (RFC 6298 §5.5). */
function triesIn(silence: number, roundTrip: number): number {
  if (silence < SHORTEST_TIMEOUT) return 0
  return Math.max(0, Math.round(Math.log2(silence / (MINIMUM_TIMEOUT + roundTrip))))
}

/**
 * How many segments may have been sent again in vain after `after`, before one was once more and came: a round trip (ns; 0: not known)
 * after its sender had been told that it was missing, another one later, and so on, each time when something sent after the try had come;
 * and when a timer ran out, at the end of a silence. `before` and `unseen`: see Sightings.between.
 */
function triesBefore(anomaly: Anomaly, after: number, before: number, unseen: number, roundTrip: number): number {
  const { signalFrame, signalTime, toLater, time, lastDataTime } = anomaly
  const isOriginal = signalFrame !== 0 && toLater.identification === Sent.before
  if (isOriginal || time - 0.75 * roundTrip < after) return 0
  const byTimer = triesIn(time - lastDataTime, roundTrip)
  const isByTimer = time - lastDataTime >= SHORTEST_TIMEOUT
  if (signalFrame === 0) return Math.min(byTimer, isByTimer ? unseen : before)
  // the tries of each round trip that came before `after` are not among them, if they were not late
  const latest = after - signalTime - TIMER - roundTrip / 2
  const first = roundTrip > 0 ? Math.max(1, Math.ceil(latest / roundTrip)) : 1
  const trips = ((isByTimer ? lastDataTime : time) - signalTime) / Math.max(1, roundTrip)
  const last = isByTimer ? Math.max(1, Math.floor(trips + 0.2)) : Math.floor(trips - 0.6)
  // one that waited for its round trip, or longer, may have come just before the silence, whenever that was
  const asked = Math.max(isByTimer ? 1 : 0, last - first + 1)
  return Math.min(asked + byTimer, isByTimer ? unseen : before)
}

/**
 * How many may have been sent again after `after` since their sender had been told that they were missing, when they were only late: no
 * later than `longest` after that, ns.
 */
function triesForLate(anomalies: readonly Anomaly[], after: number, longest: number): number {
  let count = 0
  for (let i = anomalies.length - 1; i >= 0; i--) {
    const anomaly = anomalies[i]
    if (anomaly === undefined || anomaly.time + longest < after) break
    const { signalFrame, signalTime, toLater } = anomaly
    if (signalFrame !== 0 && toLater.identification === Sent.before && signalTime + longest >= after) count++
  }
  return count
}
