/** Transmission Control Protocol (RFC 9293). */
import { bits, u16, u32 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { badValue, missing, tooDeep, truncated } from './bounds.js'
import { Protocol } from './protocols.js'
import { readOptions } from './tcp-options.js'

export const tcp = {
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
  urgentFlag: bits(106, 1, 'tcp.flags.urg', 'Urgent'),
  ack: bits(107, 1, 'tcp.flags.ack', 'Acknowledgment'),
  push: bits(108, 1, 'tcp.flags.push', 'Push'),
  reset: bits(109, 1, 'tcp.flags.reset', 'Reset'),
  syn: bits(110, 1, 'tcp.flags.syn', 'Syn'),
  fin: bits(111, 1, 'tcp.flags.fin', 'Fin'),
  window: u16(14, 'tcp.window_size_value', 'Window'),
  checksum: u16(16, 'tcp.checksum', 'Checksum', 'hex'),
  urgentPointer: u16(18, 'tcp.urgent_pointer', 'Urgent Pointer'),
} as const

const MINIMUM = 20
const IP_PROTOCOL = 6

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  if (at + MINIMUM > packet.limit) return decodeQuotedPart(packet)
  const length = tcp.headerLength(view, at)
  const end = at + length
  const limit = packet.limit
  if (!packet.addLayer(Protocol.tcp, at, end <= limit ? end : limit)) return tooDeep(packet)
  if (length < MINIMUM) return badValue(packet, at + 12, 1, 'tcp.hdr_len')

  const header = packet.tcp
  packet.transport = at
  packet.transportProtocol = IP_PROTOCOL
  packet.sourcePort = header.sourcePort = tcp.sourcePort(view, at)
  packet.destinationPort = header.destinationPort = tcp.destinationPort(view, at)
  header.sequence = tcp.sequence(view, at) | 0
  header.acknowledgment = tcp.acknowledgment(view, at) | 0
  header.headerLength = length
  header.flags = tcp.flags(view, at)
  header.window = tcp.window(view, at)
  header.urgent = tcp.urgentPointer(view, at)
  header.mss = -1
  header.windowScale = -1
  header.sackPermitted = false
  header.hasTimestamps = false
  header.sackBlocks = 0
  header.fastOpen = -1
  const sent = packet.extent - end
  packet.payloadLength = header.length = sent > 0 ? sent : 0
  packet.payload = packet.cursor = end <= limit ? end : limit
  packet.payloadEnd = limit
  if (length > MINIMUM) {
    readOptions(packet, at + MINIMUM, end <= limit ? end : limit)
    if (end > limit) return missing(packet, limit, end - limit, 'tcp.options')
  }
  return sent > 0 ? Protocol.data : Protocol.none
}

/** An ICMP error quotes at least the first 8 bytes (RFC 792): enough to know whose segment it was. */
function decodeQuotedPart(packet: Packet): number {
  const at = packet.cursor
  if (at + 8 <= packet.limit) {
    packet.transport = at
    packet.sourcePort = tcp.sourcePort(packet.view, at)
    packet.destinationPort = tcp.destinationPort(packet.view, at)
    packet.tcp.sequence = tcp.sequence(packet.view, at) | 0
  }
  return truncated(packet, Protocol.tcp, MINIMUM, 'tcp')
}
