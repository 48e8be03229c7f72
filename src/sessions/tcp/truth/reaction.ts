/**
 * How soon one end of a session reacts, as seen from the capture: the time from a packet that passes towards it to the
 * first packet from it that proves it has had the former. That is the way there and back, with the host's own time
 * in between; the sum of both ends' is a round trip. Next to nothing for the host that the capture was taken on.
 */
import { sequenceAfter } from '../../../bytes/sequence.js'
import type { Packet } from '../../../packet.js'
import { record } from '../../record.js'

/** So many of the first samples, and as many of the latest, stand for all. */
const KEPT = 4

// bits of `state`
/** data or SYN or FIN is on its way to this end, until it acknowledges it; it is a SYN; it has been sent more than once */
const AWAITS_ACKNOWLEDGMENT = 1
const IS_OPENING = 2
const IS_AMBIGUOUS = 4
/** a new TSval is on its way to this end, until it echoes it (RFC 7323 §4); on a timer of a few ms it is found again within one */
const AWAITS_ECHO = 8
const KNOWS_TIMESTAMP = 16

export class Reaction extends record(
  [
    'state',
    'samples',
    // what awaits its acknowledgment
    'end',
    'sentFrame',
    // what awaits its echo; and the newest TSval
    'timestamp',
    'stampedFrame',
    'newest',
    'newestFrame',
  ],
  [
    'sentAt',
    'stampedAt',
    'newestAt',
    /** the shortest so far, ns; Infinity: none was seen */
    'shortest',
    // the first ones and the latest ones, once there are more than two
    'kept0',
    'kept1',
    'kept2',
    'kept3',
    'kept4',
    'kept5',
    'kept6',
    'kept7',
    'longest',
    /** to the other end's SYN, which no application has to do with; -1: not seen */
    'opening',
    /** to a SYN that was sent more than once, from the last of them on: no less than this; -1: none was */
    'atLeast',
  ],
  [
    /** the packets that gave the shortest */
    'askedFrame',
    'answerFrame',
    /** those of the opening */
    'openingAsked',
    'openingAnswer',
  ],
) {
  reset(): void {
    this.shortest = Infinity
    this.samples = this.longest = 0
    this.opening = this.atLeast = -1
    this.state = 0
  }

  /** New bytes up to `end` pass towards this end; the first of them may be a SYN. */
  sent(end: number, frame: number, time: number, isSyn: boolean): void {
    const { state } = this
    if ((state & AWAITS_ACKNOWLEDGMENT) !== 0) return
    this.state = (state & ~(IS_OPENING | IS_AMBIGUOUS)) | AWAITS_ACKNOWLEDGMENT | (isSyn ? IS_OPENING : 0)
    this.end = end
    this.sentAt = time
    this.sentFrame = frame
  }

  /** Bytes from `sequence` on passed again: which of the two is acknowledged can't be told (Karn's rule, RFC 6298 §3). */
  sentAgain(sequence: number, frame: number, time: number): void {
    const { state } = this
    if ((state & AWAITS_ACKNOWLEDGMENT) === 0 || !sequenceAfter(this.end, sequence)) return
    this.state = ((state & IS_OPENING) !== 0 ? state : state & ~AWAITS_ACKNOWLEDGMENT) | IS_AMBIGUOUS
    this.sentAt = time
    this.sentFrame = frame
  }

  /** A packet with timestamps passes towards this end. */
  stamped(packet: Packet, time: number): void {
    const { state } = this
    const timestamp = packet.tcp.timestampValue | 0
    // an earlier packet may have carried it: what echoes it may be an answer to that one
    if ((state & KNOWS_TIMESTAMP) !== 0 && !sequenceAfter(timestamp, this.newest)) return
    this.newest = timestamp
    this.newestAt = time
    this.newestFrame = packet.number
    this.state = state | KNOWS_TIMESTAMP | AWAITS_ECHO
    if ((state & AWAITS_ECHO) !== 0) return
    this.timestamp = timestamp
    this.stampedAt = time
    this.stampedFrame = packet.number
  }

  /** A packet with an acknowledgment comes from this end. */
  answered(packet: Packet, time: number): void {
    const tcp = packet.tcp
    const { state } = this
    const isAnswered = (state & AWAITS_ACKNOWLEDGMENT) !== 0 && !sequenceAfter(this.end, tcp.acknowledgment)
    const echoes =
      (state & AWAITS_ECHO) !== 0 && tcp.hasTimestamps && !sequenceAfter(this.timestamp, tcp.timestampEcho | 0)
    if (!isAnswered && !echoes) return
    const acknowledges = isAnswered && (state & IS_AMBIGUOUS) === 0
    this.state = state & ~((isAnswered ? AWAITS_ACKNOWLEDGMENT : 0) | (echoes ? AWAITS_ECHO : 0))
    if (isAnswered && !acknowledges) this.#answersEither(time - this.sentAt, packet.number)
    if (acknowledges && (state & IS_OPENING) !== 0) {
      this.opening = time - this.sentAt
      this.openingAsked = this.sentFrame
      this.openingAnswer = packet.number
    }
    if (echoes && this.newest !== this.timestamp && this.newest === (tcp.timestampEcho | 0)) {
      // the one that was waited for had no answer of its own: a SYN that was lost, or data that shares its acknowledgment
      this.stampedAt = this.newestAt
      this.stampedFrame = this.newestFrame
    }
    // mostly one packet asks, and one answers, in both ways
    if (echoes && !(acknowledges && this.sentAt > this.stampedAt)) {
      this.#sample(time - this.stampedAt, this.stampedFrame, packet.number)
    } else if (acknowledges) this.#sample(time - this.sentAt, this.sentFrame, packet.number)
  }

  /** New bytes that passed at `sentAt` in one frame are selectively acknowledged in another (RFC 2018): while a gap is open, that tells alone. */
  selected(sentAt: number, asked: number, answeredAt: number, answer: number): void {
    this.#sample(answeredAt - sentAt, asked, answer)
  }

  /** All but one of those kept take at least this, ns: a single packet may have passed all others. 0: none was seen. */
  soonest(): number {
    if (this.samples < 4) return this.typical()
    return this.#kept.slice(0, this.samples).sort()[1] ?? 0
  }

  /** A quarter of those kept are shorter than this, ns: now and then a network lets a packet pass all others. 0: none was seen. */
  typical(): number {
    if (this.samples === 0) return Math.max(0, this.atLeast)
    if (this.samples < 4) return this.shortest
    const kept = this.#kept
    const count = Math.min(this.samples, kept.length)
    // the quarter of eight at most ends among the three shortest
    let [first, second, third] = [Infinity, Infinity, Infinity]
    for (let i = 0; i < count; i++) {
      const duration = kept[i] ?? 0
      if (duration < first) [first, second, third] = [duration, first, second]
      else if (duration < second) [second, third] = [duration, second]
      else if (duration < third) third = duration
    }
    return count < kept.length ? second : third
  }

  #answersEither(duration: number, answer: number): void {
    this.atLeast = duration
    if (this.samples > 0) return
    this.askedFrame = this.sentFrame
    this.answerFrame = answer
  }

  get #kept(): Float64Array {
    const first = (this.at >> 1) + FIRST_KEPT
    return this.slab.floats.subarray(first, first + 2 * KEPT)
  }

  #sample(duration: number, asked: number, answer: number): void {
    if (duration < 0) return
    const n = this.samples++
    if (n >= 2) {
      const { floats } = this.slab
      const kept = (this.at >> 1) + FIRST_KEPT
      if (n === 2) {
        floats[kept] = this.shortest
        floats[kept + 1] = this.longest
        floats.fill(0, kept + 2, kept + 2 * KEPT)
      }
      floats[kept + (n < KEPT ? n : KEPT + (n % KEPT))] = duration
    }
    if (duration > this.longest) this.longest = duration
    if (duration >= this.shortest) return
    this.shortest = duration
    this.askedFrame = asked
    this.answerFrame = answer
  }
}

/** where the kept ones are in the record */
const FIRST_KEPT = Reaction.offsets.kept0
