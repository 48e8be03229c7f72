/** Internet Protocol version 4 (RFC 791). Its options are in ipv4-options.ts. */
import { bits, span, u8, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { badValue, boundTo, missing, tooDeep } from './bounds.js'
import type { Header } from './header.js'
import { finalDestination, optionFields, unreadableOption } from './ipv4-options.js'
import { protocolOfIpNumber } from './numbers.js'
import { Protocol } from './protocols.js'

const header = {
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
  fragmentOffset: bits(51, 13, 'ip.frag_offset', 'Fragment Offset (8 bytes)'),
  timeToLive: u8(8, 'ip.ttl', 'Time to Live'),
  protocol: u8(9, 'ip.proto', 'Protocol'),
  checksum: u16(10, 'ip.checksum', 'Header Checksum', 'hex'),
  source: span(12, 4, 'ip.src', 'Source Address', 'ipv4'),
  destination: span(16, 4, 'ip.dst', 'Destination Address', 'ipv4'),
} as const

/** The header, field by field. */
export const ipv4 = header

const ID = Protocol.ip
const MINIMUM = 20
/** more fragments, or an offset */
const FRAGMENT = 0x3fff

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  const available = packet.limit - at
  if (available < MINIMUM) return decodePart(packet, available)
  const length = header.headerLength(view, at)
  const end = at + length
  // some write IPv4's type where they mean either version
  if (header.version(view, at) === 6) return Protocol.ipv6
  if (!packet.addLayer(ID, at, length >= MINIMUM && length < available ? end : packet.limit)) return tooDeep(packet)
  if (header.version(view, at) !== 4) return badValue(packet, at, 1, 'ip.version')
  if (length < MINIMUM) return badValue(packet, at, 1, 'ip.hdr_len')
  const total = header.totalLength(view, at)
  // the kernel hands a large segment to the network card with total length 0 (segmentation offload): the frame bounds it
  if (total !== 0) {
    if (total < length) return badValue(packet, at + 2, 2, 'ip.len')
    boundTo(packet, at + total, at + 2, 'ip.len')
  }
  if (length > available) return missing(packet, at, length, 'ip')

  packet.network = at
  packet.networkView = view
  packet.networkVersion = 4
  packet.source = at + 12
  packet.destination = at + 16
  packet.identification = header.identification(view, at)
  packet.timeToLive = header.timeToLive(view, at)
  packet.cursor = end
  if (length > MINIMUM) {
    const option = unreadableOption(view, at, end)
    if (option >= 0) return badValue(packet, option + 1, 1, 'ip.opt.len')
    packet.destination = finalDestination(view, at, end)
  }
  if ((view.getUint16(at + 6) & FRAGMENT) !== 0) {
    packet.fragment = true
    return Protocol.reassembly
  }
  return protocolOfIpNumber(header.protocol(view, at))
}

/** Less than a whole header: what makes no sense in it counts for more than that it was cut. */
function decodePart(packet: Packet, available: number): number {
  const { view, cursor: at } = packet
  if (available > 0 && header.version(view, at) === 6) return Protocol.ipv6
  if (!packet.addLayer(ID, at, packet.limit)) return tooDeep(packet)
  if (available > 0) {
    if (header.version(view, at) !== 4) return badValue(packet, at, 1, 'ip.version')
    if (header.headerLength(view, at) < MINIMUM) return badValue(packet, at, 1, 'ip.hdr_len')
  }
  if (available >= 4) {
    const total = header.totalLength(view, at)
    if (total !== 0 && total < header.headerLength(view, at)) return badValue(packet, at + 2, 2, 'ip.len')
  }
  return missing(packet, at, MINIMUM, 'ip')
}

export const ipv4Header: Header = {
  fields: Object.values(header),
  variable: optionFields,
}
