/** One UDP conversation while it is open: who asked, who answered, what was left unanswered, where it is requests and replies. */
import { ChecksumStatus } from '../../decode/checksums.js'
import type { Packet } from '../../packet.js'
import type { PacketFacts, Side } from '../facts.js'
import type { FlowKey } from '../flow-key.js'
import { Phase } from '../phases.js'
import { record, type Slab } from '../record.js'
import { SessionBase, SessionSlabs, type Traffic } from '../session.js'
import { Audience, audienceOf } from './audience.js'
import { connectionIn, continuesMedia, Inside } from './inside.js'
import { Latest } from './second-sight.js'
import { answersGroup, looksLikeReply } from './services.js'
import { isKnownToAnswer, shapeOf, type UdpShape } from './shape.js'
import { tokenOf } from './token.js'
import * as waiting from './waiting.js'

export class UdpEndpoint extends record(
  [
    'address',
    'port',
    'largestPayload',
    'badChecksums',
    'partialChecksums',
    /** datagrams that were captured once more */
    'seenAgain',
    // inside.ts
    'mediaSequence',
    'mediaSource',
    'mediaRun',
  ],
  [],
) {
  readonly traffic: Traffic
  readonly latest: Latest

  constructor(slab: Slab, traffic: Traffic) {
    super(slab)
    this.traffic = traffic
    this.latest = new Latest(slab)
  }

  /** Datagrams that it sent. */
  get packets(): number {
    return this.traffic.packets - this.seenAgain
  }
}

/** How often requests were answered; times are ns from request to reply. */
class Replies extends record(
  [
    'answered',
    'unansweredBefore',
    /** requests that were sent again */
    'repeated',
    /** the server's datagrams that no request waited for */
    'unasked',
    /** those that are to one of several requests, nothing says which: they are among the answered ones */
    'undecided',
  ],
  ['minimum', 'maximum', 'total'],
) {
  /** how many are known to the ns */
  get timed(): number {
    return this.answered - this.undecided
  }

  get mean(): number {
    return Math.round(this.total / this.timed)
  }
}

/** What is known of the conversation as a whole. */
class Character extends record(
  [
    /** audience.ts: of its first datagram */
    'audience',
    /** inside.ts */
    'inside',
    /** requests are not looked for (any more) */
    'isStream',
    /** the server's datagram that showed it, 0 if it was not one, and how many of the client's waited then */
    'doubtFrame',
    'doubtWaiting',
    /** an earlier pass has shown that it is no requests and replies in the end */
    'isForeseen',
  ],
  [],
) {}

export class UdpSession extends SessionBase {
  readonly protocol = 'udp'
  readonly sides: readonly [UdpEndpoint, UdpEndpoint]
  readonly replies: Replies
  readonly character: Character

  static override readonly words =
    SessionBase.words + 2 * (UdpEndpoint.words + Latest.words) + Replies.words + Character.words

  constructor(table: UdpSessions) {
    super(table.slabs)
    const [a, b] = this.traffic
    this.sides = [new UdpEndpoint(this.slab, a), new UdpEndpoint(this.slab, b)]
    this.replies = new Replies(this.slab)
    this.character = new Character(this.slab)
  }

  override select(slot: number): this {
    super.select(slot)
    this.sides[0].at = this.at + SessionBase.words
    this.sides[1].at = this.sides[0].at + UdpEndpoint.words
    this.replies.at = this.sides[1].at + UdpEndpoint.words
    this.character.at = this.replies.at + Replies.words
    this.sides[0].latest.at = this.character.at + Character.words
    this.sides[1].latest.at = this.sides[0].latest.at + Latest.words
    return this
  }

  get client(): UdpEndpoint {
    return this.sides[this.clientSide]
  }

  get server(): UdpEndpoint {
    return this.sides[this.serverSide]
  }

  get shape(): UdpShape {
    return shapeOf(this)
  }

  get unanswered(): number {
    const list = this.extras?.waiting
    return this.replies.unansweredBefore + (list === undefined ? 0 : waiting.unanswered(list))
  }

  /** Zeek's letters, see history.ts. */
  get history(): string {
    return (this.client.traffic.packets > 0 ? 'D' : '') + (this.server.traffic.packets > 0 ? 'd' : '')
  }

  /**
   * Begins a session. The first sender is the client, unless its port is a server's and the other's is not. `isForeseen`: that it
   * is no requests and replies.
   */
  open(slot: number, number: number, packet: Packet, key: FlowKey, isForeseen = false): void {
    this.begin(slot, number, packet, key)
    key.name(this.sides)
    const { side } = key
    const { character } = this
    const { sourcePort, destinationPort } = packet
    const isToGroup = answersGroup(sourcePort, destinationPort)
    const isReply = isToGroup || looksLikeReply(sourcePort, destinationPort)
    this.isAssumed = isReply && !isToGroup ? 1 : 0
    this.clientSideNumber = isReply ? 1 - side : side
    this.phaseNumber = Phase.data
    character.audience = audienceOf(packet)
    character.inside = connectionIn(packet)
    character.isForeseen = isForeseen ? 1 : 0
    if (character.inside !== Inside.unknown || character.audience !== Audience.host) character.isStream = 1
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
    if (sender.latest.isAgain(packet, time)) {
      sender.seenAgain++
      facts.seenAgain = true
      return
    }
    sender.traffic.payloadBytes += packet.payloadLength
    if (packet.payloadLength > sender.largestPayload) sender.largestPayload = packet.payloadLength
    if (packet.transportChecksum === ChecksumStatus.bad) sender.badChecksums++
    else if (packet.transportChecksum === ChecksumStatus.unfilled) sender.partialChecksums++
    const { character } = this
    if (character.inside !== Inside.unknown) return
    if (continuesMedia(sender, packet)) this.#becomeStream(Inside.rtp)
    else if (character.isStream === 0) this.#pair(packet, side, time, facts)
  }

  /** An ICMP error says that what `side` sent, which it quotes, did not arrive. */
  refuse(quoted: Packet, side: Side): void {
    const list = this.extras?.waiting
    if (list === undefined || side !== this.clientSide) return
    const { payload, payloadEnd, payloadLength } = quoted
    waiting.refuse(list, payloadEnd - payload < payloadLength ? undefined : tokenOf(quoted))
  }

  /** From now on no requests are looked for. */
  #becomeStream(inside: number): void {
    const { character, extras } = this
    character.inside = inside
    character.isStream = 1
    if (extras !== undefined) extras.waiting = undefined
  }

  #pair(packet: Packet, side: Side, time: number, facts: PacketFacts): void {
    const extras = this.needExtras()
    extras.waiting ??= []
    const token = tokenOf(packet)
    if (side === this.clientSide) this.#ask(extras.waiting, packet.number, time, token, facts)
    else this.#answer(extras.waiting, packet.number, time, token, facts)
  }

  #ask(list: number[], frame: number, time: number, token: number, facts: PacketFacts): void {
    this.replies.unansweredBefore += waiting.giveUp(list, time, token)
    const first = waiting.ask(list, frame, time, token)
    if (waiting.areTooMany(list, token) && !isKnownToAnswer(this)) this.#becomeStream(Inside.unknown)
    if (first === 0) return
    this.replies.repeated++
    if (this.character.isForeseen === 0) facts.repeatsFrame = first
  }

  #answer(list: number[], frame: number, time: number, token: number, facts: PacketFacts): void {
    const { replies } = this
    const at = waiting.answer(list, token)
    if (at === waiting.TO_NOTHING) {
      replies.unasked++
      // before the client has said anything, what it asked is only not in the capture
      if (this.client.traffic.packets > 0) this.#doubt(frame, 0)
    } else if (at === waiting.TO_ONE_OF_SEVERAL) {
      replies.answered++
      replies.undecided++
      this.#doubt(frame, waiting.awaiting(list))
      waiting.answerAnyOf(list)
    } else this.#noteReply(list, at, time, facts)
  }

  /** One more reply to a request that was sent again may be to either copy: it says nothing of how long replies take. */
  #noteReply(list: number[], at: number, time: number, facts: PacketFacts): void {
    const { replies, character } = this
    const took = time - waiting.timeOf(list, at)
    const frame = waiting.frameOf(list, at)
    if (!waiting.noteReply(list, at)) return
    replies.answered++
    if (Number.isNaN(took)) {
      replies.undecided++
      return
    }
    if (character.isForeseen === 0) {
      facts.requestFrame = frame
      facts.replyTime = took
    }
    if (replies.timed === 1 || took < replies.minimum) replies.minimum = took
    if (took > replies.maximum) replies.maximum = took
    replies.total += took
  }

  /** The server sent what is no reply to one request, while so many waited. */
  #doubt(frame: number, several: number): void {
    if (isKnownToAnswer(this)) return
    this.character.doubtFrame = frame
    this.character.doubtWaiting = several
    this.#becomeStream(Inside.unknown)
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
