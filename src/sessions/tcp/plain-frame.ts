/**
 * The commonest frame, quickly: Ethernet, IP and TCP with nothing unusual in their headers, and in it a plain segment
 * (plain.ts) of a session that spoke lately. Where nobody looks at single packets, such a frame need not be decoded layer by
 * layer: what it does to its session is all that counts. An exact shortcut, held equal to the long way by a test.
 */
import { ChecksumStatus, isGoodSegment } from '../../decode/checksums.js'
import { ethernet } from '../../decode/ethernet.js'
import { ipv4 } from '../../decode/ipv4.js'
import { ipv6 } from '../../decode/ipv6.js'
import { tcp } from '../../decode/tcp.js'
import { startsWithTimestamps } from '../../decode/tcp-options.js'
import { ACK, type Packet, PSH } from '../../packet.js'
import type { FlowKey } from '../flow-key.js'
import type { RecentFlows } from '../recent-flows.js'
import type { Slab } from '../record.js'
import { Hot } from '../session.js'
import { isNext, takeNext } from './plain.js'
import type { TcpSessions } from './sessions.js'
import { FTP_CONTROL } from './wireshark/announced.js'
import { SOCKS } from './wireshark/proxied.js'

const HOT = Hot.offsets
const ETHERNET = 1
const ETHERNET_HEADER = 14
const ETHER_TYPE_IPV4 = 0x0800
const ETHER_TYPE_IPV6 = 0x86dd
/** version 4, and a header of five words: no options */
const PLAIN_IPV4 = 0x45
const IPV4_LENGTH = 20
const FRAGMENT = 0x3fff
const IPV6_LENGTH = 40
const TCP = 6
const TCP_HEADER = 20
const WITH_TIMESTAMPS = 32
/** no VLAN tag */
const UNTAGGED = -1

export class PlainFrames {
  readonly #key: FlowKey
  readonly #recent: RecentFlows
  readonly #slab: Slab
  readonly #sessions: TcpSessions

  /** @param sessions those that `recent` finds */
  constructor(key: FlowKey, recent: RecentFlows, sessions: TcpSessions) {
    this.#key = key
    this.#recent = recent
    this.#slab = sessions.slabs.hot
    this.#sessions = sessions
  }

  /** Takes the frame in, if it is plain; false, and nothing done, if it is not. Nothing of `packet` but its frame need be set. */
  take(packet: Packet): boolean {
    if (packet.linkType !== ETHERNET) return false
    const view = packet.frame
    const network = packet.start + ETHERNET_HEADER
    const most = Math.min(packet.end, packet.start + packet.originalLength)
    if (network + IPV4_LENGTH + TCP_HEADER > most) return false
    const type = ethernet.type(view, packet.start)
    if (type === ETHER_TYPE_IPV4) {
      if (view.getUint8(network) !== PLAIN_IPV4 || ipv4.protocol(view, network) !== TCP) return false
      if ((view.getUint16(network + 6) & FRAGMENT) !== 0) return false
      const end = network + ipv4.totalLength(view, network)
      return end <= most && this.#takeSegment(packet, 4, network, network + IPV4_LENGTH, end)
    }
    if (type === ETHER_TYPE_IPV6) {
      if (ipv6.version(view, network) !== 6 || ipv6.nextHeader(view, network) !== TCP) return false
      const transport = network + IPV6_LENGTH
      const end = transport + ipv6.payloadLength(view, network)
      return end <= most && this.#takeSegment(packet, 6, network, transport, end)
    }
    return false
  }

  /** The same for the segment [transport, end) behind an IP header at `network`. */
  #takeSegment(packet: Packet, version: 4 | 6, network: number, transport: number, end: number): boolean {
    if (transport + TCP_HEADER > end) return false
    // where the source address lies, the destination address follows
    const source = network + (version === 4 ? 12 : 8)
    const view = packet.frame
    if ((tcp.flags(view, transport) & ~PSH) !== ACK) return false
    const header = tcp.headerLength(view, transport)
    const payload = transport + header
    if (payload > end) return false
    const hasTimestamps = header === WITH_TIMESTAMPS && startsWithTimestamps(view, transport + TCP_HEADER)
    if (header !== TCP_HEADER && !hasTimestamps) return false

    const sourcePort = tcp.sourcePort(view, transport)
    const destinationPort = tcp.destinationPort(view, transport)
    // these speak of other connections
    if (sourcePort === FTP_CONTROL || destinationPort === FTP_CONTROL) return false
    if (sourcePort === SOCKS || destinationPort === SOCKS) return false
    const key = this.#key
    const destination = source + (version === 4 ? 4 : 16)
    key.setFrom(view, version, source, destination, sourcePort, destinationPort)
    const slot = this.#recent.find(version, key)
    if (slot < 0) return false
    const slab = this.#slab
    const at = slab.offset(slot)
    const sequence = tcp.sequence(view, transport) | 0
    const acknowledgment = tcp.acknowledgment(view, transport) | 0
    const length = end - payload
    if (!isNext(slab, at, key.side, UNTAGGED, sequence, acknowledgment, length)) return false
    if (!isGoodSegment(view, version, source, transport, end)) return false

    const { ints, floats } = slab
    const seconds = packet.seconds - (floats[(at >> 1) + HOT.startSeconds] ?? 0)
    const time = seconds * 1e9 + (packet.nanoseconds - (ints[at + HOT.startNanoseconds] ?? 0))
    const analyses = this.#sessions.analysesOf(slot)
    if (analyses !== undefined) {
      decodePlain(packet, version, network, transport, length)
      if (!analyses.wireshark.takePlain(slot, packet, key.side, time)) return false
      analyses.truth?.take(slot, packet, key.side, time)
    }
    takeNext(slab, at, key.side, packet, time, sequence, length)
    return true
  }
}

/** What the decoders would say of a plain segment, as far as analyses read it. */
function decodePlain(packet: Packet, version: 4 | 6, network: number, transport: number, length: number): void {
  const { frame: view, tcp: segment } = packet
  packet.networkVersion = version
  packet.identification = version === 4 ? ipv4.identification(view, network) : 0
  packet.timeToLive = version === 4 ? ipv4.timeToLive(view, network) : ipv6.hopLimit(view, network)
  packet.vlan = UNTAGGED
  packet.transportChecksum = ChecksumStatus.good
  segment.sequence = tcp.sequence(view, transport) | 0
  segment.acknowledgment = tcp.acknowledgment(view, transport) | 0
  segment.headerLength = tcp.headerLength(view, transport)
  segment.flags = tcp.flags(view, transport)
  segment.window = tcp.window(view, transport)
  segment.length = length
  segment.lengthKnown = true
  segment.mss = segment.windowScale = segment.fastOpen = -1
  segment.sackPermitted = segment.optionsBroken = false
  segment.sackBlocks = segment.multipath = 0
  segment.hasTimestamps = segment.headerLength === WITH_TIMESTAMPS
  segment.timestampValue = segment.hasTimestamps ? view.getUint32(transport + TCP_HEADER + 4) : 0
  segment.timestampEcho = segment.hasTimestamps ? view.getUint32(transport + TCP_HEADER + 8) : 0
}
