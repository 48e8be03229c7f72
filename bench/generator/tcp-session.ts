/**
 * The life of one TCP connection, told at the capture point in the middle: what passes there, when, and in which order,
 * after the network has lost, reordered and copied what it will. Both ends behave as RFC 9293, 5681 and 6298 ask, in
 * outline: a flight of segments, the receiver's ACKs, then what was lost again, after three duplicate ACKs or a timeout.
 */
import type { Endpoint } from './hosts.js'
import type { Story } from './scheduler.js'
import { TcpPeer } from './tcp-peer.js'
import { ACK, FIN, type Options, PSH, RST, type Segment, SYN, writeSegment } from './tcp-segment.js'
import type { TcpEnding, TcpTruth } from './truth.js'
import type { World } from './world.js'

type Bounds = readonly [low: number, high: number]

export interface TcpPlan {
  readonly client: Endpoint
  readonly server: Endpoint
  readonly options: Options
  readonly ending: TcpEnding
  /** requests and their responses */
  readonly exchanges: number
  /** bytes of a request, of a response, and of a segment of either */
  readonly request: Bounds
  readonly response: Bounds
  readonly segment: Bounds
  /** segments sent before the first ACK is waited for */
  readonly flight: Bounds
}

/** microseconds */
const RETRANSMISSION_TIMEOUT = 200_000
const SYN_TIMEOUT = 1_000_000
const SYN_TRIES = 4

export function* tcpSession(world: World, plan: TcpPlan): Story {
  const session = new TcpSession(world, plan)
  yield* session.live()
  world.record(session.finish())
}

class TcpSession {
  readonly #world: World
  readonly #plan: TcpPlan
  readonly #client: TcpPeer
  readonly #server: TcpPeer
  readonly #truth: TcpTruth

  constructor(world: World, plan: TcpPlan) {
    const { random } = world
    this.#world = world
    this.#plan = plan
    this.#client = new TcpPeer(random, plan.client, plan.server, 64, random.between(20, 15_000), random.bits())
    // whoever refuses numbers nothing of its own (RFC 9293 §3.10.7.1)
    const serverSequence = plan.ending === 'refused' ? 0 : random.bits()
    this.#server = new TcpPeer(random, plan.server, plan.client, 61, random.between(50, 10_000), serverSequence)
    this.#truth = {
      protocol: 'tcp',
      stream: -1,
      client: this.#client.truth,
      server: this.#server.truth,
      ending: plan.ending,
    }
  }

  finish(): TcpTruth {
    for (const peer of [this.#client, this.#server]) {
      peer.truth.frames = peer.flow.frames
      peer.truth.frameBytes = peer.flow.frameBytes
    }
    return this.#truth
  }

  *live(): Story {
    const { exchanges, ending, request, response } = this.#plan
    const { random } = this.#world
    const client = this.#client
    const server = this.#server
    if (ending === 'unanswered') return yield* this.#knock()
    if (ending === 'refused') return yield* this.#beRefused()
    yield* this.#handshake()
    for (let i = 0; i < exchanges; i++) {
      yield* this.#transfer(client, server, random.between(...request), random.chance(0.7))
      yield this.#awayAndBack(server) + random.between(50, 5_000)
      yield* this.#transfer(server, client, random.between(...response), random.chance(0.3))
      // mostly the next request follows at once; sometimes somebody thinks
      yield random.chance(0.1) ? random.between(50_000, 800_000) : random.between(100, 20_000)
    }
    switch (ending) {
      case 'client-first':
        return yield* this.#close(client, server)
      case 'server-first':
        return yield* this.#close(server, client)
      case 'half-closed':
        yield* this.#finish(client, server, false)
        yield random.between(1_000, 300_000)
        yield* this.#transfer(server, client, random.between(...response), false)
        return yield* this.#finish(server, client, false)
      case 'simultaneous':
        return yield* this.#closeTogether()
      case 'reset-by-client':
        return yield* this.#reset(client, server)
      case 'reset-by-server':
        return yield* this.#reset(server, client)
      case 'silent':
    }
  }

  /** The SYN is sent again and again, and nobody is there. */
  *#knock(): Story {
    const syn = this.#client.cut(SYN, 0)
    for (let attempt = 0; attempt < SYN_TRIES; attempt++) {
      this.#send(this.#client, syn)
      yield SYN_TIMEOUT << attempt
    }
  }

  *#beRefused(): Story {
    yield* this.#sendSyn(this.#client, this.#server, SYN)
    const reset = this.#server.cut(RST | ACK, 0)
    this.#server.stamp(reset, this.#world.now)
    // whoever refuses has no connection, hence no options of one
    reset.timestamp = -1
    this.#capture(this.#server, reset)
  }

  *#handshake(): Story {
    yield* this.#sendSyn(this.#client, this.#server, SYN)
    yield* this.#sendSyn(this.#server, this.#client, SYN | ACK)
    this.#client.acknowledged = 1
    this.#server.acknowledged = 1
    this.#sendAck(this.#client, false)
    yield this.#world.random.between(10, 2_000)
  }

  /** Sends a SYN until it arrives, and waits until the other end can answer. */
  *#sendSyn(from: TcpPeer, to: TcpPeer, flags: number): Story {
    const syn = from.cut(flags, 0)
    for (let attempt = 0; !this.#send(from, syn); attempt++) yield SYN_TIMEOUT << attempt
    to.receive(syn)
    yield this.#awayAndBack(to)
  }

  /** `bytes` go from one end to the other, in flights. With `rides`, the last ACK is left to the next data that goes back. */
  *#transfer(from: TcpPeer, to: TcpPeer, bytes: number, rides: boolean): Story {
    const { random } = this.#world
    const { segment, flight } = this.#plan
    let left = bytes
    while (left > 0) {
      const segments: Segment[] = []
      for (let room = random.between(...flight); room > 0 && left > 0; room--) {
        const length = Math.min(left, random.between(...segment))
        left -= length
        segments.push(from.cut(left === 0 ? PSH | ACK : ACK, length))
      }
      yield* this.#deliver(from, to, segments, rides && left === 0)
    }
  }

  *#finish(from: TcpPeer, to: TcpPeer, rides: boolean): Story {
    yield* this.#deliver(from, to, [from.cut(FIN | ACK, 0)], rides)
  }

  /** The orderly end: in three segments, or in four where the second end takes its time. */
  *#close(first: TcpPeer, second: TcpPeer): Story {
    const inThree = this.#world.random.chance(0.6)
    yield* this.#finish(first, second, inThree)
    yield this.#awayAndBack(second) + (inThree ? 0 : this.#world.random.between(100, 50_000))
    yield* this.#finish(second, first, false)
  }

  /** Both FINs are on their way before either arrives. */
  *#closeTogether(): Story {
    const client = this.#client
    const server = this.#server
    const clientFin = client.cut(FIN | ACK, 0)
    const serverFin = server.cut(FIN | ACK, 0)
    client.stamp(clientFin, this.#world.now)
    this.#capture(client, clientFin)
    yield 10
    server.stamp(serverFin, this.#world.now)
    this.#capture(server, serverFin)
    yield this.#awayAndBack(server)
    server.receive(clientFin)
    this.#sendAck(server, false)
    yield this.#awayAndBack(client)
    client.receive(serverFin)
    this.#sendAck(client, false)
  }

  /** One end goes away in the middle of what the other sends. */
  *#reset(by: TcpPeer, other: TcpPeer): Story {
    const { random } = this.#world
    for (let i = random.between(1, 3); i > 0; i--) {
      this.#send(other, other.cut(PSH | ACK, random.between(...this.#plan.segment)))
      yield random.between(5, 200)
    }
    yield this.#awayAndBack(by)
    const reset = by.cut(RST | ACK, 0)
    by.stamp(reset, this.#world.now)
    this.#capture(by, reset)
  }

  /** Sends the segments until all of them have arrived and been acknowledged. */
  *#deliver(from: TcpPeer, to: TcpPeer, segments: Segment[], rides: boolean): Story {
    let queue = segments
    for (let timeouts = 0; ; ) {
      const acknowledged = from.acknowledged
      from.duplicateAcks = 0
      const arrivals = yield* this.#sendFlight(from, queue)
      yield this.#awayAndBack(to)
      yield* this.#acknowledge(from, to, arrivals, rides && timeouts === 0)
      if (from.acknowledged === from.next) return
      const missing = segments.filter((segment) => from.misses(segment))
      const isFast = from.duplicateAcks >= 3
      // a partial ACK tells of the next hole at once (RFC 6582)
      if (isFast || (queue !== segments && from.acknowledged > acknowledged)) yield this.#awayAndBack(from)
      else yield RETRANSMISSION_TIMEOUT << Math.min(timeouts++, 6)
      queue = isFast && this.#plan.options.sack ? missing : missing.slice(0, 1)
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
      from.hear(this.#sendAck(to, reply === 'duplicate ack'))
      waiting = 0
      yield this.#world.random.between(1, 30)
    }
    if (waiting === 0) return
    if (rides && to.received === from.next) from.acknowledged = from.next
    else from.hear(this.#sendAck(to, false))
  }

  /** Sends an ACK of its own; gives it if it arrives. */
  #sendAck(from: TcpPeer, isDuplicate: boolean): Segment | undefined {
    const ack = from.cut(ACK, 0)
    ack.sack = from.sackBlocks(this.#plan.options)
    const arrives = this.#send(from, ack)
    if (isDuplicate) from.truth.duplicateAcks += ack.seen
    return arrives ? ack : undefined
  }

  #send(from: TcpPeer, segment: Segment): boolean {
    from.stamp(segment, this.#world.now)
    return this.#pass(from, segment)
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
    if (this.#truth.stream < 0) this.#truth.stream = this.#world.tcpSessions++
    const to = from === this.#client ? this.#server : this.#client
    writeSegment(this.#world.out, this.#world.now, segment, from, to.initialSequence, this.#plan.options)
  }

  /** From the capture to an end and back to the capture. */
  #awayAndBack(to: TcpPeer): number {
    return 2 * to.distance
  }
}
