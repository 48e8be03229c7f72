/** The loop that takes a packet apart: each decoder says which protocol comes next. */
import { Packet } from '../packet.js'
import { opaque } from './data.js'
import * as ethernet from './ethernet.js'
import { type FragmentLimits, Reassembler } from './fragments.js'
import * as icmp from './icmp.js'
import * as ipv4 from './ipv4.js'
import { protocolOfIpNumber, tunnels } from './numbers.js'
import { Protocol } from './protocols.js'
import { protocolOfVersion } from './raw.js'
import { type Decode, protocolOfLinkType, registry } from './registry.js'
import * as tcp from './tcp.js'
import * as udp from './udp.js'

const NONE = Protocol.none
const ETHERNET = Protocol.eth
const IPV4 = Protocol.ip
const TCP = Protocol.tcp
const UDP = Protocol.udp
const data = opaque(Protocol.data)

/** The largest packet that an ICMP error can be about: IPv6's header and the most that its payload length can say. */
const LARGEST_QUOTED = 40 + 0xffff

/** Decodes packets one after the other; keeps the fragments that wait for the rest of their datagram. */
export class Decoder {
  readonly #reassembler: Reassembler
  readonly #decoders: readonly Decode[]

  constructor(limits?: Partial<FragmentLimits>) {
    this.#reassembler = new Reassembler(limits)
    const decoders = [...registry]
    decoders[Protocol.reassembly] = (packet) => {
      run(inDatagram, packet, this.#reassembler.add(packet))
      return NONE
    }
    decoders[Protocol.quote] = quote
    this.#decoders = decoders
  }

  /** Fragmented datagrams of which pieces never came. */
  get unfinished(): Reassembler['unfinished'] {
    return this.#reassembler.unfinished
  }

  get incomplete(): Reassembler['incomplete'] {
    return this.#reassembler.incomplete
  }

  /** Fills in the record's layers, shortcuts and problem from the frame that it holds. Never throws on what is in it. */
  decode(packet: Packet): void {
    packet.begin()
    let protocol = protocolOfLinkType(packet.linkType)
    // nearly every packet is one of these; calling their decoders by name saves a tenth of the time over the table
    if (protocol === ETHERNET) protocol = ethernet.decode(packet)
    if (protocol === IPV4) protocol = ipv4.decode(packet)
    if (protocol === TCP) protocol = tcp.decode(packet)
    else if (protocol === UDP) protocol = udp.decode(packet)
    run(this.#decoders, packet, protocol)
  }
}

function run(decoders: readonly Decode[], packet: Packet, first: number): void {
  let protocol = first
  while (protocol !== NONE) {
    const decode = decoders[protocol]
    if (decode === undefined) return
    protocol = decode(packet)
  }
}

/** Decodes the packet that an ICMP error quotes from the cursor on, as far as it goes, into a record of its own. */
function quote(packet: Packet): number {
  if (packet.cursor >= packet.limit) return NONE
  packet.quoted ??= new Packet()
  packet.hasQuoted = true
  const { quoted } = packet
  quoted.frame = packet.view
  quoted.start = packet.cursor
  quoted.end = icmp.quoteEnd(packet)
  // that the quote is short is no fault of the quoted packet: its own lengths are to be believed
  quoted.originalLength = LARGEST_QUOTED
  quoted.number = packet.number
  quoted.seconds = packet.seconds
  quoted.nanoseconds = packet.nanoseconds
  quoted.begin()
  run(inQuote, quoted, quotedProtocol(packet, quoted))
  return NONE
}

/** An error about a packet of the other version is none. A version that makes no sense is told of by IPv4, as in tshark. */
function quotedProtocol(packet: Packet, quoted: Packet): number {
  const protocol = protocolOfVersion(quoted)
  if (packet.networkVersion === 6) return protocol === Protocol.ipv6 ? protocol : Protocol.data
  return protocol === Protocol.ipv6 ? Protocol.data : Protocol.ip
}

/** What is read where tunnels stay closed. */
const withoutTunnels: readonly Decode[] = registry.map((decode, protocol) =>
  tunnels.has(protocol) ? () => NONE : decode,
)

/** A quoted fragment is no part of the traffic; the first one of its datagram still begins with the transport header. */
const inQuote: readonly Decode[] = withoutTunnels
  .with(Protocol.reassembly, (packet) => {
    if (packet.networkVersion !== 4) return Protocol.data
    const header = ipv4.ipv4
    const isFirst = header.fragmentOffset(packet.view, packet.network) === 0
    return isFirst ? protocolOfIpNumber(header.protocol(packet.view, packet.network)) : Protocol.data
  })
  .with(Protocol.quote, data)

/** Fragments inside a datagram put together from fragments are not: there is one such datagram at a time. */
const inDatagram: readonly Decode[] = registry.with(Protocol.reassembly, data).with(Protocol.quote, quote)
