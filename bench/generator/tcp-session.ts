/** The life of one TCP connection, from the first SYN to whatever ends it (RFC 9293 §3.5, §3.6). */
import type { Endpoint } from './hosts.js'
import type { Story } from './scheduler.js'
import { RETRANSMISSION_TIMEOUT, TcpPath } from './tcp-path.js'
import { TcpPeer } from './tcp-peer.js'
import { ACK, FIN, type Options, PSH, RST, type Segment, SYN } from './tcp-segment.js'
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
const SYN_TIMEOUT = 1_000_000
const SYN_TRIES = 4

export function* tcpSession(world: World, plan: TcpPlan): Story {
  const session = new TcpSession(world, plan)
  yield* session.live()
  world.record(session.truth)
}

class TcpSession {
  readonly #world: World
  readonly #plan: TcpPlan
  readonly #client: TcpPeer
  readonly #server: TcpPeer
  readonly #path: TcpPath

  constructor(world: World, plan: TcpPlan) {
    const { random } = world
    this.#world = world
    this.#plan = plan
    this.#client = new TcpPeer(random, plan.client, plan.server, 64, random.between(40, 30_000), random.bits())
    // whoever refuses numbers nothing of its own (RFC 9293 §3.10.7.1)
    const serverSequence = plan.ending === 'refused' ? 0 : random.bits()
    this.#server = new TcpPeer(random, plan.server, plan.client, 61, random.between(100, 20_000), serverSequence)
    this.#path = new TcpPath(world, plan.options, this.#client, this.#server)
  }

  get truth(): TcpTruth {
    const { stream } = this.#path
    return {
      protocol: 'tcp',
      stream,
      client: this.#client.truth,
      server: this.#server.truth,
      ending: this.#plan.ending,
    }
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
      yield server.awayAndBack + random.between(50, 5_000)
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
      this.#path.send(this.#client, syn)
      yield SYN_TIMEOUT << attempt
    }
  }

  *#beRefused(): Story {
    yield* this.#sendSyn(this.#client, this.#server, SYN)
    this.#path.sendSurely(this.#server, this.#server.cut(RST | ACK, 0))
  }

  *#handshake(): Story {
    yield* this.#sendSyn(this.#client, this.#server, SYN)
    yield* this.#sendSyn(this.#server, this.#client, SYN | ACK)
    this.#client.acknowledged = 1
    this.#server.acknowledged = 1
    this.#path.sendAck(this.#client, false)
    yield this.#world.random.between(10, 2_000)
  }

  /** Sends a SYN until it arrives, and waits until the other end can answer. */
  *#sendSyn(from: TcpPeer, to: TcpPeer, flags: number): Story {
    const syn = from.cut(flags, 0)
    for (let attempt = 0; !this.#path.send(from, syn); attempt++) yield SYN_TIMEOUT << attempt
    to.receive(syn)
    yield to.awayAndBack
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
      yield* this.#path.deliver(from, to, segments, rides && left === 0)
    }
  }

  *#finish(from: TcpPeer, to: TcpPeer, rides: boolean): Story {
    yield* this.#path.deliver(from, to, [from.cut(FIN | ACK, 0)], rides)
  }

  /** The orderly end: in three segments, or in four where the second end takes its time. */
  *#close(first: TcpPeer, second: TcpPeer): Story {
    const inThree = this.#world.random.chance(0.6)
    yield* this.#finish(first, second, inThree)
    yield second.awayAndBack + (inThree ? 0 : this.#world.random.between(100, 50_000))
    yield* this.#finish(second, first, false)
  }

  /** Both FINs are on their way before either arrives. */
  *#closeTogether(): Story {
    const client = this.#client
    const server = this.#server
    const clientFin = client.cut(FIN | ACK, 0)
    const serverFin = server.cut(FIN | ACK, 0)
    this.#path.sendSurely(client, clientFin)
    yield 10
    this.#path.sendSurely(server, serverFin)
    yield server.awayAndBack
    yield* this.#answerFin(client, server, clientFin)
    yield* this.#answerFin(server, client, serverFin)
  }

  /** A FIN has arrived; until the ACK does, it is sent again. */
  *#answerFin(from: TcpPeer, to: TcpPeer, fin: Segment): Story {
    to.receive(fin)
    while (this.#path.sendAck(to, false) === undefined) {
      yield RETRANSMISSION_TIMEOUT
      this.#path.sendSurely(from, fin)
      yield to.awayAndBack
    }
    yield from.awayAndBack
  }

  /** One end goes away in the middle of what the other sends. */
  *#reset(by: TcpPeer, other: TcpPeer): Story {
    const { random } = this.#world
    for (let i = random.between(1, 3); i > 0; i--) {
      this.#path.send(other, other.cut(PSH | ACK, random.between(...this.#plan.segment)))
      yield random.between(5, 200)
    }
    yield by.awayAndBack
    this.#path.sendSurely(by, by.cut(RST | ACK, 0))
  }
}
