/**
 * What times alone can tell, for hosts that number and stamp nothing. A retransmission is an answer: it can't come sooner
 * after the acknowledgment that asked for it than its sender reacts. A segment that was overtaken comes when it comes,
 * mostly sooner. Where the two overlap, the segments that came twice teach how late originals are, and how soon
 * retransmissions: the first was the original, the second was sent again.
 */
import type { Anomaly } from './anomaly.js'

/** Where a session gives no round trip: Wireshark takes the same time for the limit of reordering. ns */
const UNKNOWN_REACTION = 3e6
/** A copy that the network makes follows its original at once, unless the session shows otherwise. ns */
export const AT_ONCE = 100e3
/** The share of a reaction in which an original that is late and what was sent for it in vain seldom come, one behind the other. */
const SELDOM = 0.05
/** So many it takes to learn from. */
const ENOUGH = 4
/** Gaps that losses leave are filled before what lay behind them has come in fewer than this share of all; those of overtaking, in more. */
const MOSTLY_FOLLOWED = 0.4
/** The same of gaps that are filled late, where packets run ahead. */
const OFTEN_ALONE = 0.3

export interface Timing {
  /** a segment that fills a gap later than this after the sender was told of the gap has been sent again, ns */
  readonly answerAfter: number
  /** a segment that comes again within this of when its sender could first have missed it is a copy, ns */
  readonly copyUnlessAskedBefore: number
  /** what looks the same and comes within this of the segment before is a copy of that, though that had been sent again itself, ns */
  readonly copyFollowsWithin: number
  /** packets of this direction come in the order in which they were sent */
  readonly keepsOrder: boolean
  /** what is late here has mostly been overtaken by packets that run far ahead of others */
  readonly runsAhead: boolean
}

/** Time from when the sender was told of the gap that it fills (or, where nothing told it, from when there was one). */
export function wait(anomaly: Anomaly): number {
  return anomaly.time - askedAt(anomaly)
}

function askedAt(anomaly: Anomaly): number {
  return anomaly.signalFrame !== 0 ? anomaly.signalTime : anomaly.holeTime
}

/** Time that the sender has had to find its bytes missing, when a segment comes again. */
export function sinceAsked(anomaly: Anomaly): number {
  const previous = anomaly.previous
  return anomaly.time - (previous !== undefined && previous.holeFrame !== 0 ? askedAt(previous) : anomaly.firstTime)
}

/** The frame from which on `sinceAsked` counts. */
export function askedIn({ previous, firstFrame }: Anomaly): number {
  return previous !== undefined && previous.holeFrame !== 0 ? previous.signalFrame || previous.holeFrame : firstFrame
}

/** `isCopy` judges without times what has been captured before: true, false, or undefined when it can't. */
export function learnTiming(
  anomalies: readonly Anomaly[],
  senderReaction: number,
  isCopy: (anomaly: Anomaly) => boolean | undefined,
): Timing {
  const reaction = senderReaction > 0 ? senderReaction : UNKNOWN_REACTION
  const single: number[] = []
  const originals: number[] = []
  const answers: number[] = []
  const copies: number[] = []
  const again: Anomaly[] = []
  for (const anomaly of anomalies) {
    if (anomaly.isNext || anomaly.isUnasked || anomaly.isOfBeginning) continue
    if (anomaly.holeFrame !== 0) single.push(wait(anomaly))
    else if (anomaly.previousFrame !== 0) {
      const hadTime = sinceAsked(anomaly) >= reaction / 4
      if (isCopy(anomaly) ?? !hadTime) copies.push(anomaly.time - anomaly.previousTime)
      else again.push(anomaly)
    }
  }
  const lag = quantile(copies, 0.5)
  const copyFollowsWithin = copies.length < ENOUGH ? AT_ONCE : Math.max(AT_ONCE, Math.min(2 * lag, reaction * SELDOM))
  for (const anomaly of again) {
    const { previous } = anomaly
    if (previous === undefined || previous.holeFrame === 0 || anomaly.time - previous.time <= copyFollowsWithin)
      continue
    originals.push(wait(previous))
    answers.push(sinceAsked(anomaly))
  }
  // most of what comes again is copied, and not at once: then copies take longer than those that are certain, too
  const copiesLag = copies.length > (copies.length + again.length) / 3 && lag > AT_ONCE
  const answerAfter = boundary(single, originals, answers, reaction)
  return {
    answerAfter,
    ...learnOrder(anomalies, answerAfter),
    copyFollowsWithin,
    copyUnlessAskedBefore: copiesLag ? 0.9 * reaction : reaction / 4,
  }
}

/**
 * Behind what was lost the rest of its flight follows. A packet that overtakes others comes alone, or with few of those that
 * were sent behind it. So where that has come, mostly, when a gap is filled sooner than it should be, nothing overtakes: the
 * sender reacts sooner than was measured. A gap counts once, however many segments fill it: by the first.
 */
function learnOrder(anomalies: readonly Anomaly[], answerAfter: number): Pick<Timing, 'keepsOrder' | 'runsAhead'> {
  const early = { all: 0, alone: 0 }
  const late = { all: 0, alone: 0 }
  const gaps = new Set<number>()
  for (const anomaly of anomalies) {
    if (anomaly.isNext || anomaly.holeFrame === 0 || anomaly.isUnasked) continue
    if (anomaly.isOfBeginning || gaps.has(anomaly.holeFrame)) continue
    gaps.add(anomaly.holeFrame)
    const those = wait(anomaly) < answerAfter ? early : late
    those.all++
    if (!anomaly.isFollowed) those.alone++
  }
  const keepsOrder = early.alone <= MOSTLY_FOLLOWED * early.all
  return { keepsOrder, runsAhead: !keepsOrder && early.alone >= ENOUGH && late.alone >= OFTEN_ALONE * late.all }
}

/** The time after which what fills a gap is an answer rather than late. */
function boundary(single: number[], originals: number[], answers: number[], reaction: number): number {
  const expected = expectedBoundary(single, reaction)
  if (originals.length < ENOUGH) return expected
  // of the first ones some were sent again as well, and are the latest
  const late = 1.15 * quantile(originals, 0.85)
  const soon = quantile(answers, 0.05)
  return late < soon ? Math.min(soon, Math.max(expected, Math.sqrt(late * soon))) : late
}

/**
 * The middle of the widest stretch, around the sender's reaction, in which nothing comes. Where there is none, what
 * comes about then is taken for late: a sender waits a quarter of a round trip for what was overtaken (RFC 8985 §6.2, step 4).
 */
function expectedBoundary(single: number[], reaction: number): number {
  const from = 0.5 * reaction
  const to = 1.2 * reaction
  const times = single.filter((time) => time > from && time < to).sort((a, b) => a - b)
  let widest = 0.2 * reaction
  let middle = 1.1 * reaction
  let last = from
  for (const time of [...times, to]) {
    if (time - last > widest) {
      widest = time - last
      middle = (time + last) / 2
    }
    last = time
  }
  return middle
}

function quantile(values: number[], part: number): number {
  if (values.length === 0) return 0
  values.sort((a, b) => a - b)
  return values[Math.floor(part * (values.length - 1))] ?? 0
}
