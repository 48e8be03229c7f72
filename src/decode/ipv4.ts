/** Internet Protocol version 4 (RFC 791). */
import { bits, span, u8, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { badValue, boundTo, missing, tooDeep, truncated } from './bounds.js'
import { protocolOfIpNumber } from './numbers.js'
import { Protocol } from './protocols.js'

export const ipv4 = {
  version: bits(0, 4, 'ip.version', 'Version'),
  headerLength: bits(4, 4, 'ip.hdr_len', 'Header Length', 'decimal', 4),
  dsfield: u8(1, 'ip.dsfield', 'Differentiated Services Field', 'hex'),
  dscp: bits(8, 6, 'ip.dsfield.dscp', 'Differentiated Services Codepoint'),
  ecn: bits(14, 2, 'ip.dsfield.ecn', 'Explicit Congestion Notification'),
  totalLength: u16(2, 'ip.len', 'Total Length'),
  identification: u16(4, 'ip.id', 'Identification', 'hex'),
  flags: bits(48, 3, 'ip.flags', 'Flags', 'hex'),
  reserved: bits(48, 1, 'ip.flags.rb', 'Reserved bit'),
  dontFragment: bits(49, 1, 'ip.flags.df', "Don't fragment"),
  moreFragments: bits(50, 1, 'ip.flags.mf', 'More fragments'),
  fragmentOffset: bits(51, 13, 'ip.frag_offset', 'Fragment Offset', 'decimal', 8),
  timeToLive: u8(8, 'ip.ttl', 'Time to Live'),
  protocol: u8(9, 'ip.proto', 'Protocol'),
  checksum: u16(10, 'ip.checksum', 'Header Checksum', 'hex'),
  source: span(12, 4, 'ip.src', 'Source Address', 'ipv4'),
  destination: span(16, 4, 'ip.dst', 'Destination Address', 'ipv4'),
} as const

const MINIMUM = 20

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  if (at + MINIMUM > packet.limit) return truncated(packet, Protocol.ip, MINIMUM, 'ip')
  const length = ipv4.headerLength(view, at)
  const end = at + length
  if (!packet.addLayer(Protocol.ip, at, Math.min(end, packet.limit))) return tooDeep(packet)
  if (ipv4.version(view, at) !== 4) return badValue(packet, at, 1, 'ip.version')
  if (length < MINIMUM) return badValue(packet, at, 1, 'ip.hdr_len')
  const total = ipv4.totalLength(view, at)
  // the kernel hands a large segment to the network card with total length 0 (segmentation offload): the frame bounds it
  if (total !== 0) {
    if (total < length) return badValue(packet, at + 2, 2, 'ip.len')
    boundTo(packet, at + total, at + 2, 'ip.len')
  }
  if (end > packet.limit) return missing(packet, at, length, 'ip.options')

  packet.network = at
  packet.networkVersion = 4
  packet.identification = ipv4.identification(view, at)
  packet.timeToLive = ipv4.timeToLive(view, at)
  packet.cursor = end
  // any of: more fragments, a fragment offset
  if ((view.getUint16(at + 6) & 0x3fff) !== 0) {
    packet.fragment = true
    return Protocol.reassembly
  }
  return protocolOfIpNumber(ipv4.protocol(view, at))
}
