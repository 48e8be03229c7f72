/**
 * IPv6 extension headers (RFC 8200 §4): each names the next and says how long it is, so that what nobody knows can still
 * be passed over.
 */
import { bits, type Field, span, u8, u16, u32 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { boundTo, missing, tooDeep, truncated } from './bounds.js'
import { type Header, placedAt } from './header.js'
import { protocolOfIpNumber } from './numbers.js'
import { Protocol } from './protocols.js'

/** Every extension header but the fragment header's begins so. */
const next = u8(0, '', '')
const length = u8(1, '', '')

const SHORTEST = 8

/** Records the extension header at the cursor, `size` bytes long, and gives the protocol that it names. */
function decodeExtension(packet: Packet, protocol: number, size: number): number {
  const at = packet.cursor
  const end = at + size
  if (!packet.addLayer(protocol, at, Math.min(end, packet.limit))) return tooDeep(packet)
  if (end > packet.limit) return missing(packet, at, size, 'ipv6')
  packet.cursor = end
  return protocolOfIpNumber(next(packet.view, at))
}

/** Length in units of 8 bytes, the first not counted. */
function sizeInEights(packet: Packet): number {
  return 8 + 8 * length(packet.view, packet.cursor)
}

export function decodeHopByHop(packet: Packet): number {
  if (packet.cursor + SHORTEST > packet.limit) return truncated(packet, Protocol.hopByHop, SHORTEST, 'ipv6.hopopts')
  const at = packet.cursor
  const following = decodeExtension(packet, Protocol.hopByHop, sizeInEights(packet))
  if (packet.cursor > at) boundToJumbo(packet, at, packet.cursor)
  return following
}

export function decodeDestinationOptions(packet: Packet): number {
  const protocol = Protocol.destinationOptions
  if (packet.cursor + SHORTEST > packet.limit) return truncated(packet, protocol, SHORTEST, 'ipv6.dstopts')
  return decodeExtension(packet, protocol, sizeInEights(packet))
}

export function decodeRouting(packet: Packet): number {
  if (packet.cursor + SHORTEST > packet.limit) return truncated(packet, Protocol.routing, SHORTEST, 'ipv6.routing')
  return decodeExtension(packet, Protocol.routing, sizeInEights(packet))
}

/** The authentication header counts in units of 4 bytes, the first two not counted (RFC 4302 §2.2). */
export function decodeAuthentication(packet: Packet): number {
  if (packet.cursor + AH_FIXED > packet.limit) return truncated(packet, Protocol.ah, AH_FIXED, 'ah')
  return decodeExtension(packet, Protocol.ah, 8 + 4 * length(packet.view, packet.cursor))
}

/** RFC 8200 §4.5. */
export const fragmentHeader = {
  nextHeader: u8(0, 'ipv6.fraghdr.nxt', 'Next header'),
  reserved: u8(1, 'ipv6.fraghdr.reserved_octet', 'Reserved octet', 'hex'),
  offset: bits(16, 13, 'ipv6.fraghdr.offset', 'Offset', 'decimal', 8),
  reservedBits: bits(29, 2, 'ipv6.fraghdr.reserved_bits', 'Reserved bits'),
  moreFragments: bits(31, 1, 'ipv6.fraghdr.more', 'More Fragments'),
  identification: u32(4, 'ipv6.fraghdr.ident', 'Identification', 'hex'),
} as const

const RESERVED_BITS = 0x0006

export function decodeFragment(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  const end = at + 8
  if (end > packet.limit) return truncated(packet, Protocol.fragmentHeader, 8, 'ipv6.fraghdr')
  if (!packet.addLayer(Protocol.fragmentHeader, at, end)) return tooDeep(packet)
  packet.cursor = end
  packet.identification = fragmentHeader.identification(view, at)
  // neither an offset nor more to come: a whole packet that only has the header (RFC 6946)
  if ((view.getUint16(at + 2) & ~RESERVED_BITS) === 0) return protocolOfIpNumber(next(view, at))
  packet.fragment = true
  return Protocol.reassembly
}

const JUMBO_PAYLOAD = 0xc2
const PAD1 = 0

/** A jumbogram's length, where IPv6's own is 0 (RFC 2675 §2). */
function boundToJumbo(packet: Packet, at: number, end: number): void {
  const view = packet.view
  if (packet.networkVersion !== 6 || view.getUint16(packet.network + 4) !== 0) return
  for (const option of walk(view, at, end)) {
    if (view.getUint8(option.at) !== JUMBO_PAYLOAD || option.length !== 6) continue
    boundTo(packet, packet.network + 40 + view.getUint32(option.at + 2), option.at + 2, 'ipv6.opt.jumbo')
  }
}

/** The options of a hop-by-hop or destination options header: type, length, data; the padding of one byte has only a type. */
function* walk(view: DataView, at: number, end: number): Generator<{ at: number; length: number }> {
  for (let option = at + 2; option < end; ) {
    if (view.getUint8(option) === PAD1) {
      option++
      continue
    }
    if (option + 2 > end) return
    const size = 2 + view.getUint8(option + 1)
    if (option + size > end) return
    yield { at: option, length: size }
    option += size
  }
}

const optionNames = new Map<number, string>([
  [0x01, 'PadN'],
  [0x05, 'Router Alert'],
  [0x07, 'CALIPSO'],
  [0x26, 'Quick-Start'],
  [0x30, 'Path MTU Record'],
  [0x63, 'RPL Option'],
  [0xc2, 'Jumbo Payload'],
  [0xc9, 'Home Address'],
])

function* options(view: DataView, at: number, end: number): Generator<Field> {
  for (const option of walk(view, at, end)) {
    const offset = option.at - at
    yield u8(offset, 'ipv6.opt.type', optionNames.get(view.getUint8(option.at)) ?? 'Unknown option', 'hex')
    yield u8(offset + 1, 'ipv6.opt.length', 'Length')
    if (option.length > 2) yield span(offset + 2, option.length - 2, 'ipv6.opt.data', 'Option data')
  }
}

const optionKeys = ['ipv6.opt.type', 'ipv6.opt.length', 'ipv6.opt.data']

function withOptions(name: string): Header {
  return {
    fields: [u8(0, `ipv6.${name}.nxt`, 'Next Header'), u8(1, `ipv6.${name}.len`, 'Length')],
    variable: { keys: optionKeys, read: (view, at, end) => placedAt(at, options(view, at, end)) },
  }
}

export const hopByHopHeader = withOptions('hopopts')
export const destinationOptionsHeader = withOptions('dstopts')

/** RFC 8200 §4.4. */
export const routingHeader: Header = {
  fields: [
    u8(0, 'ipv6.routing.nxt', 'Next Header'),
    u8(1, 'ipv6.routing.len', 'Length'),
    u8(2, 'ipv6.routing.type', 'Type'),
    u8(3, 'ipv6.routing.segleft', 'Segments Left'),
  ],
}

const AH_FIXED = 12

export const authenticationHeader: Header = {
  fields: [
    u8(0, 'ah.next_header', 'Next header'),
    u8(1, 'ah.length', 'Length'),
    u16(2, 'ah.reserved', 'Reserved', 'hex'),
    u32(4, 'ah.spi', 'AH SPI', 'hex'),
    u32(8, 'ah.sequence', 'AH Sequence'),
  ],
}
