/** One UDP conversation while it is open: who asked, who answered, what was left unanswered. Pooled. */
import type { Packet } from '../../packet.js'
import type { PacketFacts, Side } from '../facts.js'
import { Phase } from '../phases.js'
import { SessionBase } from '../session.js'

/** Requests kept waiting for their reply; when more are open, the oldest counts as unanswered. */
const MAX_WAITING = 64

/** A request that waited longer, in ns, when the next one was sent is taken to be lost: the next one is the retry. */
const PATIENCE = 1e9

export class UdpEndpoint {
  address = 0
  port = 0
  packets = 0
  payloadBytes = 0
  largestPayload = 0
  badChecksums = 0
  partialChecksums = 0

  reset(address: number, port: number): void {
    this.address = address
    this.port = port
    this.packets = 0
    this.payloadBytes = 0
    this.largestPayload = 0
    this.badChecksums = 0
    this.partialChecksums = 0
  }
}

export class UdpSession extends SessionBase {
  readonly protocol = 'udp'
  /** UDP has no end */
  readonly over = false
  readonly sides: readonly [UdpEndpoint, UdpEndpoint] = [new UdpEndpoint(), new UdpEndpoint()]
  /** requests that were followed by a reply, in order */
  answered = 0
  unansweredDropped = 0
  /** frames and times of requests that wait for a reply: frame, time, frame, time, … */
  readonly waiting: number[] = []
  /** ns from request to reply */
  minimumReply = Number.POSITIVE_INFINITY
  maximumReply = 0
  totalReply = 0

  get client(): UdpEndpoint {
    return this.sides[this.clientSide]
  }

  get server(): UdpEndpoint {
    return this.sides[this.clientSide === 0 ? 1 : 0]
  }

  get unanswered(): number {
    return this.unansweredDropped + this.waiting.length / 2
  }

  /** The first sender is the client, unless its port is a well-known one and the other's is not. */
  open(number: number, packet: Packet, sourceAddress: number, destinationAddress: number): void {
    this.begin(number, packet)
    this.sides[0].reset(sourceAddress, packet.sourcePort)
    this.sides[1].reset(destinationAddress, packet.destinationPort)
    this.assumed = packet.sourcePort < 1024 && packet.destinationPort >= 1024
    this.clientSide = this.assumed ? 1 : 0
    this.answered = 0
    this.unansweredDropped = 0
    this.waiting.length = 0
    this.minimumReply = Number.POSITIVE_INFINITY
    this.maximumReply = 0
    this.totalReply = 0
  }

  /** Takes in the next datagram, sent by `side`. Fills `facts`. */
  update(packet: Packet, side: Side, facts: PacketFacts): void {
    const time = this.timeOf(packet)
    facts.side = side
    facts.time = time
    facts.gap = time - this.lastTime
    facts.phase = Phase.data
    this.count(packet, time)
    const sender = this.sides[side]
    sender.packets++
    sender.payloadBytes += packet.payloadLength
    facts.newBytes = packet.payloadLength
    if (packet.payloadLength > sender.largestPayload) sender.largestPayload = packet.payloadLength
    if (side === this.clientSide) this.#ask(packet.number, time)
    else facts.requestFrame = this.#answer(time, facts)
  }

  #ask(frame: number, time: number): void {
    const waiting = this.waiting
    while (waiting.length > 0 && (waiting.length >= MAX_WAITING * 2 || time - (waiting[1] ?? 0) > PATIENCE)) {
      waiting.splice(0, 2)
      this.unansweredDropped++
    }
    waiting.push(frame, time)
  }

  /** A reply answers the oldest request that waits. Returns that frame, 0 when none does. */
  #answer(time: number, facts: PacketFacts): number {
    const frame = this.waiting.shift()
    const asked = this.waiting.shift()
    if (frame === undefined || asked === undefined) return 0
    const delay = time - asked
    facts.replyTime = delay
    this.answered++
    this.totalReply += delay
    if (delay < this.minimumReply) this.minimumReply = delay
    if (delay > this.maximumReply) this.maximumReply = delay
    return frame
  }
}
