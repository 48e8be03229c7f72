/** Internet Protocol version 6 (RFC 8200). The extension headers are in ipv6-extensions.ts. */
import { bits, span, u8, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { badValue, boundTo, missing, tooDeep } from './bounds.js'
import { protocolOfIpNumber } from './numbers.js'
import { Protocol } from './protocols.js'

const header = {
  version: bits(0, 4, 'ipv6.version', 'Version'),
  trafficClass: bits(4, 8, 'ipv6.tclass', 'Traffic Class', 'hex32'),
  dscp: bits(4, 6, 'ipv6.tclass.dscp', 'Differentiated Services Codepoint'),
  ecn: bits(10, 2, 'ipv6.tclass.ecn', 'Explicit Congestion Notification'),
  flowLabel: bits(12, 20, 'ipv6.flow', 'Flow Label', 'hex'),
  payloadLength: u16(4, 'ipv6.plen', 'Payload Length'),
  nextHeader: u8(6, 'ipv6.nxt', 'Next Header'),
  hopLimit: u8(7, 'ipv6.hlim', 'Hop Limit'),
  source: span(8, 16, 'ipv6.src', 'Source Address', 'ipv6'),
  destination: span(24, 16, 'ipv6.dst', 'Destination Address', 'ipv6'),
} as const

/** The header, field by field. */
export const ipv6 = header

const ID = Protocol.ipv6
/** bytes of the header */
export const LENGTH = 40
/** the most that the payload length can say */
export const LARGEST = 0xffff
const HOP_BY_HOP = 0

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  const end = at + LENGTH
  if (!packet.addLayer(ID, at, Math.min(end, packet.limit))) return tooDeep(packet)
  if (at < packet.limit && header.version(view, at) !== 6) return badValue(packet, at, 1, 'ipv6.version')
  if (end > packet.limit) return missing(packet, at, LENGTH, 'ipv6')
  const payload = header.payloadLength(view, at)
  const next = header.nextHeader(view, at)
  // a length of 0 may mean that it does not fit: then a hop-by-hop option has it (RFC 2675), or, where the sender's network
  // card is to cut the packet up (segmentation offload), only the frame
  const isLarge = payload === 0 && (next === HOP_BY_HOP || packet.extent - end > LARGEST)
  if (!isLarge) boundTo(packet, end + payload, at + 4, 'ipv6.plen')

  packet.network = at
  packet.networkView = view
  packet.networkVersion = 6
  packet.source = at + 8
  packet.destination = at + 24
  packet.timeToLive = header.hopLimit(view, at)
  packet.cursor = end
  return protocolOfIpNumber(next)
}
