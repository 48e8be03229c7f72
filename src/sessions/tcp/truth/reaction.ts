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
  /** the packets that gave the shortest */
  askedFrame = 0
  answerFrame = 0
  /** the first ones and the latest ones; undefined until there is more than one */
  #kept: Float64Array | undefined

  // data or SYN or FIN on its way to this end, until it acknowledges it
  #awaitsAcknowledgment = false
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

  reset(): void {
    this.shortest = Infinity
    this.samples = 0
    this.#awaitsAcknowledgment = this.#awaitsEcho = this.#knowsTimestamp = false
  }

  /** New bytes up to `end` pass towards this end. */
  sent(end: number, frame: number, time: number): void {
    if (this.#awaitsAcknowledgment) return
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
    if (this.#awaitsEcho) return
    this.#awaitsEcho = true
    this.#timestamp = timestamp
    this.#stampedAt = time
    this.#stampedFrame = packet.number
  }

  /** A packet with an acknowledgment comes from this end. */
  answered(packet: Packet, time: number): void {
    const tcp = packet.tcp
    if (this.#awaitsAcknowledgment && !sequenceAfter(this.#end, tcp.acknowledgment)) {
      this.#awaitsAcknowledgment = false
      this.#sample(time - this.#sentAt, this.#sentFrame, packet.number)
    }
    if (this.#awaitsEcho && tcp.hasTimestamps && !sequenceAfter(this.#timestamp, tcp.timestampEcho | 0)) {
      this.#awaitsEcho = false
      this.#sample(time - this.#stampedAt, this.#stampedFrame, packet.number)
    }
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
    if (n > 0) {
      this.#kept ??= new Float64Array(2 * KEPT)
      if (n === 1) this.#kept[0] = this.shortest
      this.#kept[n < KEPT ? n : KEPT + (n % KEPT)] = duration
    }
    if (duration >= this.shortest) return
    this.shortest = duration
    this.askedFrame = asked
    this.answerFrame = answer
  }
}
