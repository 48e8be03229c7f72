/**
 * In which order the sender sent two segments, by what it wrote into them. New data is always sent in the order of its
 * sequence numbers, so a segment that was sent *after* one with later bytes has been sent again; one that was sent
 * *before* all of them and comes after them has been overtaken on the way.
 */
import { sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { type Packet, SYN } from '../../../packet.js'
import { record } from '../../record.js'
import { packetSize } from './offload.js'
import type { Sighting } from './sighting.js'

/** How one segment stands to another in the order of sending. `unknown`: this clock does not say. */
export const Sent = { unknown: -2, before: -1, together: 0, after: 1 } as const
export type Sent = (typeof Sent)[keyof typeof Sent]

function sign(difference: number): Sent {
  return difference > 0 ? Sent.after : difference < 0 ? Sent.before : Sent.together
}

/**
 * Hosts that fill in the IP identification (RFC 6864) count it up by one a packet, most of them; see IdentificationHabit. Of
 * segments that were several packets, those are compared that have the same bytes. `mss`: see packetSize.
 */
export function byIdentification(segment: Sighting, other: Sighting, mss: number): Sent {
  if (segment.identification === 0 || other.identification === 0) return Sent.unknown
  const at = sequenceBefore(segment.sequence, other.sequence) ? other.sequence : segment.sequence
  return sign(((segment.numberAt(at, mss) - other.numberAt(at, mss)) << 16) >> 16)
}

/**
 * The segment is numbered before another one with later bytes, by fewer than it takes to send what lies between them: so a part of that
 * had been sent before the segment was, and the segment has been sent again. `mss`: see packetSize.
 */
export function leavesNoRoom(segment: Sighting, other: Sighting, mss: number): boolean {
  const between = sequenceDifference(other.sequence, segment.end)
  if (between <= 0) return false
  const longest = Math.max(
    sequenceDifference(segment.end, segment.sequence),
    sequenceDifference(other.end, other.sequence),
  )
  const size = mss > 0 ? packetSize(mss, segment.hasTimestamps) : Math.max(longest, packetSize(mss, false))
  const numbers = (other.identification - segment.numberAt(other.sequence, mss)) & 0xffff
  return numbers <= Math.ceil(between / size)
}

/**
 * TSval never goes back, and a segment sent again carries the time at which it was (RFC 7323 §3.2). Within one tick
 * of that clock TSecr goes on telling: it is the latest TSval that the sender has had from the other end (§4.3).
 */
export function byTimestamps(segment: Sighting, other: Sighting): Sent {
  if (!segment.hasTimestamps || !other.hasTimestamps) return Sent.unknown
  const difference = sequenceDifference(segment.timestampValue, other.timestampValue)
  // a first SYN echoes and acknowledges nothing
  if (difference !== 0 || !segment.acknowledges || !other.acknowledges) return sign(difference)
  return sign(sequenceDifference(segment.timestampEcho, other.timestampEcho))
}

/** What a host acknowledges never goes back (RFC 9293 §3.10.7.4); a segment sent again acknowledges what has come in since. */
export function byAcknowledgment(segment: Sighting, other: Sighting): Sent {
  if (!segment.acknowledges || !other.acknowledges) return Sent.unknown
  return sign(sequenceDifference(segment.acknowledgment, other.acknowledgment))
}

/** How a host numbers its packets: whether the IP identification can be trusted to tell their order. */
export class IdentificationHabit extends record(
  [
    'last',
    'steps',
    'jumps',
    'repeats',
    /** steps that leave numbers out */
    'gaps',
    /** the highest so far, as the sender counts */
    'newest',
    /** of the packet observed last: how many numbers it leaves out after the highest before it; -1: it comes late itself */
    'skipped',
    /** how many numbers it took beyond its first, as far as its size tells; -1: long ones take no more than one here either */
    'span',
    /** of the last packet whose sequence number says that nothing beyond all that was seen had been sent; 0: none was seen */
    'clear',
  ],
  [],
) {
  reset(): void {
    this.last = this.newest = -1
    this.steps = this.jumps = this.repeats = this.gaps = this.skipped = this.span = this.clear = 0
  }

  /**
   * What was sent behind the packet observed last has one of the numbers that this would have taken, had a network card cut it up:
   * it was one packet, however long it is, and so are those to come.
   */
  finds(packet: Packet): void {
    const { span, last } = this
    if (span <= 0 || packet.networkVersion !== 4 || (packet.tcp.flags & SYN) !== 0) return
    if (((last - packet.identification) & 0xffff) >= span) return
    this.last = (last - span) & 0xffff
    if (this.newest === last) this.newest = this.last
    this.span = -1
  }

  /** The packet observed last has no data, and its sequence number is the end of all that was seen: that is what its sender sends next. */
  clears(packet: Packet): void {
    if (packet.networkVersion === 4 && packet.identification !== 0 && this.skipped >= 0)
      this.clear = packet.identification
  }

  /** See `finds`. */
  get isUncut(): boolean {
    return this.span < 0
  }

  /** `packets`: so many it was on the wire, each with a number of its own. */
  observe(packet: Packet, packets: number): void {
    // Linux answers a SYN with identification 0 and counts from a random one afterwards
    if (packet.networkVersion !== 4 || (packet.tcp.flags & SYN) !== 0) return
    const identification = packet.identification
    if (this.last >= 0) {
      const step = ((identification - this.last) << 16) >> 16
      if (step === 0) this.repeats++
      else if (step > -NEAR && step < NEAR) this.steps++
      else this.jumps++
    }
    const span = identification === 0 ? 0 : packets - 1
    const last = (identification + span) & 0xffff
    this.last = last
    if (this.span >= 0) this.span = span
    const ahead = this.newest < 0 ? 1 : ((identification - this.newest) << 16) >> 16
    this.skipped = ahead > 0 ? ahead - 1 : -1
    if (ahead > 0) this.newest = last
    if (ahead > 1) this.gaps++
  }

  /** Each packet has its own: one that comes twice is a copy. */
  get isDistinct(): boolean {
    return this.steps + this.jumps > this.repeats
  }

  /** It counts up. */
  get isCounter(): boolean {
    return this.isDistinct && this.steps > 8 * this.jumps
  }

  /** It counts for this session alone, so that a number that was never seen is of a packet that was lost. */
  get isOwnCounter(): boolean {
    return this.isCounter && this.steps >= 3 * this.gaps
  }
}

/** A counter moves less than this from one packet to the next that is captured; random numbers seldom do (0.8 %). */
export const NEAR = 256
