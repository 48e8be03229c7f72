/** One UDP conversation while it is open: who asked, who answered, what was left unanswered. */
import type { Packet } from '../../packet.js'
import type { PacketFacts, Side } from '../facts.js'
import type { FlowKey } from '../flow-key.js'
import { Phase } from '../phases.js'
import { record, type Slab } from '../record.js'
import { SessionBase, SessionSlabs, type Traffic } from '../session.js'

/** Requests kept waiting for their reply; when more are open, the oldest counts as unanswered. */
const MAX_WAITING = 64

/** A request that waited longer, in ns, when the next one was sent is taken to be lost: the next one is the retry. */
const PATIENCE = 1e9

/** Clients of RPC take a port from here on, which shows that they are root (bindresvport(3)); below are servers. */
const RESERVED_FOR_CLIENTS = 600
const UNPRIVILEGED = 1024

export class UdpEndpoint extends record(['address', 'port', 'largestPayload', 'badChecksums', 'partialChecksums'], []) {
  readonly traffic: Traffic

  constructor(slab: Slab, traffic: Traffic) {
    super(slab)
    this.traffic = traffic
  }
}

/** How often requests were answered; times are ns from request to reply. */
class Replies extends record(['answered', 'unansweredBefore'], ['minimum', 'maximum', 'total']) {
  get mean(): number {
    return Math.round(this.total / this.answered)
  }
}

export class UdpSession extends SessionBase {
  readonly protocol = 'udp'
  readonly sides: readonly [UdpEndpoint, UdpEndpoint]
  readonly replies: Replies

  static override readonly words = SessionBase.words + 2 * UdpEndpoint.words + Replies.words

  constructor(table: UdpSessions) {
    super(table.slabs)
    const [a, b] = this.traffic
    this.sides = [new UdpEndpoint(this.slab, a), new UdpEndpoint(this.slab, b)]
    this.replies = new Replies(this.slab)
  }

  override select(slot: number): this {
    super.select(slot)
    this.sides[0].at = this.at + SessionBase.words
    this.sides[1].at = this.sides[0].at + UdpEndpoint.words
    this.replies.at = this.sides[1].at + UdpEndpoint.words
    return this
  }

  get client(): UdpEndpoint {
    return this.sides[this.clientSide]
  }

  get server(): UdpEndpoint {
    return this.sides[this.serverSide]
  }

  get unanswered(): number {
    return this.replies.unansweredBefore + (this.extras?.waiting?.length ?? 0) / 2
  }

  /** Zeek's letters, see history.ts. */
  get history(): string {
    return (this.client.traffic.packets > 0 ? 'D' : '') + (this.server.traffic.packets > 0 ? 'd' : '')
  }

  /** Begins a session. The first sender is the client, unless its port is a server's and the other's is not. */
  open(slot: number, number: number, packet: Packet, key: FlowKey): void {
    this.begin(slot, number, packet, key)
    key.name(this.sides)
    const { side } = key
    const isReply = packet.sourcePort < RESERVED_FOR_CLIENTS && packet.destinationPort >= UNPRIVILEGED
    this.isAssumed = isReply ? 1 : 0
    this.clientSideNumber = isReply ? 1 - side : side
    this.phaseNumber = Phase.data
  }

  /** Takes in the next datagram, sent by `side`. Fills `facts`. */
  update(packet: Packet, side: Side, facts: PacketFacts): void {
    const time = this.timeOf(packet)
    facts.side = side
    facts.time = time
    facts.gap = time - this.lastTime
    facts.phase = Phase.data
    facts.newBytes = packet.payloadLength
    this.count(packet, side, time)
    const sender = this.sides[side]
    sender.traffic.payloadBytes += packet.payloadLength
    if (packet.payloadLength > sender.largestPayload) sender.largestPayload = packet.payloadLength
    if (side === this.clientSide) this.#ask(packet.number, time)
    else this.#answer(time, facts)
  }

  #ask(frame: number, time: number): void {
    const extras = this.needExtras()
    extras.waiting ??= []
    const { waiting } = extras
    while (waiting.length > 0 && (waiting.length >= MAX_WAITING * 2 || time - (waiting[1] ?? 0) > PATIENCE)) {
      waiting.splice(0, 2)
      this.replies.unansweredBefore++
    }
    waiting.push(frame, time)
  }

  /** A reply answers the oldest request that waits. */
  #answer(time: number, facts: PacketFacts): void {
    const waiting = this.extras?.waiting
    const frame = waiting?.shift()
    const asked = waiting?.shift()
    if (frame === undefined || asked === undefined) return
    facts.requestFrame = frame
    facts.replyTime = time - asked
    const { replies } = this
    if (replies.answered === 0 || facts.replyTime < replies.minimum) replies.minimum = facts.replyTime
    if (facts.replyTime > replies.maximum) replies.maximum = facts.replyTime
    replies.answered++
    replies.total += facts.replyTime
  }
}

/** All open UDP sessions. */
export class UdpSessions {
  readonly slabs = new SessionSlabs(UdpSession.words)
  /** stands for the session of the packet at hand */
  readonly current = new UdpSession(this)
  readonly #departing = new UdpSession(this)

  departing(slot: number): UdpSession {
    return this.#departing.select(slot)
  }
}
