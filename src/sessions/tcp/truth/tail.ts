/**
 * A lost tail: segments that were lost with nothing after them, so that nothing shows a gap. When they come again they look
 * like the next ones. What tells is that their sender has numbered packets (IP identification) which were never seen.
 */
import { sequenceBefore } from '../../../bytes/sequence.js'
import type { Packet } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import { Sent } from './send-order.js'
import type { Sighting } from './sighting.js'
import type { Sightings } from './sightings.js'

/** No retransmission timer of a host in use runs for less than 200 ms; the last acknowledgment may have been late. ns */
export const SHORTEST_TIMEOUT = 150e6
/** What such a timer adds to the round trip, ns */
const MINIMUM_TIMEOUT = 200e6

/** A late packet is numbered at most so many before. */
const NEAR = 256

/** The packets that a gap of so many bytes stands for, each as long as the longer of its neighbours. */
export function missing(gap: number, length: number): number {
  return gap === 0 ? 0 : Math.ceil(gap / Math.max(length, 1))
}

/** What is known of a direction when something comes that looks like its next segment. */
interface Before {
  readonly sightings: Sightings
  /** the sequence number after all that was seen */
  readonly top: number
  /** numbers that its sender has given to packets since the latest one seen, ns since when, and what was out of the ordinary */
  readonly skipped: number
  readonly lastDataTime: number
  /** when the other end sent data last, ns; -1: it never did */
  readonly lastAskedTime: number
  readonly anomalies: readonly Anomaly[]
  /** ns; 0: not known */
  readonly roundTrip: number
  /** see packetSize */
  readonly mss: number
}

interface Unseen {
  /** packets of its sender that were never seen, and were neither the gap before the segment nor tries to fill an earlier one: it has been sent before */
  readonly unseen: number
  /** it has been sent again, too, when a timer ran out */
  readonly wasTried: boolean
  /** from when on it may have been found lost */
  readonly since: number
}

/** What numbers that were never seen tell of a segment that looks like the next one. */
export function unseenBefore(segment: Sighting, gap: number, before: Before): Unseen {
  const { sightings, top, skipped, lastDataTime, lastAskedTime, anomalies, roundTrip, mss } = before
  const { latest } = sightings
  const isOneBurst = latest.end === top && !latest.hasAnomaly
  const tries = triesIn(segment.time - lastDataTime, roundTrip)
  const found = isOneBurst ? undefined : sightings.between(top, segment, mss)
  // what answers data may be an acknowledgment alone: of what was numbered since, only what is missing just before counts
  const isMixed = found !== undefined && lastAskedTime >= found.after
  if (isMixed && skipped === 0) return { unseen: 0, wasTried: false, since: lastDataTime }
  const between = isMixed ? undefined : found
  const all = (between?.unseen ?? skipped) - gap
  const inVain = tries + (between === undefined ? 0 : sentInVain(anomalies, between.after, roundTrip))
  // what was numbered in the silence before it, where there is no gap, was the segment itself
  const isOwn = gap === 0 && skipped > 0 && (isOneBurst || tries > 0)
  const unseen = isOwn ? Math.max(1, all - inVain) : all - inVain
  const since = between === undefined || between.since < 0 ? lastDataTime : between.since
  return { unseen, wasTried: tries > 0 && all > unseen, since }
}

/**
 * The same of one that answers data of the other end, so that packets without data may be among those that were never seen: so many
 * numbers were left out just before it. `since`: when the latest of that data passed.
 */
export function unseenBeforeAnswer(segment: Sighting, skipped: number, since: number, roundTrip: number): Unseen {
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
 * How many segments had been sent again in vain after `after`, before they were once more and came: those that come after a long silence,
 * or later than the answer to the first word of their gap would, by more than a reaction of their sender (ns; 0: not known). And those
 * that were only late, and came after their sender had been told that they were missing.
 */
function sentInVain(anomalies: readonly Anomaly[], after: number, reaction: number): number {
  let count = 0
  for (let i = anomalies.length - 1; i >= 0; i--) {
    const anomaly = anomalies[i]
    if (anomaly === undefined || anomaly.time + reaction < after) break
    const { signalFrame, signalTime, toLater, time } = anomaly
    if (signalFrame !== 0 && toLater.identification === Sent.before) {
      if (signalTime + reaction >= after) count++
      continue
    }
    if (time - 0.9 * reaction < after) continue
    // a timer ran out for it: how often it had been sent again before, nobody knows
    if (signalFrame !== 0 && time - signalTime >= SHORTEST_TIMEOUT) return Number.POSITIVE_INFINITY
    const isLate = signalFrame !== 0 && time - signalTime > 1.8 * reaction
    count += Math.max(isLate ? 1 : 0, triesIn(time - anomaly.lastDataTime, reaction))
  }
  return count
}

export class LostTail {
  /** the segment of it that came again first, and the end of the latest */
  #first: Anomaly | undefined
  #end = 0
  /** so many more are to come */
  #left = 0

  /** `unseen` is 0 when it goes on with the tail. */
  add(anomaly: Anomaly, { unseen, wasTried, since }: Unseen): void {
    anomaly.unseen = Math.max(1, unseen)
    anomaly.wasTried = wasTried
    anomaly.missableTime = since
    if (unseen > 0) {
      this.#first = anomaly
      // of more than one, a timer comes after a probe, which was lost too
      const wasProbed = unseen > 1 && anomaly.time - anomaly.lastDataTime >= SHORTEST_TIMEOUT
      this.#left = unseen - (wasProbed ? 2 : 1)
    } else {
      anomaly.tail = this.#first
      this.#left--
    }
    this.#end = anomaly.end
  }

  /** Is it the next segment of the tail, with nothing of its sender missing since the one before? */
  goesOn(segment: Sighting, skipped: number): boolean {
    return this.#left > 0 && skipped === 0 && segment.sequence === this.#end
  }

  /** A packet comes late: unless it is the original itself, it was one of those that seemed lost. */
  turnsUp({ identification, tcp }: Packet): void {
    const first = this.#first
    if (first === undefined || ((first.identification - identification) & 0xffff) > NEAR) return
    if (tcp.length > 0 && !sequenceBefore(tcp.sequence, first.sequence) && sequenceBefore(tcp.sequence, this.#end))
      return
    first.unseen--
  }
}
