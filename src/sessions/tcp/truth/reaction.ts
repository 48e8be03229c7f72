/**
 * How soon one end of a session reacts, as seen from the capture: the time from a packet that passes towards it to the
 * first packet from it that proves it has had the former. That is the way there and back, with the host's own time
 * in between; the sum of both ends' is a round trip. Next to nothing for the host that the capture was taken on.
 */
import { sequenceAfter } from '../../../bytes/sequence.js'
import type { Packet } from '../../../packet.js'

/** So many of the first samples, and as many of the latest, stand for all. */
const KEPT = 4

export class Reaction {
  samples = 0
  /** the shortest so far, ns; Infinity: none was seen */
  shortest = Infinity
  /** to the other end's SYN, which no application has to do with; -1: not seen */
  opening = -1
  /** the packets that gave the shortest */
  askedFrame = 0
  answerFrame = 0
  #longest = 0
  /** the first ones and the latest ones; undefined while there are no more than two, the shortest and the longest */
  #kept: Float64Array | undefined

  // data or SYN or FIN on its way to this end, until it acknowledges it
  #awaitsAcknowledgment = false
  #isOpening = false
  #end = 0
  #sentAt = 0
  #sentFrame = 0
  // a new TSval on its way to this end, until it echoes it (RFC 7323 §4); on a timer of a few ms it is found again within one
  #awaitsEcho = false
  #timestamp = 0
  #stampedAt = 0
  #stampedFrame = 0
  #knowsTimestamp = false
  #newest = 0
  #newestAt = 0
  #newestFrame = 0

  reset(): void {
    this.shortest = Infinity
    this.samples = this.#longest = 0
    this.#kept = undefined
    this.opening = -1
    this.#awaitsAcknowledgment = this.#awaitsEcho = this.#knowsTimestamp = false
  }

  /** New bytes up to `end` pass towards this end; the first of them may be a SYN. */
  sent(end: number, frame: number, time: number, isSyn: boolean): void {
    if (this.#awaitsAcknowledgment) return
    this.#isOpening = isSyn
    this.#awaitsAcknowledgment = true
    this.#end = end
    this.#sentAt = time
    this.#sentFrame = frame
  }

  /** Bytes from `sequence` on passed again: which of the two is acknowledged can't be told (Karn's rule, RFC 6298 §3). */
  sentAgain(sequence: number): void {
    if (sequenceAfter(this.#end, sequence)) this.#awaitsAcknowledgment = false
  }

  /** A packet with timestamps passes towards this end. */
  stamped(packet: Packet, time: number): void {
    const timestamp = packet.tcp.timestampValue | 0
    // an earlier packet may have carried it: what echoes it may be an answer to that one
    if (this.#knowsTimestamp && !sequenceAfter(timestamp, this.#newest)) return
    this.#knowsTimestamp = true
    this.#newest = timestamp
    this.#newestAt = time
    this.#newestFrame = packet.number
    if (this.#awaitsEcho) return
    this.#awaitsEcho = true
    this.#timestamp = timestamp
    this.#stampedAt = time
    this.#stampedFrame = packet.number
  }

  /** A packet with an acknowledgment comes from this end. */
  answered(packet: Packet, time: number): void {
    const tcp = packet.tcp
    const acknowledges = this.#awaitsAcknowledgment && !sequenceAfter(this.#end, tcp.acknowledgment)
    const echoes = this.#awaitsEcho && tcp.hasTimestamps && !sequenceAfter(this.#timestamp, tcp.timestampEcho | 0)
    if (acknowledges) {
      this.#awaitsAcknowledgment = false
      if (this.#isOpening) this.opening = time - this.#sentAt
    }
    if (echoes) this.#awaitsEcho = false
    if (echoes && this.#newest !== this.#timestamp && this.#newest === (tcp.timestampEcho | 0)) {
      // the one that was waited for had no answer of its own: a SYN that was lost, or data that shares its acknowledgment
      this.#stampedAt = this.#newestAt
      this.#stampedFrame = this.#newestFrame
    }
    // mostly one packet asks, and one answers, in both ways
    if (echoes && !(acknowledges && this.#sentAt > this.#stampedAt)) {
      this.#sample(time - this.#stampedAt, this.#stampedFrame, packet.number)
    } else if (acknowledges) this.#sample(time - this.#sentAt, this.#sentFrame, packet.number)
  }

  /** A quarter of those kept are shorter than this, ns: now and then a network lets a packet pass all others. 0: none was seen. */
  typical(): number {
    if (this.samples < 4 || this.#kept === undefined) return this.samples === 0 ? 0 : this.shortest
    const kept = this.#kept.slice(0, this.samples).sort()
    return kept[kept.length >> 2] ?? 0
  }

  #sample(duration: number, asked: number, answer: number): void {
    if (duration < 0) return
    const n = this.samples++
    if (n >= 2) {
      this.#kept ??= new Float64Array(2 * KEPT).fill(this.shortest, 0, 1).fill(this.#longest, 1, 2)
      this.#kept[n < KEPT ? n : KEPT + (n % KEPT)] = duration
    }
    if (duration > this.#longest) this.#longest = duration
    if (duration >= this.shortest) return
    this.shortest = duration
    this.askedFrame = asked
    this.answerFrame = answer
  }
}
