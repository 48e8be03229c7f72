/**
 * From packets to sessions: finds the session that each packet belongs to, numbers new ones as Wireshark numbers
 * tcp.stream and udp.stream, and lets each session take its packets in. One pass; memory depends on what is open.
 */
import { randomInt } from 'node:crypto'
import { verifyTransport } from '../bytes/checksum.js'
import { ACK, type Packet, SYN } from '../packet.js'
import { AddressTable } from './address-table.js'
import { PacketFacts } from './facts.js'
import { FlowTable } from './flow-table.js'
import { Learned } from './learned.js'
import { Neighbourhood } from './neighbourhood.js'
import type { Session } from './session.js'
import { SessionStore } from './session-store.js'
import { TcpSession } from './tcp/session.js'
import { isNewConversation } from './tcp/wireshark/new-conversation.js'
import { UdpSession } from './udp/session.js'

const TCP = 6
const UDP = 17

/** Sessions of one protocol that are open at once, at the most; the most silent ones are let go first. */
const MAX_OPEN = 100_000

export interface TrackerOptions {
  /** Called with each session when it is let go, at the latest by `finish`. The object is reused once this returns. */
  readonly ended: (session: Session) => void
  readonly maxOpen?: number
  /** What an earlier pass over the same capture has learned. */
  readonly foreknown?: Learned | undefined
}

export class Tracker {
  /** what was found out about the last packet */
  readonly facts = new PacketFacts()
  readonly addresses: AddressTable
  readonly neighbourhood: Neighbourhood
  readonly tcp: SessionStore<TcpSession>
  readonly udp: SessionStore<UdpSession>
  /** of the streams that were let go */
  readonly learned = new Learned()
  /** by protocol and IP version */
  readonly #tcp4: FlowTable
  readonly #tcp6: FlowTable
  readonly #udp4: FlowTable
  readonly #udp6: FlowTable
  /** the key of the packet at hand, lower endpoint first */
  #a = 0
  #b = 0
  #ports = 0
  #sourceFirst = true
  #source = 0
  #destination = 0
  readonly #foreknown: Learned | undefined

  constructor(options: TrackerOptions) {
    const seed = randomInt(2 ** 32) | 0
    const maxOpen = options.maxOpen ?? MAX_OPEN
    this.addresses = new AddressTable(seed)
    this.neighbourhood = new Neighbourhood(this.addresses)
    this.#foreknown = options.foreknown
    const buried = (session: TcpSession) => {
      options.ended(session)
      this.learned.note(session)
    }
    this.tcp = new SessionStore(maxOpen, () => new TcpSession(), buried)
    this.udp = new SessionStore(maxOpen, () => new UdpSession(), options.ended)
    this.#tcp4 = new FlowTable(seed)
    this.#tcp6 = new FlowTable(seed)
    this.#udp4 = new FlowTable(seed)
    this.#udp6 = new FlowTable(seed)
  }

  /** Takes in the next packet, decoded. `facts` then says what it was; both are valid until the next. */
  track(packet: Packet): void {
    const facts = this.facts
    facts.reset()
    if (packet.transportProtocol === TCP) {
      verifyTransport(packet)
      this.#trackTcp(packet, facts)
    } else if (packet.transportProtocol === UDP) {
      verifyTransport(packet)
      this.#trackUdp(packet, facts)
    } else if (packet.hasQuoted) this.#attachError(packet, facts)
    else this.neighbourhood.observe(packet)
  }

  /** The capture is over: every session that is still open is let go. */
  finish(): void {
    this.tcp.finish()
    this.udp.finish()
  }

  #trackTcp(packet: Packet, facts: PacketFacts): void {
    const store = this.tcp
    const streams = store.streams
    const table = packet.networkVersion === 4 ? this.#tcp4 : this.#tcp6
    this.#key(packet)
    const slot = table.slotOf(this.#a, this.#b, this.#ports)
    let number = table.streamAt(slot)
    let session = number < 0 ? undefined : streams.session(number)
    const isNew = number < 0
    if (isNew || this.#opensAnew(packet, number, session)) {
      session = store.take()
      number = streams.add(session, this.#sourceFirst)
      table.set(slot, this.#a, this.#b, this.#ports, number)
      this.#openTcp(session, number, packet, !isNew)
    } else if (session === undefined) {
      facts.stream = number
      facts.side = streams.sideOf(number, this.#sourceFirst)
      if (streams.isOver(number)) {
        facts.late = true
        return
      }
      session = store.take()
      streams.reopen(number, session, this.#sourceFirst)
      this.#openTcp(session, number, packet, false)
      session.resumed = true
    }
    facts.stream = number
    facts.session = session
    const wasOver = session.over
    session.update(packet, streams.sideOf(number, this.#sourceFirst), facts)
    if (!wasOver && session.over) store.over(session)
  }

  #openTcp(session: TcpSession, number: number, packet: Packet, isReuse: boolean): void {
    session.open(number, packet, this.#source, this.#destination, isReuse)
    session.prelude = this.neighbourhood.prelude(packet, session, session.client.address, session.server.address)
    if (this.#foreknown !== undefined) session.foresee(this.#foreknown)
    this.tcp.opened(session)
  }

  /** Port reuse: a SYN on known endpoints that cannot belong to the stream they had. */
  #opensAnew(packet: Packet, number: number, session: TcpSession | undefined): boolean {
    const tcp = packet.tcp
    if ((tcp.flags & (SYN | ACK)) !== SYN) return false
    const streams = this.tcp.streams
    const side = streams.sideOf(number, this.#sourceFirst)
    const conversation = session?.wireshark.conversation ?? this.learned.conversation(number)
    const { isBaseKnown, base } = conversation.numbering[side]
    return isNewConversation(tcp, isBaseKnown, base)
  }

  #trackUdp(packet: Packet, facts: PacketFacts): void {
    const store = this.udp
    const streams = store.streams
    const table = packet.networkVersion === 4 ? this.#udp4 : this.#udp6
    this.#key(packet)
    const slot = table.slotOf(this.#a, this.#b, this.#ports)
    let number = table.streamAt(slot)
    let session = number < 0 ? undefined : streams.session(number)
    if (session === undefined) {
      session = store.take()
      const isNew = number < 0
      if (isNew) {
        number = streams.add(session, this.#sourceFirst)
        table.set(slot, this.#a, this.#b, this.#ports, number)
      } else streams.reopen(number, session, this.#sourceFirst)
      session.open(number, packet, this.#source, this.#destination)
      session.prelude = this.neighbourhood.prelude(packet, session, session.client.address, session.server.address)
      session.resumed = !isNew
      store.opened(session)
    }
    facts.stream = number
    facts.session = session
    session.update(packet, streams.sideOf(number, this.#sourceFirst), facts)
    this.neighbourhood.observeLookup(packet)
  }

  /** An ICMP error belongs to the session whose packet it quotes. */
  #attachError(packet: Packet, facts: PacketFacts): void {
    const quoted = packet.quoted
    if (quoted === undefined || quoted.transport < 0 || quoted.network < 0) return
    const isTcp = quoted.transportProtocol === TCP
    if (!isTcp && quoted.transportProtocol !== UDP) return
    const is4 = quoted.networkVersion === 4
    const table = isTcp ? (is4 ? this.#tcp4 : this.#tcp6) : is4 ? this.#udp4 : this.#udp6
    this.#key(quoted)
    const number = table.streamAt(table.slotOf(this.#a, this.#b, this.#ports))
    if (number < 0) return
    const streams = isTcp ? this.tcp.streams : this.udp.streams
    const session = streams.session(number)
    if (session === undefined) return
    const about = streams.sideOf(number, this.#sourceFirst)
    session.addIcmpError({
      frame: packet.number,
      version: is4 ? 4 : 6,
      type: packet.icmpType,
      code: packet.icmpCode,
      about,
    })
    facts.session = session
    facts.time = session.timeOf(packet)
    facts.gap = facts.time - session.lastTime
    facts.side = about === 0 ? 1 : 0
    facts.phase = session.protocol === 'tcp' ? session.phase : 1
  }

  /** Sets the key fields from the packet's endpoints. */
  #key(packet: Packet): void {
    const at = packet.network
    const view = packet.frame
    let source: number
    let destination: number
    if (packet.networkVersion === 4) {
      source = view.getInt32(at + 12)
      destination = view.getInt32(at + 16)
    } else {
      source = this.addresses.internIpv6(view, at + 8)
      destination = this.addresses.internIpv6(view, at + 24)
    }
    this.#source = source
    this.#destination = destination
    const sourcePort = packet.sourcePort
    const destinationPort = packet.destinationPort
    this.#sourceFirst = source < destination || (source === destination && sourcePort <= destinationPort)
    if (this.#sourceFirst) {
      this.#a = source
      this.#b = destination
      this.#ports = (sourcePort << 16) | destinationPort
    } else {
      this.#a = destination
      this.#b = source
      this.#ports = (destinationPort << 16) | sourcePort
    }
  }
}
