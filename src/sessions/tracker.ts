/**
 * From packets to sessions: finds the session that each packet belongs to, numbers new ones as Wireshark numbers
 * tcp.stream and udp.stream, and lets each session take its packets in. One pass; memory depends on what is open.
 */
import { verifyTransport } from '../decode/checksums.js'
import { Protocol } from '../decode/protocols.js'
import { ACK, type Packet, SYN } from '../packet.js'
import { AddressTable } from './address-table.js'
import { PacketFacts } from './facts.js'
import { FlowKey } from './flow-key.js'
import { FlowTable } from './flow-table.js'
import { HostTimesToLive } from './host-times-to-live.js'
import { icmpOf, isNotDelivered, isTooBig } from './icmp.js'
import { Learned } from './learned.js'
import { Neighbourhood } from './neighbourhood.js'
import { RecentFlows } from './recent-flows.js'
import type { Session } from './session.js'
import { SessionStore } from './session-store.js'
import { QUOTED } from './streams.js'
import { Handover, type Successor } from './tcp/handover.js'
import { PlainFrames } from './tcp/plain-frame.js'
import type { TcpSession } from './tcp/session.js'
import { TcpSessions, type WhichSessions } from './tcp/sessions.js'
import { TcpTruth } from './tcp/truth/truth.js'
import { WiresharkAnalysis } from './tcp/wireshark/analysis.js'
import { AnnouncedConnections } from './tcp/wireshark/announced.js'
import { completenessOfFirst, completenessOfLater } from './tcp/wireshark/completeness.js'
import { isNewConversation } from './tcp/wireshark/new-conversation.js'
import { ProxiedConnections } from './tcp/wireshark/proxied.js'
import { QuotedFirst } from './tcp/wireshark/quoted-first.js'
import { LateNumbers } from './udp/late-numbers.js'
import { isNumberedTwice } from './udp/numbered-twice.js'
import { type UdpSession, UdpSessions } from './udp/session.js'

const TCP = 6
const UDP = 17

/** So many bytes of a TCP header must be quoted for Wireshark to count the stream. */
const COUNTED_QUOTE = 16
/** And so many for its sequence number to be among them: no router quotes less (RFC 792). */
const SEQUENCED_QUOTE = 8

/** Sessions of one protocol that are open at once, at the most; the most silent ones are let go first. */
const MAX_OPEN = 100_000

export interface TrackerOptions {
  /** Called with each session when it is let go, at the latest by `finish`. The object stands for another once this returns. */
  readonly ended: (session: Session) => void
  readonly maxOpen?: number | undefined
  /** Also look at each TCP segment, or those of some sessions, as Wireshark does, and for what really happened. Default: true. */
  readonly analyse?: boolean | WhichSessions | undefined
  /** Somebody reads `facts.wireshark` of each packet: all of it, not the flags alone. Default: true. */
  readonly isShown?: boolean | undefined
  /** Who finds out in this tracker's stead what really happened: its own sessions are without `truth`. */
  readonly successor?: Successor | undefined
  /** There is to be another pass over the same capture, which gets `learned`. Default: true. */
  readonly isForAnotherPass?: boolean | undefined
  /** What an earlier pass over the same capture has learned. */
  readonly foreknown?: Learned | undefined
}

export class Tracker {
  /** what was found out about the last packet */
  readonly facts = new PacketFacts()
  readonly addresses: AddressTable
  readonly neighbourhood: Neighbourhood
  readonly timesToLive: HostTimesToLive
  /** of the streams that were let go */
  readonly learned: Learned
  /** takes in, undecoded, frames of which only the sessions are to know: if nobody looks at packets */
  readonly plainFrames: PlainFrames | undefined
  readonly #announced = new AnnouncedConnections()
  readonly #proxied = new ProxiedConnections()
  readonly #quotedFirst: QuotedFirst | undefined
  readonly #key: FlowKey
  readonly #foreknown: Learned | undefined
  readonly #tcp: TcpSessions
  readonly #udp = new UdpSessions()
  /** undefined where packets are shown as they come: a number that was shown stays */
  readonly #late: LateNumbers | undefined
  readonly #tcpStore: SessionStore<TcpSession>
  readonly #udpStore: SessionStore<UdpSession>
  readonly #recentTcp: RecentFlows
  readonly #recentUdp: RecentFlows
  // by protocol and IP version
  readonly #tcp4: FlowTable
  readonly #tcp6: FlowTable
  readonly #udp4: FlowTable
  readonly #udp6: FlowTable

  constructor(options: TrackerOptions) {
    const { ended, maxOpen = MAX_OPEN, analyse = true, isShown = true, isForAnotherPass = true } = options
    const { successor, foreknown } = options
    // whoever wrote the packets cannot know it
    const seed = (Math.random() * 2 ** 32) | 0
    this.addresses = new AddressTable(seed)
    this.neighbourhood = new Neighbourhood(this.addresses)
    this.timesToLive = new HostTimesToLive(this.addresses)
    this.#key = new FlowKey(this.addresses)
    this.#foreknown = foreknown
    this.learned = new Learned(isForAnotherPass)
    const findTruth = () => (successor === undefined ? new TcpTruth() : new Handover(successor))
    const truth = foreknown === undefined ? findTruth() : undefined
    const analyses = analyse !== false ? { wireshark: new WiresharkAnalysis(), truth } : undefined
    this.#tcp = new TcpSessions(analyses, typeof analyse === 'function' ? analyse : undefined, isShown)
    this.#quotedFirst = analyses && new QuotedFirst()
    const tcpEnded = (session: TcpSession) => {
      session.truth = this.#tcp.truthOf(session.slot)
      ended(session)
      this.learned.note(session)
    }
    this.#tcpStore = new SessionStore(maxOpen, this.#tcp, tcpEnded)
    const udpEnded = (session: UdpSession) => {
      ended(session)
      this.learned.noteUdp(session)
    }
    this.#udpStore = new SessionStore(maxOpen, this.#udp, udpEnded)
    if (!isShown || foreknown !== undefined) {
      this.#late = new LateNumbers(this.#udpStore.streams, foreknown?.lateNumbers, this.learned.lateNumbers)
    }
    this.#recentTcp = new RecentFlows(this.#tcp.slabs.hot)
    this.#recentUdp = new RecentFlows(this.#udp.slabs.hot)
    const onlySessions = !isShown && foreknown === undefined
    this.plainFrames = onlySessions ? new PlainFrames(this.#key, this.#recentTcp, this.#tcp) : undefined
    this.#tcp4 = new FlowTable(seed)
    this.#tcp6 = new FlowTable(seed)
    this.#udp4 = new FlowTable(seed)
    this.#udp6 = new FlowTable(seed)
  }

  /** Takes in the next packet, decoded. `facts` then says what it was; both are valid until the next. */
  track(packet: Packet): void {
    const facts = this.facts
    facts.reset()
    if (packet.isTunneled) this.#countTunnels(packet, facts.tunnels)
    if (packet.transportProtocol === TCP) {
      verifyTransport(packet)
      this.#trackTcp(packet, facts)
    } else if (packet.transportProtocol === UDP) {
      verifyTransport(packet)
      this.#trackUdp(packet, facts)
    } else if (packet.hasQuoted) this.#attachError(packet, facts)
    else this.neighbourhood.observe(packet)
    facts.truth = this.#foreknown?.segment(packet.number)
  }

  /** The capture is over: every session that is still open is let go. */
  finish(): void {
    this.#tcpStore.finish()
    for (const number of this.#late?.waiting() ?? []) this.#takeLateNumber(number)
    this.#udpStore.finish()
  }

  #trackTcp(packet: Packet, facts: PacketFacts): void {
    const key = this.#key
    key.set(packet)
    this.#announced.listen(packet)
    this.timesToLive.note(packet, key)
    const session = this.#tcp.current
    const recent = (packet.tcp.flags & (SYN | ACK)) === SYN ? -1 : this.#recentTcp.find(packet.networkVersion, key)
    if (recent >= 0) session.select(recent)
    else if (!this.#findTcp(packet, facts)) return
    facts.stream = session.number
    facts.session = session
    if (session.update(packet, key.side, facts, this.#foreknown)) this.#tcpStore.over(session.number)
    if (this.#proxied.opens(packet, facts.stream)) this.#tcpStore.streams.addQuoted()
  }

  /** Makes `current` stand for the segment's session, new or old; false when it is of one that was over, and let go. */
  #findTcp(packet: Packet, facts: PacketFacts): boolean {
    const store = this.#tcpStore
    const { streams } = store
    const key = this.#key
    const table = packet.networkVersion === 4 ? this.#tcp4 : this.#tcp6
    const entry = table.find(key.a, key.b, key.ports)
    const known = table.streamAt(entry)
    const session = this.#tcp.current
    let slot = known < 0 ? -1 : streams.slotOf(known)
    if (slot >= 0) session.select(slot)
    if (known < 0 || this.#opensAnew(packet, known, slot)) {
      slot = store.take()
      const number = streams.add(slot)
      table.set(entry, key.a, key.b, key.ports, number)
      this.#openTcp(slot, number, packet, known >= 0)
    } else if (slot < 0) {
      if (streams.wasOver(known)) {
        facts.stream = known
        facts.side = key.side
        facts.late = true
        return false
      }
      const isResumed = streams.wasSeen(known)
      const quoted = streams.quotedCompleteness(known)
      slot = store.take()
      streams.reopen(known, slot)
      this.#openTcp(slot, known, packet, false, !isResumed)
      if (isResumed) session.noteResumed()
      else {
        session.noteQuoted(quoted)
        if (session.wireshark !== undefined) this.#quotedFirst?.give(known, packet, session.wireshark)
      }
    }
    this.#recentTcp.note(key, slot)
    return true
  }

  /** `isQuoted`: an ICMP error quoted one of its segments before any was seen. */
  #openTcp(slot: number, number: number, packet: Packet, isReuse: boolean, isQuoted = false): void {
    const session = this.#tcp.current
    const isAnnounced = isQuoted || (!isReuse && this.#announced.take(packet))
    session.open(slot, number, packet, this.#key, isReuse, isAnnounced)
    if (this.#foreknown !== undefined) session.foresee(this.#foreknown)
    session.prelude = this.neighbourhood.prelude(packet, session.client.address, session.server.address)
    this.#tcpStore.opened(number, packet.number)
  }

  /** Port reuse: a SYN on known endpoints that cannot belong to the stream they had, which is in `slot` if it is open. */
  #opensAnew(packet: Packet, number: number, slot: number): boolean {
    const { tcp } = packet
    if ((tcp.flags & (SYN | ACK)) !== SYN) return false
    const { side } = this.#key
    if (slot < 0) return isNewConversation(tcp, this.learned.hasBase(number, side), this.learned.base(number, side))
    const sender = this.#tcp.current.sides[side]
    return isNewConversation(tcp, sender.hasBase !== 0, sender.base)
  }

  #trackUdp(packet: Packet, facts: PacketFacts): void {
    const key = this.#key
    key.set(packet)
    const session = this.#udp.current
    const recent = this.#recentUdp.find(packet.networkVersion, key)
    if (recent >= 0) session.select(recent)
    else this.#findUdp(packet)
    facts.stream = session.number
    facts.session = session
    session.update(packet, key.side, facts)
    this.neighbourhood.observeDatagram(packet)
  }

  /** The conversations of the tunnels around the packet take numbers, as in Wireshark; what they carry is what is shown. */
  #countTunnels(packet: Packet, tunnels: number[]): void {
    const { layers, layerProtocol, layerStart } = packet
    const key = this.#key
    let network = -1
    for (let layer = 0; layer < layers; layer++) {
      const protocol = layerProtocol[layer]
      const at = layerStart[layer] ?? 0
      if (protocol === Protocol.ip || protocol === Protocol.ipv6) network = layer
      const view = packet.viewOf(layer)
      const isInnermost = at === packet.transport && view === packet.view
      if (protocol !== Protocol.udp || isInnermost || network < 0) continue
      const start = layerStart[network] ?? 0
      const is4 = layerProtocol[network] === Protocol.ip
      const [version, source, destination] = is4 ? [4, start + 12, start + 16] : [6, start + 8, start + 24]
      key.setFrom(packet.viewOf(network), version, source, destination, view.getUint16(at), view.getUint16(at + 2))
      const table = is4 ? this.#udp4 : this.#udp6
      const entry = table.find(key.a, key.b, key.ports)
      let number = table.streamAt(entry)
      if (number < 0) {
        number = this.#udpStore.streams.addQuoted()
        table.set(entry, key.a, key.b, key.ports, number)
      }
      tunnels.push(number)
    }
  }

  /** Makes `current` stand for the datagram's session, new or old. */
  #findUdp(packet: Packet): void {
    const store = this.#udpStore
    const { streams } = store
    const key = this.#key
    const table = packet.networkVersion === 4 ? this.#udp4 : this.#udp6
    const entry = table.find(key.a, key.b, key.ports)
    const known = this.#knownUdp(table, entry)
    const session = this.#udp.current
    let slot = known < 0 ? -1 : streams.slotOf(known)
    if (slot >= 0) session.select(slot)
    else {
      const isResumed = known >= 0 && streams.wasSeen(known)
      slot = store.take()
      const number = known < 0 ? this.#numberUdp(packet, slot) : known
      if (known >= 0) streams.reopen(number, slot)
      else table.set(entry, key.a, key.b, key.ports, number)
      session.open(slot, number, packet, key, this.#foreknown?.isUnlikeRequests(number))
      if (isResumed) session.noteResumed()
      session.prelude = this.neighbourhood.prelude(packet, session.client.address, session.server.address)
      store.opened(number, packet.number)
      if (this.#late?.isWaiting(number)) return
    }
    this.#recentUdp.note(key, slot)
  }

  /** The number of the next UDP conversation, which is in `slot`, or was only quoted. */
  #numberUdp(packet: Packet, slot: number): number {
    const { streams } = this.#udpStore
    if (!isNumberedTwice(packet)) return streams.add(slot)
    if (this.#late !== undefined) return this.#late.begin(slot)
    streams.addQuoted()
    return streams.add(slot)
  }

  /** The stream of an entry, -1 when it is empty; one that was to take its number late takes it now. */
  #knownUdp(table: FlowTable, entry: number): number {
    const known = table.streamAt(entry)
    if (!this.#late?.isWaiting(known)) return known
    const { a, b, ports } = this.#key
    const number = this.#takeLateNumber(known)
    table.set(entry, a, b, ports, number)
    return number
  }

  #takeLateNumber(known: number): number {
    const store = this.#udpStore
    const number = this.#late?.take(known) ?? known
    const slot = store.streams.slotOf(number)
    if (slot >= 0 && number !== known) store.renumbered(slot, number)
    return number
  }

  /** An ICMP error belongs to the session whose packet it quotes. */
  #attachError(packet: Packet, facts: PacketFacts): void {
    const { quoted } = packet
    const icmp = icmpOf(packet)
    if (quoted === undefined || icmp === undefined || quoted.transport < 0 || quoted.network < 0) return
    const isTcp = icmp.quotedProtocol === TCP
    // a datagram whose length makes no sense is of no conversation
    if (!isTcp && quoted.transportProtocol !== UDP) return
    const is4 = quoted.networkVersion === 4
    const table = isTcp ? (is4 ? this.#tcp4 : this.#tcp6) : is4 ? this.#udp4 : this.#udp6
    const key = this.#key
    key.set(quoted)
    const entry = table.find(key.a, key.b, key.ports)
    const number = isTcp ? table.streamAt(entry) : this.#knownUdp(table, entry)
    const { streams } = isTcp ? this.#tcpStore : this.#udpStore
    const isCounted = !isTcp || quoted.limit - quoted.transport >= COUNTED_QUOTE
    if (isCounted) facts.stream = number
    if (number < 0 && isCounted) {
      facts.stream = isTcp
        ? streams.addQuoted(completenessOfFirst(quoted.tcp.flags, 0) | completenessOfLater(quoted.tcp.flags, 0))
        : this.#numberUdp(quoted, QUOTED)
      table.set(entry, key.a, key.b, key.ports, facts.stream)
      if (isTcp) this.#quotedFirst?.take(facts.stream, quoted, key.side)
      return
    }
    const slot = number < 0 ? -1 : streams.slotOf(number)
    if (slot < 0) {
      if (isTcp && isCounted && !streams.wasSeen(number)) {
        streams.quoteAgain(number, completenessOfLater(quoted.tcp.flags, 0))
        this.#quotedFirst?.take(number, quoted, key.side)
      }
      return
    }
    const session: Session = (isTcp ? this.#tcp : this.#udp).current.select(slot)
    if (session.protocol === 'tcp' && isCounted) session.learn(quoted, key.side)
    const { version, type, code } = icmp
    session.addIcmpError({ frame: packet.number, version, type, code, about: key.side })
    if (session.protocol === 'udp' && isNotDelivered(icmp)) session.refuse(quoted, key.side)
    facts.session = session
    facts.time = session.timeOf(packet)
    if (session.protocol === 'tcp' && isTooBig(icmp) && quoted.limit - quoted.transport >= SEQUENCED_QUOTE) {
      session.isTooBig(quoted, key.side, packet.number, facts.time)
    }
    facts.gap = facts.time - session.lastTime
    facts.side = key.side === 0 ? 1 : 0
    facts.phase = session.phase
  }
}
