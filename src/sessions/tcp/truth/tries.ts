/**
 * How often something may have been sent again in vain: packets that a sender has numbered and that were never seen may have been such
 * tries, rather than what looks like the next segment.
 */
import { sequenceAfter } from '../../../bytes/sequence.js'
import type { Anomaly } from './anomaly.js'
import type { Hole } from './holes.js'
import { Sent } from './send-order.js'

/** No retransmission timer of a host in use runs for less than 200 ms; the last acknowledgment may have been late. ns */
export const SHORTEST_TIMEOUT = 150e6
/** What such a timer adds to the round trip, ns */
const MINIMUM_TIMEOUT = 200e6
/** A tick of a timer, ns, for which a sender waits before it sends again what may have been overtaken */
export const TIMER = 12e6
/** What is sent after a segment that came at a time comes later than this, in round trips, if it was sent for what came then. */
const ANSWER = 0.75
/** The same of what is sent when what was sent after it is not answered. */
const SECOND = 1.6

/** What was sent again for the first time, so far as its time tells: its sequence number, when its sender was told, and what was unseen before it. */
interface FirstTry {
  readonly sequence: number
  readonly signalTime: number
  readonly unseen: number
}

/** Of the packets that were never seen behind a segment, those that may have been tries to fill gaps. */
export class TriesInVain {
  total = 0
  readonly #roundTrip: number
  readonly #firsts: FirstTry[] = []

  /** @param roundTrip ns; 0: not known */
  constructor(roundTrip: number) {
    this.#roundTrip = roundTrip
  }

  /**
   * Something out of the ordinary was numbered next, of what was seen after the time `after`; of the `unseen` until then, `before` were not
   * just before it.
   */
  add(anomaly: Anomaly, after: number, before: number, unseen: number): void {
    if (unseen <= this.total) return
    const { sequence, signalFrame, signalTime } = anomaly
    const known = Math.max(this.total, signalFrame === 0 ? 0 : this.#unseenBefore(sequence, signalTime))
    const tries = triesBefore(anomaly, after, Math.max(0, before - known), unseen - this.total, this.#roundTrip)
    this.total = Math.min(unseen, this.total + tries)
    if (tries === 0 && this.#isFirst(anomaly, after)) this.#firsts.push({ sequence, signalTime, unseen })
  }

  /** A gap of so many packets is still open at a time, behind `unseen` packets: each has been tried, once at least. */
  addOpen({ start, time, signalFrame, signalTime }: Hole, packets: number, now: number, unseen: number): void {
    const asked = signalFrame === 0 ? time : signalTime
    // its sender may have been told before, when what was sent again after it came
    const trips = (now - asked) / Math.max(1, this.#roundTrip)
    const left = unseen - Math.max(this.total, this.#unseenBefore(start, asked))
    this.total += Math.max(0, Math.min(left, packets * Math.max(1, Math.floor(trips + 1 - ANSWER))))
  }

  /** It came sooner than a second try could, or nothing that came until `after` can have been sent after a first. */
  #isFirst({ signalFrame, signalTime, toLater, time, lastDataTime }: Anomaly, after: number): boolean {
    if (signalFrame === 0 || toLater.identification !== Sent.after || time - lastDataTime >= SHORTEST_TIMEOUT)
      return false
    return after - signalTime < ANSWER * this.#roundTrip || time - signalTime < SECOND * this.#roundTrip
  }

  /**
   * What is missing is sent again in its order (RFC 6675 §4, NextSeg): so nothing that was never seen before the first try of a gap was
   * one to fill another gap behind it, of which the sender was told no sooner.
   */
  #unseenBefore(sequence: number, signalTime: number): number {
    let most = 0
    for (const first of this.#firsts) {
      if (sequenceAfter(sequence, first.sequence) && signalTime >= first.signalTime) most = Math.max(most, first.unseen)
    }
    return most
  }
}

/** How often a timer has run out in vain in a silence (ns) that ends with a segment: each time it runs for twice as long (RFC 6298 §5.5). */
export function triesIn(silence: number, roundTrip: number): number {
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
  if (isOriginal || time - ANSWER * roundTrip < after) return 0
  const byTimer = triesIn(time - lastDataTime, roundTrip)
  const isByTimer = time - lastDataTime >= SHORTEST_TIMEOUT
  if (signalFrame === 0) return Math.min(byTimer, isByTimer ? unseen : before)
  // the tries of each round trip that came before `after` are not among them, if they were not late
  const latest = after - signalTime - TIMER - roundTrip / 2
  const first = roundTrip > 0 ? Math.max(1, Math.ceil(latest / roundTrip)) : 1
  const trips = ((isByTimer ? lastDataTime : time) - signalTime) / Math.max(1, roundTrip)
  const last = isByTimer ? Math.max(1, Math.floor(trips + 0.2)) : Math.floor(trips + 1 - SECOND)
  // one that waited for its round trip, or longer, may have come just before the silence, whenever that was
  const asked = Math.max(isByTimer ? 1 : 0, last - first + 1)
  return Math.min(asked + byTimer, isByTimer ? unseen : before)
}

/**
 * How many may have been sent again after `after` since their sender had been told that they were missing, when they were only late: no
 * later than `longest` after that, ns.
 */
export function triesForLate(anomalies: readonly Anomaly[], after: number, longest: number): number {
  let count = 0
  for (let i = anomalies.length - 1; i >= 0; i--) {
    const anomaly = anomalies[i]
    if (anomaly === undefined || anomaly.time + longest < after) break
    const { signalFrame, signalTime, toLater } = anomaly
    if (signalFrame !== 0 && toLater.identification === Sent.before && signalTime + longest >= after) count++
  }
  return count
}
