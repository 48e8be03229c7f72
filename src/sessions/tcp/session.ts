/** One TCP connection while it is open: two endpoints, and what each new segment does to them. Pooled. */
import { ChecksumStatus } from '../../bytes/checksum.js'
import { ACK, FIN, type Packet, RST, SYN, type TcpHeader } from '../../packet.js'
import type { PacketFacts, Side } from '../facts.js'
import { History } from '../history.js'
import type { Learned } from '../learned.js'
import { Phase } from '../phases.js'
import { SessionBase } from '../session.js'
import { Moment, TcpEndpoint } from './endpoint.js'
import { State } from './states.js'
import { transition } from './transitions.js'
import { TcpTruth } from './truth/truth.js'
import { WiresharkAnalysis } from './wireshark/analysis.js'
import { Analysis } from './wireshark/result.js'

export class TcpSession extends SessionBase {
  readonly protocol = 'tcp'
  readonly sides: readonly [TcpEndpoint, TcpEndpoint] = [new TcpEndpoint(), new TcpEndpoint()]
  phase: Phase = Phase.handshake
  /** the segment that completed the three-way handshake */
  readonly established = new Moment()
  readonly history = new History()
  readonly wireshark = new WiresharkAnalysis()
  readonly truth = new TcpTruth()
  /** how it turned out, when an earlier pass has found out */
  #foreknown: Learned | undefined

  get client(): TcpEndpoint {
    return this.sides[this.clientSide]
  }

  get server(): TcpEndpoint {
    return this.sides[this.clientSide === 0 ? 1 : 0]
  }

  /** tcp.completeness so far */
  get completeness(): number {
    return this.wireshark.conversation.completeness
  }

  /** Nothing more is to come but stragglers: both ends have closed, or one has reset. */
  get over(): boolean {
    const [a, b] = this.sides
    return a.rst.seen || b.rst.seen || (a.finAcknowledged.seen && b.finAcknowledged.seen)
  }

  /** Makes a pooled session new for its first packet, which side 0 has sent. `isReuse`: an earlier stream had the same endpoints. */
  open(number: number, packet: Packet, source: number, destination: number, isReuse: boolean): void {
    this.begin(number, packet)
    const tcp = packet.tcp
    this.sides[0].reset(source, tcp.sourcePort)
    this.sides[1].reset(destination, tcp.destinationPort)
    this.phase = Phase.handshake
    this.established.reset()
    this.history.reset()
    this.wireshark.reset(isReuse)
    this.truth.reset()
    this.#foreknown = undefined
    this.#chooseClient(tcp)
    this.client.state = this.assumed ? State.ESTABLISHED : State.CLOSED
    this.server.state = this.assumed ? State.ESTABLISHED : State.LISTEN
  }

  /** An earlier pass over the same capture knows how the session, which has just been opened, will turn out. */
  foresee(learned: Learned): void {
    this.#foreknown = learned
    this.wireshark.foresee(learned.totals, this.number)
    if (learned.refused(this.number)) this.server.state = State.CLOSED
  }

  /** The sender of a SYN is the client, the sender of a SYN/ACK the server; else the lower port is taken for the server's. */
  #chooseClient(tcp: TcpHeader): void {
    if ((tcp.flags & SYN) !== 0) {
      this.clientSide = (tcp.flags & ACK) !== 0 ? 1 : 0
      return
    }
    this.assumed = true
    this.phase = Phase.data
    this.clientSide = tcp.sourcePort < tcp.destinationPort ? 1 : 0
  }

  /** Takes in the next segment, sent by `side`. Fills `facts`. */
  update(packet: Packet, side: Side, facts: PacketFacts): void {
    const tcp = packet.tcp
    const sender = this.sides[side]
    const receiver = this.sides[side === 0 ? 1 : 0]
    const time = this.timeOf(packet)
    facts.side = side
    facts.time = time
    facts.gap = time - this.lastTime
    this.count(packet, time)
    sender.packets++

    this.wireshark.analyse(packet, side, time, facts.wireshark)
    this.truth.observe(packet, side, time)

    const bad = packet.transportChecksum === ChecksumStatus.bad
    if (packet.transportChecksum === ChecksumStatus.unfilled) sender.partialChecksums++
    if (bad) sender.badChecksums++
    facts.received = !bad && this.#foreknown?.lost(this.number)?.has(packet.number) !== true
    this.#remember(packet, tcp, sender, side, bad, facts.wireshark.flags)
    if ((tcp.flags & SYN) !== 0) this.#noteOpening(packet, tcp, sender, side, time)
    facts.newBytes = this.#countPayload(tcp, sender, facts)
    const wasOpening = this.client.state !== State.ESTABLISHED || this.server.state !== State.ESTABLISHED
    const answered = this.#foreknown?.answered(this.number) === true
    transition(sender, receiver, tcp, facts.received, answered, packet.number, time)
    const isOpen = this.client.state === State.ESTABLISHED && this.server.state === State.ESTABLISHED
    const completes = wasOpening && isOpen && this.phase === Phase.handshake && !this.assumed
    if (completes) this.established.first(packet.number, time)
    this.#enterPhase(tcp, completes, facts.newBytes)
    facts.phase = this.phase
  }

  #noteOpening(packet: Packet, tcp: TcpHeader, sender: TcpEndpoint, side: Side, time: number): void {
    if (!sender.isnKnown) {
      sender.isn = tcp.sequence
      sender.isnKnown = true
      if (!sender.delivered.started) sender.delivered.start((tcp.sequence + 1) | 0)
      sender.mss = tcp.mss
      sender.windowScale = tcp.windowScale
      sender.sackPermitted = tcp.sackPermitted
      sender.timestamps = tcp.hasTimestamps
      sender.synWindow = tcp.window
      // the opening turned up after all, out of order: no need to guess who is who
      const isSyn = (tcp.flags & ACK) === 0
      if (this.assumed) {
        this.assumed = false
        this.clientSide = isSyn ? side : side === 0 ? 1 : 0
      }
    }
    sender.syn.first(packet.number, time)
    sender.synTransmissions++
  }

  /** Counts payload; returns how much of it is new. A reset's payload is no part of the stream (RFC 9293 §3.5.3). */
  #countPayload(tcp: TcpHeader, sender: TcpEndpoint, facts: PacketFacts): number {
    const syn = (tcp.flags & SYN) !== 0 ? 1 : 0
    if (!sender.delivered.started) sender.delivered.start((tcp.sequence + syn) | 0)
    if (tcp.length === 0 || (tcp.flags & RST) !== 0) return 0
    const isProbe = (facts.wireshark.flags & (Analysis.keepAlive | Analysis.zeroWindowProbe)) !== 0
    if ((facts.wireshark.flags & Analysis.keepAlive) === 0) {
      sender.dataSegments++
      sender.payloadBytes += tcp.length
      if (tcp.length > sender.largestSegment) sender.largestSegment = tcp.length
    }
    const fresh = facts.received ? sender.delivered.add((tcp.sequence + syn) | 0, tcp.length) : 0
    sender.uniqueBytes += fresh
    if (facts.received && !isProbe) sender.retransmittedBytes += tcp.length - fresh
    return fresh
  }

  #remember(packet: Packet, tcp: TcpHeader, sender: TcpEndpoint, side: Side, bad: boolean, findings: number): void {
    const byClient = side === this.clientSide
    const history = this.history
    const flags = tcp.flags
    if (bad) history.add('c', byClient)
    if ((flags & SYN) !== 0) {
      if ((flags & (FIN | RST)) !== 0) history.add('q', byClient)
      else history.add((flags & ACK) !== 0 ? 'h' : 's', byClient)
    } else if ((flags & (FIN | RST)) === (FIN | RST)) history.add('i', byClient)
    else {
      if (tcp.length === 0 && (flags & (ACK | FIN | RST)) === ACK) history.add('a', byClient)
      if ((flags & FIN) !== 0) history.add('f', byClient)
      if ((flags & RST) !== 0) history.add('r', byClient)
    }
    if (tcp.length > 0 && (flags & RST) === 0) history.add('d', byClient)
    if (findings === 0) return
    if ((findings & Analysis.retransmission) !== 0) {
      sender.retransmissions++
      if (tcp.length > 0) history.add('t', byClient)
    }
    if ((findings & Analysis.zeroWindow) !== 0) {
      sender.zeroWindows++
      history.add('w', byClient)
    }
    if ((findings & Analysis.outOfOrder) !== 0) sender.outOfOrder++
    if ((findings & Analysis.duplicateAck) !== 0) sender.duplicateAcks++
    if ((findings & Analysis.keepAlive) !== 0) sender.keepAlives++
  }

  #enterPhase(tcp: TcpHeader, completes: boolean, newBytes: number): void {
    if ((tcp.flags & (FIN | RST)) !== 0) this.phase = Phase.teardown
    else if ((tcp.flags & SYN) !== 0) {
      if (this.phase !== Phase.teardown) this.phase = Phase.handshake
    } else if (newBytes > 0 && !this.#isClosing) this.phase = Phase.data
    else if (this.phase === Phase.handshake && !completes && this.established.seen) this.phase = Phase.data
  }

  /** Both ends have sent their FIN, or one has reset: no new data can come. */
  get #isClosing(): boolean {
    const [a, b] = this.sides
    return a.rst.seen || b.rst.seen || (a.fin.seen && b.fin.seen)
  }
}
