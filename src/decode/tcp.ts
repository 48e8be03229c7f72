/** Transmission Control Protocol (RFC 9293). The options are in tcp-options.ts. */
import { bits, u16, u32 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { badValue, missing, tooDeep, truncated } from './bounds.js'
import type { Header } from './header.js'
import { Protocol } from './protocols.js'
import { optionFields, readOptions } from './tcp-options.js'

const header = {
  sourcePort: u16(0, 'tcp.srcport', 'Source Port'),
  destinationPort: u16(2, 'tcp.dstport', 'Destination Port'),
  sequence: u32(4, 'tcp.seq_raw', 'Sequence Number (raw)'),
  acknowledgment: u32(8, 'tcp.ack_raw', 'Acknowledgment Number (raw)'),
  headerLength: bits(96, 4, 'tcp.hdr_len', 'Header Length', 'decimal', 4),
  flags: bits(100, 12, 'tcp.flags', 'Flags', 'hex'),
  reserved: bits(100, 3, 'tcp.flags.res', 'Reserved', 'flag'),
  accurateEcn: bits(103, 1, 'tcp.flags.ae', 'Accurate ECN'),
  congestionWindowReduced: bits(104, 1, 'tcp.flags.cwr', 'Congestion Window Reduced'),
  ecnEcho: bits(105, 1, 'tcp.flags.ece', 'ECN-Echo'),
  urgent: bits(106, 1, 'tcp.flags.urg', 'Urgent'),
  ack: bits(107, 1, 'tcp.flags.ack', 'Acknowledgment'),
  push: bits(108, 1, 'tcp.flags.push', 'Push'),
  reset: bits(109, 1, 'tcp.flags.reset', 'Reset'),
  syn: bits(110, 1, 'tcp.flags.syn', 'Syn'),
  fin: bits(111, 1, 'tcp.flags.fin', 'Fin'),
  window: u16(14, 'tcp.window_size_value', 'Window'),
  checksum: u16(16, 'tcp.checksum', 'Checksum', 'hex'),
  urgentPointer: u16(18, 'tcp.urgent_pointer', 'Urgent Pointer'),
} as const

/** The header, field by field. */
export const tcp = header

export const tcpHeader: Header = { fields: Object.values(header), variable: optionFields }

const ID = Protocol.tcp
const NONE = Protocol.none
const MINIMUM = 20
/** what says who, which bytes and how much room; the checksum and the urgent pointer after it can be missed */
const NEEDED = 16
const IP_PROTOCOL = 6

/**
 * A header that makes no sense, or that the capture cut after the window, still tells whose segment it is and where it
 * belongs; so it counts, as it does for Wireshark, with the problem beside it.
 */
export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  const limit = packet.limit
  if (at + NEEDED > limit) return decodePart(packet)
  const length = header.headerLength(view, at)
  const end = at + length
  const captured = end < limit && length >= MINIMUM ? end : limit
  if (!packet.addLayer(ID, at, captured)) return tooDeep(packet)

  const segment = packet.tcp
  packet.transport = at
  packet.transportProtocol = IP_PROTOCOL
  packet.sourcePort = segment.sourcePort = header.sourcePort(view, at)
  packet.destinationPort = segment.destinationPort = header.destinationPort(view, at)
  segment.sequence = header.sequence(view, at) | 0
  segment.acknowledgment = header.acknowledgment(view, at) | 0
  segment.headerLength = length
  segment.flags = header.flags(view, at)
  segment.window = header.window(view, at)
  segment.urgent = at + MINIMUM <= limit ? header.urgentPointer(view, at) : 0
  segment.mss = -1
  segment.windowScale = -1
  segment.sackPermitted = false
  segment.hasTimestamps = false
  segment.timestampValue = segment.timestampEcho = 0
  segment.sackBlocks = 0
  segment.multipath = 0
  segment.fastOpen = -1
  segment.optionsBroken = end > limit
  const sent = packet.extent - end
  packet.payloadLength = segment.length = Math.max(sent, 0)
  segment.lengthKnown = sent >= 0 && !packet.fragment
  packet.payload = packet.cursor = captured
  packet.payloadEnd = limit
  if (length < MINIMUM) return badValue(packet, at + 12, 1, 'tcp.hdr_len')
  if (length > MINIMUM) readOptions(packet, at + MINIMUM, captured)
  if (end > limit) return missing(packet, at, length, 'tcp')
  return NONE
}

/**
 * Less than a whole header: the ports and the sequence number, which is what an ICMP error is sure to quote (RFC 792).
 * `transport` tells where they are; `transportProtocol` stays 0.
 */
function decodePart(packet: Packet): number {
  const at = packet.cursor
  if (at + 8 <= packet.limit) {
    packet.transport = at
    packet.sourcePort = packet.tcp.sourcePort = header.sourcePort(packet.view, at)
    packet.destinationPort = packet.tcp.destinationPort = header.destinationPort(packet.view, at)
    packet.tcp.sequence = header.sequence(packet.view, at) | 0
  }
  return truncated(packet, ID, MINIMUM, 'tcp')
}
