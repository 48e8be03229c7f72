/**
 * The way between the two ends of a TCP connection, seen from the capture in its middle: what passes there, when, and in
 * which order, after the network has lost, reordered and copied what it will. Both ends behave as RFC 5681 and 6298 ask, in
 * outline: a flight of segments, the receiver's ACKs, then what was lost again, after three duplicate ACKs or a timeout.
 */
import type { Story } from './scheduler.js'
import type { TcpPeer } from './tcp-peer.js'
import { ACK, type Options, type Segment, writeSegment } from './tcp-segment.js'
import type { World } from './world.js'

/** microseconds */
export const RETRANSMISSION_TIMEOUT = 200_000

export class TcpPath {
  /** tcp.stream; -1 until the capture has seen the first packet */
  stream = -1
  readonly #world: World
  readonly #options: Options
  readonly #client: TcpPeer
  readonly #server: TcpPeer

  constructor(world: World, options: Options, client: TcpPeer, server: TcpPeer) {
    this.#world = world
    this.#options = options
    this.#client = client
    this.#server = server
  }

  /** Sends the segments until all of them have arrived and been acknowledged. */
  *deliver(from: TcpPeer, to: TcpPeer, segments: Segment[], rides: boolean): Story {
    let queue = segments
    for (let timeouts = 0; ; ) {
      const acknowledged = from.acknowledged
      from.duplicateAcks = 0
      const arrivals = yield* this.#sendFlight(from, queue)
      yield to.awayAndBack
      yield* this.#acknowledge(from, to, arrivals, rides && timeouts === 0)
      if (from.acknowledged === from.next) return
      const missing = segments.filter((segment) => from.misses(segment))
      const isFast = from.duplicateAcks >= 3
      // a partial ACK tells of the next hole at once (RFC 6582)
      if (isFast || (queue !== segments && from.acknowledged > acknowledged)) yield from.awayAndBack
      else yield RETRANSMISSION_TIMEOUT << Math.min(timeouts++, 6)
      queue = isFast && this.#options.sack ? missing : missing.slice(0, 1)
    }
  }

  /** What passes the capture of the flight, in the order in which the network lets it; gives what arrives behind it. */
  *#sendFlight(from: TcpPeer, segments: readonly Segment[]): Generator<number, Segment[], void> {
    const { random, network } = this.#world
    const passing: Segment[] = []
    for (const segment of segments) {
      from.stamp(segment, this.#world.now)
      passing.push(segment)
      if (random.chance(network.duplication)) passing.push(segment)
    }
    for (let i = passing.length - 2; i >= 0; i--) {
      // held back, so that one to three of those behind it overtake it
      if (random.chance(network.reordering)) passing.splice(i + random.between(1, 3), 0, ...passing.splice(i, 1))
    }
    const arrivals: Segment[] = []
    let highest = -1
    for (const segment of passing) {
      const seen = segment.seen
      if (this.#pass(from, segment)) arrivals.push(segment)
      if (segment.seen > seen) {
        if (segment.sequence > highest) highest = segment.sequence
        else if (segment.seen === 1 && segment.sends === 1) from.truth.outOfOrder++
      }
      yield random.between(1, 30)
    }
    return arrivals
  }

  /** The receiver takes what arrived and acknowledges it. With `rides`, it leaves the last ACK to data of its own. */
  *#acknowledge(from: TcpPeer, to: TcpPeer, arrivals: readonly Segment[], rides: boolean): Story {
    let waiting = 0
    for (const segment of arrivals) {
      const reply = to.receive(segment)
      waiting++
      // every second segment at least is acknowledged at once (RFC 1122 §4.2.3.2)
      if (reply === 'ack later' && (waiting < 2 || (rides && to.received === from.next))) continue
      from.hear(this.sendAck(to, reply === 'duplicate ack'))
      waiting = 0
      yield this.#world.random.between(1, 30)
    }
    if (waiting === 0) return
    if (rides && to.received === from.next) from.acknowledged = from.next
    else from.hear(this.sendAck(to, false))
  }

  /** Sends an ACK of its own; gives it if it arrives. */
  sendAck(from: TcpPeer, isDuplicate: boolean): Segment | undefined {
    const ack = from.cut(ACK, 0)
    ack.sack = from.sackBlocks(this.#options)
    const arrives = this.send(from, ack)
    if (isDuplicate) from.truth.duplicateAcks += ack.seen
    return arrives ? ack : undefined
  }

  send(from: TcpPeer, segment: Segment): boolean {
    from.stamp(segment, this.#world.now)
    return this.#pass(from, segment)
  }

  /** Sends a segment that the network does not lose. */
  sendSurely(from: TcpPeer, segment: Segment): void {
    from.stamp(segment, this.#world.now)
    this.#capture(from, segment)
  }

  /** The segment goes on its way, past the capture; whether it arrives. */
  #pass(from: TcpPeer, segment: Segment): boolean {
    const { random, network } = this.#world
    const isLost = random.chance(network.loss)
    if (isLost && random.chance(0.5)) {
      from.truth.lostBefore++
      return false
    }
    this.#capture(from, segment)
    if (isLost) from.truth.lostAfter++
    return !isLost
  }

  #capture(from: TcpPeer, segment: Segment): void {
    const { truth } = from
    const { length } = segment
    segment.seen++
    segment.seenSinceSent++
    truth.payloadBytes += length
    if (segment.seen === 1) truth.uniqueBytes += length
    if (segment.seenSinceSent > 1) {
      truth.duplicates++
    } else if (segment.sends > 1) {
      truth.retransmissions++
      truth.retransmittedBytes += length
    }
    if (this.stream < 0) this.stream = this.#world.tcpSessions++
    const to = from === this.#client ? this.#server : this.#client
    const { out, now } = this.#world
    truth.frames++
    truth.frameBytes += writeSegment(out, now, segment, from, to.initialSequence, this.#options)
  }
}
