/**
 * A lost tail: segments that were lost with nothing after them, so that nothing shows a gap. When they come again they look
 * like the next ones. What tells is that their sender has numbered packets (IP identification) which were never seen: unseen.ts.
 */
import { sequenceBefore } from '../../../bytes/sequence.js'
import type { Packet } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import type { Sighting } from './sighting.js'
import { SHORTEST_TIMEOUT } from './tries.js'
import type { Unseen } from './unseen.js'

/** A late packet is numbered at most so many before. */
const NEAR = 256
/** So many tails may still turn out to have been only late. */
const OPEN = 8

export class LostTail {
  /** of the latest tail and some before it: the segment that came again first, and the end of the last one */
  readonly #firsts: Anomaly[] = []
  readonly #ends: number[] = []
  /** of the latest: its sender was told that it was lost */
  #isTold = false
  /** so many packets more are to come */
  #left = 0

  /** `packets`: those that it was on the wire. `unseen` is 0 when it goes on with the tail. */
  add(anomaly: Anomaly, packets: number, { unseen, wasTried, isTold, since }: Unseen): void {
    anomaly.unseen = Math.max(1, unseen)
    anomaly.wasTried = wasTried
    anomaly.missableTime = since
    if (unseen > 0) {
      this.#firsts.push(anomaly)
      this.#isTold = isTold
      this.#ends.push(anomaly.end)
      if (this.#firsts.length > OPEN) {
        this.#firsts.shift()
        this.#ends.shift()
      }
      // of more than one, a timer comes after a probe, which was lost too
      const wasProbed = unseen > 1 && anomaly.time - anomaly.lastDataTime >= SHORTEST_TIMEOUT
      this.#left = unseen - packets - (wasProbed ? 1 : 0)
    } else {
      anomaly.tail = this.#firsts.at(-1)
      this.#ends[this.#ends.length - 1] = anomaly.end
      this.#left -= packets
    }
  }

  /**
   * The segment before seemed to come again, when a timer had run out; but this follows at once. A timer sends one segment, and the next
   * when that is answered (RFC 5681 §3.1, RFC 8985 §7.3): so both are new, and what is missing before them was something else.
   */
  wasBurst(segment: Sighting, roundTrip: number): boolean {
    const first = this.#firsts.at(-1)
    if (first === undefined || this.#isTold || segment.sequence !== first.end || first.end !== this.#ends.at(-1))
      return false
    const isByTimer = first.time - first.lastDataTime > 1.5 * roundTrip
    if (!isByTimer || segment.time - first.time > 0.5 * roundTrip) return false
    first.unseen = 0
    this.#left = 0
    return true
  }

  /**
   * Is it the next segment of the tail, with nothing of its sender missing since the one before; or one behind it, and what is missing, a gap
   * of so many bytes and packets, is the rest of the tail between them?
   */
  goesOn(segment: Sighting, skipped: number, gap: number, packets: number): boolean {
    if (this.#left <= packets || skipped !== packets || ((segment.sequence - gap) | 0) !== this.#ends.at(-1))
      return false
    this.#left -= packets
    return true
  }

  /** A packet comes late: unless it is the original itself, it was one of those that seemed lost. */
  turnsUp({ identification, tcp }: Packet): void {
    for (const [index, first] of this.#firsts.entries()) {
      if (((first.identification - identification) & 0xffff) > NEAR) continue
      const isOfTail = tcp.length > 0 && !sequenceBefore(tcp.sequence, first.sequence)
      if (isOfTail && sequenceBefore(tcp.sequence, this.#ends[index] ?? 0)) continue
      first.unseen--
    }
  }
}
