/** One TCP connection while it is open: two endpoints, and what each new segment does to them. */
import { ChecksumStatus } from '../../decode/checksums.js'
import { tcp as header } from '../../decode/tcp.js'
import { ACK, FIN, type Packet, RST, SYN, type TcpHeader } from '../../packet.js'
import type { PacketFacts, Side } from '../facts.js'
import type { FlowKey } from '../flow-key.js'
import {
  historyBit,
  historyCode,
  historyLetter,
  isPowerOfTen,
  LETTER_BITS,
  LETTER_MASK,
  LETTERS_A_WORD,
  Letter,
} from '../history.js'
import type { Learned } from '../learned.js'
import { Phase } from '../phases.js'
import { SessionBase } from '../session.js'
import { deliver, startDelivery } from './delivery.js'
import { TcpEndpoint } from './endpoint.js'
import { plainBits, takePlain } from './plain.js'
import type { TcpSessions } from './sessions.js'
import { State } from './states.js'
import { transition } from './transitions.js'
import type { TruthOfSession } from './truth/result.js'
import type { WiresharkAnalysis } from './wireshark/analysis.js'
import { Completeness, completenessOfFirst, completenessOfLater } from './wireshark/completeness.js'
import { Analysis } from './wireshark/result.js'

/** where the packed letters of the history are in the record */
const HISTORY = SessionBase.offsets.history0
const HISTORY_WORDS = 4
const ACK_AND_DATA = Completeness.ack | Completeness.data

export class TcpSession extends SessionBase {
  readonly protocol = 'tcp'
  readonly sides: readonly [TcpEndpoint, TcpEndpoint]
  /** what really happened, once the session is let go */
  truth: TruthOfSession | undefined
  readonly #table: TcpSessions

  constructor(table: TcpSessions) {
    super(table.slabs)
    this.#table = table
    const [a, b] = this.traffic
    this.sides = [new TcpEndpoint(this.slab, a), new TcpEndpoint(this.slab, b)]
  }

  /** 32-bit words that its second record takes, both endpoints included. */
  static override readonly words = SessionBase.words + 2 * TcpEndpoint.words

  override select(slot: number): this {
    super.select(slot)
    this.sides[0].at = this.at + SessionBase.words
    this.sides[1].at = this.at + SessionBase.words + TcpEndpoint.words
    return this
  }

  get client(): TcpEndpoint {
    return this.sides[this.clientSide]
  }

  get server(): TcpEndpoint {
    return this.sides[this.serverSide]
  }

  /** How Wireshark sees it; undefined where it is not analysed. */
  get wireshark(): WiresharkAnalysis | undefined {
    return this.#table.analysisOf(this.slot)
  }

  /** Begins a session in `slot` with its first packet, whose endpoints and sender `key` says. `isReuse`: an earlier stream had the same endpoints; `isAnnounced`: see announced.ts. */
  open(slot: number, number: number, packet: Packet, key: FlowKey, isReuse: boolean, isAnnounced: boolean): void {
    this.begin(slot, number, packet, key)
    key.name(this.sides)
    this.isAnnounced = isAnnounced ? 1 : 0
    this.completeness = isReuse ? Completeness.syn : 0
    this.#table.beginAnalysis(slot, number, packet, isReuse, isAnnounced)
    this.#chooseClient(packet.tcp, key.side)
    this.client.state = this.assumed ? State.ESTABLISHED : State.CLOSED
    this.server.state = this.assumed ? State.ESTABLISHED : State.LISTEN
  }

  /** An earlier pass over the same capture knows how the session, which has just been opened, will turn out. */
  foresee(learned: Learned): void {
    this.wireshark?.foresee(learned.totals, this.number)
    if (learned.refused(this.number)) this.server.state = State.CLOSED
  }

  /** The sender of a SYN is the client, the sender of a SYN/ACK the server; else the lower port is taken for the server's. */
  #chooseClient(tcp: TcpHeader, side: Side): void {
    let isClient = tcp.sourcePort >= tcp.destinationPort
    if ((tcp.flags & SYN) !== 0) isClient = (tcp.flags & ACK) === 0
    else {
      this.isAssumed = 1
      this.phaseNumber = Phase.data
    }
    this.clientSideNumber = isClient ? side : 1 - side
  }

  /**
   * Takes in the next segment, sent by `side`. Fills `facts`. `foreknown`: what an earlier pass has learned.
   * Returns whether the session is over with this segment, and was not before.
   */
  update(packet: Packet, side: Side, facts: PacketFacts, foreknown: Learned | undefined): boolean {
    const time = this.timeOf(packet)
    facts.side = side
    facts.time = time
    this.#table.analyse(this.slot, packet, side, time, facts.wireshark)
    const isLost = foreknown !== undefined && foreknown.lost(this.number)?.has(packet.number) === true
    if (!isLost && takePlain(this, packet, side, facts)) return false
    const wasOver = this.over
    this.#take(packet, side, facts, isLost, foreknown?.answered(this.number) === true)
    this.hot.plain = this.#whatIsPlain()
    return this.over && !wasOver
  }

  /** Takes from a segment that `side` has sent, and an ICMP error quotes, what Wireshark takes from it. */
  learn(quoted: Packet, side: Side): void {
    this.completeness |= completenessOfLater(quoted.tcp.flags, 0)
    this.wireshark?.analyse(quoted, side, this.timeOf(quoted), this.#table.quoted, true)
  }

  /** An ICMP error, in the given frame, says that the quoted packet, sent by `side`, was too big. */
  isTooBig(quoted: Packet, side: Side, frame: number, time: number): void {
    this.#table.isTooBig(this.slot, side, quotedSequence(quoted), frame, time)
  }

  /** After `open`: ICMP errors have quoted segments of it that were not seen; `completeness`: what they say of it. */
  noteQuoted(completeness: number): void {
    this.completeness |= completeness
    const analysis = this.wireshark
    if (analysis !== undefined) analysis.conversation.completeness |= completeness
  }

  #take(packet: Packet, side: Side, facts: PacketFacts, isLost: boolean, answered: boolean): void {
    const { tcp } = packet
    const { time } = facts
    const sender = this.sides[side]
    const receiver = this.sides[side === 0 ? 1 : 0]
    facts.gap = time - this.lastTime
    this.count(packet, side, time)
    this.#noteNumbers(tcp, sender, receiver)
    const checksum = packet.transportChecksum
    const isBad = checksum === ChecksumStatus.bad
    if (isBad) sender.badChecksums++
    else if (checksum !== ChecksumStatus.unverifiable) sender.hasFitted = 1
    if (checksum === ChecksumStatus.unfilled) sender.partialChecksums++
    facts.lost = isLost
    facts.received = !isLost && (!isBad || this.#isRewritten(sender, tcp.flags))
    if ((tcp.flags & SYN) !== 0) this.#noteSyn(packet, tcp, sender, side, time)
    if (tcp.length > 0) facts.newBytes = this.#countPayload(tcp, sender, facts)
    this.#remember(tcp, sender, side, isBad, facts.wireshark.flags)

    const wasOpen = this.#isOpen
    transition(sender, receiver, tcp, facts.received, answered, this.#table.holes, packet.number, time)
    const completes = !wasOpen && this.#isOpen && this.phaseNumber === Phase.handshake && this.establishedFrame === 0
    if (completes) {
      this.establishedFrame = packet.number
      this.establishedTime = time
    }
    if (sender.rstFrame === packet.number) sender.noteReset(packet)
    this.#enterPhase(tcp, sender, completes, facts.newBytes)
    if (this.phaseNumber === Phase.teardown) this.#noteEnd()
    facts.phase = this.phase
  }

  /** Which segments `takePlain` may take from now on: none unless data flows both ways open and without holes. */
  #whatIsPlain(): number {
    if (this.phaseNumber !== Phase.data || !this.#isOpen) return 0
    if ((this.completeness & ACK_AND_DATA) !== ACK_AND_DATA) return 0
    const [a, b] = this.sides
    if (a.hasHoles !== 0 || b.hasHoles !== 0) return 0
    if (a.traffic.hasDelivered === 0 || b.traffic.hasDelivered === 0) return 0
    // a checksum that fits, the first of its end, is to be noted
    if (a.hasFitted === 0 || b.hasFitted === 0) return 0
    return plainBits(this.historySeen, this.clientSide)
  }

  /** Takes down what relative numbers count from, and what of the connection's life was seen (tcp.completeness). */
  #noteNumbers(tcp: TcpHeader, sender: TcpEndpoint, receiver: TcpEndpoint): void {
    const isFirst = this.packets === 1 && this.completeness === 0 && this.isAnnounced === 0
    this.completeness |= isFirst
      ? completenessOfFirst(tcp.flags, tcp.length)
      : completenessOfLater(tcp.flags, tcp.length)
    // a SYN/ACK with another number says anew where they begin
    if (sender.hasBase !== 0 && (tcp.flags & (SYN | ACK)) === (SYN | ACK)) sender.base = tcp.sequence
    // as Wireshark has it, what cannot be measured does not say where the numbers begin
    if (!tcp.lengthKnown) return
    if (sender.hasBase === 0) {
      sender.base = (tcp.flags & SYN) !== 0 ? tcp.sequence : (tcp.sequence - 1) | 0
      sender.hasBase = 1
    }
    if (receiver.hasBase === 0 && (tcp.flags & ACK) !== 0) {
      receiver.base = (tcp.acknowledgment - 1) | 0
      receiver.hasBase = 1
    }
  }

  get #isOpen(): boolean {
    return this.sides[0].state === State.ESTABLISHED && this.sides[1].state === State.ESTABLISHED
  }

  #noteSyn(packet: Packet, tcp: TcpHeader, sender: TcpEndpoint, side: Side, time: number): void {
    if (sender.synFrame === 0) {
      sender.open(packet, time)
      if (sender.traffic.hasDelivered === 0) startDelivery(sender, (tcp.sequence + 1) | 0)
      // the opening turned up after all, out of order: no need to guess who is who
      if (this.assumed) {
        const isSyn = (tcp.flags & ACK) === 0
        this.isAssumed = 0
        this.clientSideNumber = isSyn ? side : 1 - side
      }
    }
    sender.synTransmissions++
  }

  /** Counts payload; returns how much of it is new. A reset's payload is no part of the stream (RFC 9293 §3.5.3). */
  #countPayload(tcp: TcpHeader, sender: TcpEndpoint, facts: PacketFacts): number {
    if ((tcp.flags & RST) !== 0) return 0
    const start = (tcp.flags & SYN) !== 0 ? (tcp.sequence + 1) | 0 : tcp.sequence
    if (sender.traffic.hasDelivered === 0) startDelivery(sender, start)
    const isKeepAlive = (facts.wireshark.flags & Analysis.keepAlive) !== 0
    const counted = isKeepAlive ? 0 : tcp.length
    if (!isKeepAlive) sender.traffic.segments++
    sender.traffic.payloadBytes += counted
    if (!facts.received) {
      sender.undeliveredBytes += counted
      return 0
    }
    const fresh = deliver(sender, this.#table.holes, start, tcp.length)
    sender.retransmittedBytes += counted - fresh
    return fresh
  }

  #remember(tcp: TcpHeader, sender: TcpEndpoint, side: Side, isBad: boolean, findings: number): void {
    const flags = tcp.flags
    const kind = flags & (SYN | FIN | RST)
    if (kind === 0) {
      this.#note(tcp.length > 0 ? Letter.data : Letter.pureAck, side)
    } else {
      if (isMultiple(kind)) this.#note((kind & SYN) !== 0 ? Letter.multipleFlags : Letter.inconsistent, side)
      else if (kind === SYN) this.#note((flags & ACK) !== 0 ? Letter.synAck : Letter.syn, side)
      else this.#note(kind === FIN ? Letter.fin : Letter.rst, side)
      if (tcp.length > 0 && (flags & RST) === 0) this.#note(Letter.data, side)
    }
    if (isBad) this.#noteAgain(Letter.badChecksum, side, sender.badChecksums)
    if (findings === 0) return
    if ((findings & Analysis.retransmission) !== 0) {
      this.#noteAgain(Letter.retransmission, side, ++sender.retransmissions)
    }
    if ((findings & Analysis.zeroWindow) !== 0) this.#noteAgain(Letter.zeroWindow, side, ++sender.zeroWindows)
    if ((findings & Analysis.outOfOrder) !== 0) sender.outOfOrder++
    if ((findings & Analysis.duplicateAck) !== 0) sender.duplicateAcks++
    if ((findings & Analysis.keepAlive) !== 0) sender.keepAlives++
  }

  #note(letter: Letter, side: Side): void {
    const byClient = side === this.clientSideNumber
    const bit = historyBit(letter, byClient)
    if ((this.historySeen & bit) !== 0) return
    this.historySeen |= bit
    this.#write(letter, byClient)
  }

  #noteAgain(letter: Letter, side: Side, count: number): void {
    if (count > 1 && isPowerOfTen(count)) this.#write(letter, side === this.clientSideNumber)
    else this.#note(letter, side)
  }

  /**
   * No checksum of this end ever fitted, and the handshake went through all the same, or was over when the capture began: the packets
   * were changed after they had arrived.
   */
  #isRewritten({ hasFitted, badChecksums }: TcpEndpoint, flags: number): boolean {
    if (hasFitted !== 0) return false
    const { syn, synAck, ack } = Completeness
    if ((this.completeness & (synAck | ack)) === (synAck | ack)) return true
    return (this.completeness & (syn | synAck)) === 0 && (badChecksums > 1 || (flags & RST) === 0)
  }

  /** Adds to the history: to the record, while it has room. */
  #write(letter: Letter, byClient: boolean): void {
    const index = this.historyLength++
    const word = Math.floor(index / LETTERS_A_WORD)
    if (word < HISTORY_WORDS) {
      const at = this.at + HISTORY + word
      const { ints } = this.slab
      ints[at] = (ints[at] ?? 0) | (historyCode(letter, byClient) << (LETTER_BITS * (index % LETTERS_A_WORD)))
    } else this.needExtras().moreHistory += String.fromCharCode(historyLetter(historyCode(letter, byClient)))
  }

  /** Zeek's letters, see history.ts. */
  get history(): string {
    let letters = ''
    for (let index = 0; index < this.recordedLetters; index++) letters += String.fromCharCode(this.letterAt(index))
    return letters + (this.extras?.moreHistory ?? '')
  }

  /** How many letters of the history are in the record; the rest are `extras.moreHistory`. */
  get recordedLetters(): number {
    return Math.min(this.historyLength, HISTORY_WORDS * LETTERS_A_WORD)
  }

  /** One of the letters in the record, as its character code. */
  letterAt(index: number): number {
    const word = this.slab.ints[this.at + HISTORY + Math.floor(index / LETTERS_A_WORD)] ?? 0
    return historyLetter((word >> (LETTER_BITS * (index % LETTERS_A_WORD))) & LETTER_MASK)
  }

  #enterPhase(tcp: TcpHeader, sender: TcpEndpoint, completes: boolean, newBytes: number): void {
    // a reset of an older connection ends nothing here
    const resets = (tcp.flags & RST) !== 0 && sender.rstFrame !== 0
    if (resets || (tcp.flags & FIN) !== 0) this.phaseNumber = Phase.teardown
    else if ((tcp.flags & SYN) !== 0) {
      if (this.phaseNumber !== Phase.teardown) this.phaseNumber = Phase.handshake
    } else if (newBytes > 0 && !this.#isClosing) this.phaseNumber = Phase.data
    else if (this.phaseNumber === Phase.handshake && !completes && this.establishedFrame !== 0) {
      this.phaseNumber = Phase.data
    }
  }

  /** Both ends have sent their FIN, or one has reset: no new data can come. */
  get #isClosing(): boolean {
    if (this.phaseNumber !== Phase.teardown) return false
    const [a, b] = this.sides
    return a.rstFrame !== 0 || b.rstFrame !== 0 || (a.finFrame !== 0 && b.finFrame !== 0)
  }

  #noteEnd(): void {
    const [a, b] = this.sides
    if (a.rstFrame !== 0 || b.rstFrame !== 0 || (a.finAckFrame !== 0 && b.finAckFrame !== 0)) this.hot.isOver = 1
  }
}

/** Of a header of which not all may have been quoted. */
function quotedSequence({ view, transport }: Packet): number {
  return header.sequence(view, transport) | 0
}

function isMultiple(flags: number): boolean {
  return (flags & (flags - 1)) !== 0
}
