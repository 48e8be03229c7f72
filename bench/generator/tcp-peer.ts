/** One end of a TCP connection: what it has sent, and what has come to it. */
import { Flow, TCP } from './frames.js'
import type { Endpoint } from './hosts.js'
import type { Random } from './random.js'
import { endOf, newSegment, type Options, type Range, type Segment, type Sender } from './tcp-segment.js'
import type { TcpSide } from './truth.js'

/** What a segment that came in asks of its receiver (RFC 5681 §4.2). */
export type Reply = 'ack later' | 'ack now' | 'duplicate ack'

export class TcpPeer implements Sender {
  readonly flow: Flow
  readonly initialSequence: number
  readonly payloadBase: number
  readonly window: number
  readonly truth: TcpSide
  /** microseconds from the capture to it and back */
  readonly awayAndBack: number

  /** sequence number of what it will send next */
  next = 0
  /** everything before has been acknowledged to it, as far as it knows; and what lies beyond (SACK) */
  acknowledged = 0
  sacked: readonly Range[] = []
  duplicateAcks = 0

  /** everything before has come to it; and what lies beyond, in order */
  received = 0
  #beyond: Range[] = []

  #identification: number
  readonly #clockStart: number
  #echo = 0

  constructor(
    random: Random,
    from: Endpoint,
    to: Endpoint,
    hops: number,
    awayAndBack: number,
    initialSequence: number,
  ) {
    this.flow = new Flow(from, to, TCP, hops)
    this.initialSequence = initialSequence
    this.payloadBase = random.bits()
    this.window = random.pick([64_240, 65_160, 131_072, 262_144])
    this.awayAndBack = awayAndBack
    this.#identification = random.bits()
    this.#clockStart = random.bits() >>> 1
    this.truth = {
      address: from.host.text,
      port: from.port,
      frames: 0,
      frameBytes: 0,
      payloadBytes: 0,
      uniqueBytes: 0,
      retransmissions: 0,
      retransmittedBytes: 0,
      outOfOrder: 0,
      duplicates: 0,
      duplicateAcks: 0,
      lostBefore: 0,
      lostAfter: 0,
    }
  }

  /** A segment of what it sends next. */
  cut(flags: number, length: number): Segment {
    const segment = newSegment(flags, this.next, length)
    this.next = endOf(segment)
    return segment
  }

  /** The segment leaves, for the first time or again, with what is true at this moment. */
  stamp(segment: Segment, now: number): void {
    segment.acknowledgment = this.received
    segment.identification = this.#identification++ & 0xffff
    // ticks of a millisecond (RFC 7323 §5.4)
    segment.timestamp = this.#clockStart + Math.floor(now / 1000)
    segment.echo = this.#echo
    segment.sends++
    segment.seenSinceSent = 0
  }

  /** The SACK blocks that tell of `#beyond`; with timestamps there is room for three (RFC 2018 §3). */
  sackBlocks(options: Options): readonly Range[] {
    if (!options.sack || this.#beyond.length === 0) return []
    return this.#beyond.slice(0, options.timestamps ? 3 : 4)
  }

  receive(segment: Segment): Reply {
    const end = endOf(segment)
    if (end <= this.received) return 'duplicate ack'
    if (segment.sequence > this.received) {
      this.#keep(segment.sequence, end)
      return 'duplicate ack'
    }
    this.#echo = segment.timestamp
    this.received = end
    const next = this.#beyond[0]
    if (next === undefined) return 'ack later'
    if (next[0] <= end) {
      this.received = next[1]
      this.#beyond.shift()
    }
    return 'ack now'
  }

  /** An ACK has come with its SACK blocks, or was lost. */
  hear(ack: Segment | undefined): void {
    if (ack === undefined) return
    if (ack.acknowledgment > this.acknowledged) {
      this.acknowledged = ack.acknowledgment
      this.duplicateAcks = 0
    } else {
      this.duplicateAcks++
    }
    this.sacked = ack.sack
  }

  /** Whether it must believe that the segment never arrived. */
  misses(segment: Segment): boolean {
    const end = endOf(segment)
    if (end <= this.acknowledged) return false
    return !this.sacked.some(([left, right]) => left <= segment.sequence && end <= right)
  }

  #keep(start: number, end: number): void {
    const ranges = [...this.#beyond, [start, end] as const].sort((a, b) => a[0] - b[0])
    const merged: Range[] = []
    for (const [left, right] of ranges) {
      const last = merged.at(-1)
      if (last !== undefined && left <= last[1]) merged[merged.length - 1] = [last[0], Math.max(last[1], right)]
      else merged.push([left, right])
    }
    this.#beyond = merged
  }
}
