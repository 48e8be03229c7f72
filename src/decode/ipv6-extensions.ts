/**
 * IPv6 extension headers (RFC 8200 §4): each names the next and says how long it is, so that what nobody knows can still
 * be passed over.
 */
import { bits, span, u8, u32 } from '../bytes/fields.js'
import { type Packet, ProblemKind } from '../packet.js'
import { boundTo, missing, note, tooDeep, truncated } from './bounds.js'
import type { Header, Placed } from './header.js'
import { LENGTH as IPV6_LENGTH, ipv6, LARGEST } from './ipv6.js'
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
function sizeInEights(view: DataView, at: number): number {
  return 8 + 8 * length(view, at)
}

export function decodeHopByHop(packet: Packet): number {
  return decodeWithOptions(packet, Protocol.hopByHop)
}

export function decodeDestinationOptions(packet: Packet): number {
  return decodeWithOptions(packet, Protocol.destinationOptions)
}

function decodeWithOptions(packet: Packet, protocol: number): number {
  const at = packet.cursor
  if (at + SHORTEST > packet.limit) return truncated(packet, protocol, SHORTEST, 'ipv6.opt')
  const following = decodeExtension(packet, protocol, sizeInEights(packet.view, at))
  return packet.cursor > at && readOptions(packet, at, packet.cursor) ? following : Protocol.none
}

export function decodeRouting(packet: Packet): number {
  const at = packet.cursor
  if (at + SHORTEST > packet.limit) return truncated(packet, Protocol.routing, SHORTEST, 'ipv6.routing')
  const size = sizeInEights(packet.view, at)
  const following = decodeExtension(packet, Protocol.routing, size)
  if (packet.cursor !== at + size) return following
  if (size < routingNeeds(packet.view, at))
    return missing(packet, at, routingNeeds(packet.view, at), 'ipv6.routing.len')
  const last = finalDestination(packet.view, at, size)
  if (last >= 0 && packet.view === packet.networkView) packet.destination = last
  return following
}

const SOURCE_ROUTE = 0
const MOBILE = 2
const LOW_POWER = 3
const SEGMENTS = 4
const ADDRESS = 16

/** Bytes that a routing header must have for the addresses it says are in it: home address (RFC 6275 §6.4), segments (RFC 8754 §2). */
function routingNeeds(view: DataView, at: number): number {
  const type = view.getUint8(at + 2)
  if (type === MOBILE) return SHORTEST + ADDRESS
  return type === SEGMENTS ? SHORTEST + ADDRESS * (view.getUint8(at + 4) + 1) : SHORTEST
}

/**
 * Offset of the address that the routing header of `size` bytes leads to in the end; -1 where no segments are left, so that
 * IPv6's own destination is the last, or where it cannot be told: low-power networks may leave out what addresses have in
 * common (RFC 6554 §3).
 */
function finalDestination(view: DataView, at: number, size: number): number {
  if (view.getUint8(at + 3) === 0 || size < SHORTEST + ADDRESS) return -1
  switch (view.getUint8(at + 2)) {
    case MOBILE:
      return at + SHORTEST
    case SEGMENTS: // listed from the last to the first
      return at + SHORTEST
    case SOURCE_ROUTE:
      return at + SHORTEST + ADDRESS * (Math.floor((size - SHORTEST) / ADDRESS) - 1)
    case LOW_POWER:
      return isCompressed(view, at) ? -1 : at + size - ADDRESS
    default:
      return -1
  }
}

/** The routing header at `at` leaves out of its addresses what they have in common with IPv6's destination. */
export function isCompressed(view: DataView, at: number): boolean {
  return view.getUint8(at + 2) === LOW_POWER && view.getUint16(at + 4) !== 0
}

/** Shim6 (RFC 5533 §5): before a payload, and its control messages alike. */
export function decodeShim6(packet: Packet): number {
  const at = packet.cursor
  if (at + SHORTEST > packet.limit) return truncated(packet, Protocol.shim6, SHORTEST, 'shim6')
  return decodeExtension(packet, Protocol.shim6, sizeInEights(packet.view, at))
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
  offset: bits(16, 13, 'ipv6.fraghdr.offset', 'Offset (8 bytes)'),
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
  packet.identification = fragmentHeader.identification(view, at) | 0
  // neither an offset nor more to come: a whole packet that only has the header (RFC 6946)
  if ((view.getUint16(at + 2) & ~RESERVED_BITS) === 0 || packet.networkVersion !== 6)
    return protocolOfIpNumber(next(view, at))
  packet.fragment = true
  return Protocol.reassembly
}

/** Every option but the padding of one byte: type, length of what follows, data (RFC 8200 §4.2). */
const option = {
  type: u8(0, 'ipv6.opt.type', 'Option type', 'hex'),
  length: u8(1, 'ipv6.opt.length', 'Length'),
} as const

const PAD1 = 0
const JUMBO_PAYLOAD = 0xc2
/** RFC 6275 §6.3 */
const HOME_ADDRESS = 0xc9
/** RFC 5570 §5.1: with type and length, without the compartments whose length is in it */
const CALIPSO = 0x07
const CALIPSO_FIXED = 10
const CALIPSO_LENGTH = 6

/** Reads the options of the last layer, [at, end). False, and a problem, when one does not fit. */
function readOptions(packet: Packet, at: number, end: number): boolean {
  const { view } = packet
  let jumbo = -1
  for (let next = at + 2; next < end; ) {
    const type = option.type(view, next)
    if (type === PAD1) {
      next++
      continue
    }
    const size = next + 1 < packet.limit ? 2 + option.length(view, next) : 2
    if (next + size > packet.limit) {
      missing(packet, next, size, 'ipv6.opt.length')
      return false
    }
    if (next + size > end) note(packet, ProblemKind.lyingLength, next, size, 'ipv6.opt.length')
    if (type === HOME_ADDRESS && next + 2 + ADDRESS <= packet.limit && view === packet.networkView)
      packet.source = next + 2
    if (size !== (optionSizes.get(type) ?? size)) {
      note(packet, ProblemKind.badValue, next + 1, 1, 'ipv6.opt.length')
      return true
    }
    if (type === JUMBO_PAYLOAD) jumbo = next
    if (type === CALIPSO && next + CALIPSO_FIXED <= packet.limit) {
      // the compartments' own length counts in words, and may go beyond the option
      const needed = CALIPSO_FIXED + 4 * view.getUint8(next + CALIPSO_LENGTH)
      if (next + needed > packet.limit) {
        missing(packet, next, needed, 'ipv6.opt.length')
        return false
      }
    }
    next += size
  }
  return packet.layerProtocol[packet.layers - 1] !== Protocol.hopByHop || boundToJumbo(packet, jumbo)
}

/** IPv6 has said that there is no payload, so that the header that begins at `at` is none. */
function endHere(packet: Packet, at: number): void {
  const layer = packet.layers - 1
  packet.layerEnd[layer] = at
  packet.bound = layer - 1
  packet.extent = packet.limit = at
  missing(packet, at, SHORTEST, 'ipv6.hopopts')
}

/**
 * Where IPv6's own length is 0, the jumbo payload option at `at` has it, if there is one (RFC 2675 §2): more than IPv6's own
 * can say.
 */
function boundToJumbo(packet: Packet, at: number): boolean {
  const { network } = packet
  if (packet.networkVersion !== 6 || ipv6.payloadLength(packet.networkView, network) !== 0) return true
  const begin = network + IPV6_LENGTH
  const length = at < 0 ? 0 : packet.view.getUint32(at + 2)
  if (length > LARGEST) boundTo(packet, begin + length, at + 2, 'ipv6.opt.jumbo')
  else if (packet.extent - begin <= LARGEST) {
    endHere(packet, begin)
    return false
  }
  return true
}

/** Options of one size; where it is another, the options after it are not to be trusted. */
const optionSizes = new Map<number, number>([
  [0x05, 4],
  [JUMBO_PAYLOAD, 6],
  [HOME_ADDRESS, 18],
])

const optionNames = new Map<number, string>([
  [0x00, 'Pad1'],
  [0x01, 'PadN'],
  [0x05, 'Router Alert'],
  [0x07, 'CALIPSO'],
  [0x26, 'Quick-Start'],
  [0x30, 'Path MTU Record'],
  [0x63, 'RPL Option'],
  [0xc2, 'Jumbo Payload'],
  [0xc9, 'Home Address'],
])

function* options(view: DataView, at: number, end: number): Generator<Placed> {
  if (at + 2 > end) return
  const claimed = at + sizeInEights(view, at)
  for (let next = at + 2; next < end; ) {
    const type = option.type(view, next)
    const group = optionNames.get(type) ?? 'Unknown option'
    if (type !== PAD1 && next + 2 > end) return
    yield { field: option.type, at: next, group }
    if (type === PAD1) {
      next++
      continue
    }
    yield { field: option.length, at: next, group }
    const size = 2 + option.length(view, next)
    if (next + size > claimed) return
    if (size > 2) yield { field: span(2, size - 2, 'ipv6.opt.data', 'Option data'), at: next, group }
    next += size
  }
}

const optionKeys = [option.type.key, option.length.key, 'ipv6.opt.data']

function withOptions(name: string): Header {
  return {
    fields: [u8(0, `ipv6.${name}.nxt`, 'Next Header'), u8(1, `ipv6.${name}.len`, 'Length')],
    variable: { keys: optionKeys, read: options },
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

export const shim6Header: Header = {
  fields: [u8(0, 'shim6.nxt', 'Next Header'), u8(1, 'shim6.len', 'Length'), bits(16, 1, 'shim6.p', 'P Bit')],
}

const AH_FIXED = 12

export const authenticationHeader: Header = {
  fields: [
    u8(0, 'ah.next_header', 'Next header'),
    u8(1, 'ah.length', 'Length'),
    span(2, 2, 'ah.reserved', 'Reserved'),
    u32(4, 'ah.spi', 'AH SPI', 'hex'),
    u32(8, 'ah.sequence', 'AH Sequence'),
  ],
}
