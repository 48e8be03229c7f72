/**
 * A lost tail: segments that were lost with nothing after them, so that nothing shows a gap. When they come again they look
 * like the next ones. What tells is that their sender has numbered packets (IP identification) which were never seen.
 */
import { sequenceBefore } from '../../../bytes/sequence.js'
import type { Packet } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import type { Sighting } from './sighting.js'

/** No retransmission timer of a host in use runs for less than 200 ms; the last acknowledgment may have been late. ns */
const SHORTEST_TIMEOUT = 150e6

/** A late packet is numbered at most so many before. */
const NEAR = 256

/** The packets that a gap of so many bytes stands for, each as long as its neighbours. */
export function missing(gap: number, lengthBefore: number, lengthAfter: number): number {
  return gap === 0 ? 0 : Math.ceil(gap / Math.max(lengthBefore, lengthAfter, 1))
}

/**
 * How many segments had been sent again in vain after `after`, before they were once more and came: those that come later
 * than the answer to the first word of their gap would, by more than a reaction of their sender (ns; 0: not known).
 */
export function sentInVain(anomalies: readonly Anomaly[], after: number, reaction: number): number {
  let count = 0
  for (let i = anomalies.length - 1; i >= 0; i--) {
    const anomaly = anomalies[i]
    if (anomaly === undefined || anomaly.time - 0.9 * reaction < after) break
    if (anomaly.signalFrame !== 0 && anomaly.time - anomaly.signalTime > 1.8 * reaction) count++
  }
  return count
}

export class LostTail {
  /** the segment of it that came again first, and the end of the latest */
  #first: Anomaly | undefined
  #end = 0
  /** so many more are to come */
  #left = 0

  /** `unseen`: packets that were lost before it, 0 when it goes on with the tail; `since`: from when on it may have been found lost. */
  add(anomaly: Anomaly, unseen: number, since: number): void {
    anomaly.unseen = Math.max(1, unseen)
    anomaly.missableTime = since
    if (unseen > 0) {
      this.#first = anomaly
      // a timer comes after a probe, which was lost too
      this.#left = unseen - (anomaly.time - anomaly.lastDataTime >= SHORTEST_TIMEOUT ? 2 : 1)
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
