/** Internet Protocol version 4 (RFC 791). */
import { bits, span, u8, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { badValue, boundTo, missing, tooDeep } from './bounds.js'
import type { Header, Placed } from './header.js'
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
  packet.networkVersion = 4
  packet.identification = header.identification(view, at)
  packet.timeToLive = header.timeToLive(view, at)
  packet.cursor = end
  if ((view.getUint16(at + 6) & FRAGMENT) !== 0) {
    packet.fragment = true
    return Protocol.reassembly
  }
  return protocolOfIpNumber(header.protocol(view, at))
}

/** Less than a whole header: what makes no sense in it counts for more than that it was cut. */
function decodePart(packet: Packet, available: number): number {
  const { view, cursor: at } = packet
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

/** Option types, with their copied and class bits (IANA's IP option numbers). */
const optionNames = new Map<number, string>([
  [0, 'End of Options'],
  [1, 'No-Operation'],
  [7, 'Record Route'],
  [68, 'Time Stamp'],
  [82, 'Traceroute'],
  [130, 'Security'],
  [131, 'Loose Source Route'],
  [134, 'Commercial Security'],
  [136, 'Stream Identifier'],
  [137, 'Strict Source Route'],
  [148, 'Router Alert'],
])

const option = { type: u8(0, 'ip.opt.type', 'Type'), length: u8(1, 'ip.opt.len', 'Length') } as const
const END_OF_OPTIONS = 0
const NO_OPERATION = 1

/** None unless the whole header is there: that is how tshark reads them. */
function* options(view: DataView, at: number, end: number): Generator<Placed> {
  const length = at + MINIMUM > end ? 0 : header.headerLength(view, at)
  if (length < MINIMUM || at + length > end) return
  for (let next = at + MINIMUM; next < end; ) {
    const type = option.type(view, next)
    const group = optionNames.get(type) ?? 'Unknown option'
    const size = optionSize(view, next, end)
    yield { field: option.type, at: next, group }
    if (size > 1) yield { field: option.length, at: next, group }
    if (size > 2) yield { field: span(2, size - 2, 'ip.opt.data', 'Option data'), at: next, group }
    if (type === END_OF_OPTIONS) return
    next += size
  }
}

/** The two options without a length are single bytes (RFC 791 §3.1); a length that lies takes all that is left. */
function optionSize(view: DataView, at: number, end: number): number {
  if (option.type(view, at) <= NO_OPERATION) return 1
  const left = end - at
  const claimed = left > 1 ? option.length(view, at) : left
  return claimed < 2 || claimed > left ? left : claimed
}

export const SOURCE_ROUTES: ReadonlySet<number> = new Set([131, 137])
/** type, length, pointer and one address */
export const SHORTEST_ROUTE = 7

/** Its pointer is at one of its addresses: of the option at `at`, `size` bytes long. */
export function isRouteInUse(view: DataView, at: number, size: number): boolean {
  const pointer = view.getUint8(at + 2)
  return pointer >= 4 && pointer <= size - 3
}

/**
 * Where the packet is bound for in the end, when its options route it over other hosts first: offsets of the last address in
 * each source route that is not used up (RFC 791 §3.1). The header's own destination is then only the next hop.
 */
export function finalDestinations(view: DataView, at: number, end: number): number[] {
  const places: number[] = []
  const first = at + MINIMUM
  const last = Math.min(end, at + header.headerLength(view, at))
  for (let next = first; next < last && option.type(view, next) !== END_OF_OPTIONS; ) {
    const size = optionSize(view, next, last)
    if (SOURCE_ROUTES.has(option.type(view, next)) && size >= SHORTEST_ROUTE && isRouteInUse(view, next, size)) {
      places.push(next + size - 4)
    }
    next += size
  }
  return places
}

export const ipv4Header: Header = {
  fields: Object.values(header),
  variable: { keys: [option.type.key, option.length.key, 'ip.opt.data'], read: options },
}
