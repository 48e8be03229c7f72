/** Internet Control Message Protocol for IPv6 (RFC 4443), and the neighbor discovery that it carries (RFC 4861). */
import { bits, type Field, span, u8, u16, u32 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { tooDeep, truncated } from './bounds.js'
import { type Header, placedAt } from './header.js'
import { Protocol } from './protocols.js'

const header = {
  type: u8(0, 'icmpv6.type', 'Type'),
  code: u8(1, 'icmpv6.code', 'Code'),
  checksum: u16(2, 'icmpv6.checksum', 'Checksum', 'hex'),
} as const

export const icmpv6 = header

export const Icmpv6Type = {
  unreachable: 1,
  packetTooBig: 2,
  timeExceeded: 3,
  parameterProblem: 4,
  echo: 128,
  echoReply: 129,
  routerSolicitation: 133,
  routerAdvertisement: 134,
  neighborSolicitation: 135,
  neighborAdvertisement: 136,
  redirect: 137,
} as const

const IP_PROTOCOL = 58
const FIXED = 4
/** the messages of RFC 4443 have four more bytes before the packet they quote, or the data they echo */
const LENGTH = 8

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, Protocol.icmpv6, LENGTH, 'icmpv6')
  const type = header.type(view, at)
  // everything else is all header: what follows are options, which belong to the message
  const hasData = isError(type) || type === Icmpv6Type.echo || type === Icmpv6Type.echoReply
  if (!packet.addLayer(Protocol.icmpv6, at, hasData ? end : packet.limit)) return tooDeep(packet)
  packet.transport = at
  packet.transportProtocol = IP_PROTOCOL
  packet.payload = packet.cursor = hasData ? end : packet.limit
  packet.payloadEnd = packet.limit
  packet.payloadLength = hasData ? packet.extent - end : 0
  return isError(type) ? Protocol.quote : Protocol.none
}

/** Types below 128 are errors, and quote as much of the packet as fits (RFC 4443 §2.1); these are the known ones. */
function isError(type: number): boolean {
  return type >= Icmpv6Type.unreachable && type <= Icmpv6Type.parameterProblem
}

const identifier = u16(4, 'icmpv6.echo.identifier', 'Identifier', 'hex')
const sequence = u16(6, 'icmpv6.echo.sequence_number', 'Sequence')
const originalLength = u8(4, 'icmpv6.length', 'Length of original datagram (64-bit words)')
const reserved = span(4, 4, 'icmpv6.reserved', 'Reserved')
const mtu = u32(4, 'icmpv6.mtu', 'MTU')
const pointer = u32(4, 'icmpv6.pointer', 'Pointer')
const solicited = span(8, 16, 'icmpv6.nd.ns.target_address', 'Target Address', 'ipv6')
const advertised = span(8, 16, 'icmpv6.nd.na.target_address', 'Target Address', 'ipv6')
const redirected = span(8, 16, 'icmpv6.nd.rd.target_address', 'Target Address', 'ipv6')
export const advertisementFlags = [
  bits(32, 1, 'icmpv6.nd.na.flag.r', 'Router'),
  bits(33, 1, 'icmpv6.nd.na.flag.s', 'Solicited'),
  bits(34, 1, 'icmpv6.nd.na.flag.o', 'Override'),
]
const routerAdvertisement = [
  u8(4, 'icmpv6.nd.ra.cur_hop_limit', 'Cur hop limit'),
  u8(5, 'icmpv6.nd.ra.flag', 'Flags', 'hex'),
  bits(40, 1, 'icmpv6.nd.ra.flag.m', 'Managed address configuration'),
  bits(41, 1, 'icmpv6.nd.ra.flag.o', 'Other configuration'),
  u16(6, 'icmpv6.nd.ra.router_lifetime', 'Router lifetime (s)'),
  u32(8, 'icmpv6.nd.ra.reachable_time', 'Reachable time (ms)'),
  u32(12, 'icmpv6.nd.ra.retrans_timer', 'Retrans timer (ms)'),
]

function* rest(view: DataView, at: number, end: number): Generator<Field> {
  if (at + FIXED > end) return
  switch (header.type(view, at)) {
    case Icmpv6Type.echo:
    case Icmpv6Type.echoReply:
      yield identifier
      yield sequence
      break
    case Icmpv6Type.unreachable:
    case Icmpv6Type.timeExceeded:
      if (at + LENGTH > end) return
      if (originalLength(view, at) !== 0) yield originalLength
      yield originalLength(view, at) === 0 ? reserved : span(5, 3, reserved.key, reserved.label)
      break
    case Icmpv6Type.packetTooBig:
      yield mtu
      break
    case Icmpv6Type.parameterProblem:
      yield pointer
      break
    case Icmpv6Type.routerSolicitation:
      yield reserved
      yield* options(view, at, 8, end)
      break
    case Icmpv6Type.routerAdvertisement:
      yield* routerAdvertisement
      yield* options(view, at, 16, end)
      break
    case Icmpv6Type.neighborSolicitation:
      yield reserved
      yield solicited
      yield* options(view, at, 24, end)
      break
    case Icmpv6Type.neighborAdvertisement:
      yield* advertisementFlags
      yield advertised
      yield* options(view, at, 24, end)
      break
    case Icmpv6Type.redirect:
      yield reserved
      yield redirected
      yield* options(view, at, 40, end)
      break
  }
}

const SOURCE_LINK_ADDRESS = 1
const TARGET_LINK_ADDRESS = 2

/** Neighbor discovery options: type, length in units of 8 bytes, data (RFC 4861 §4.6). */
function* options(view: DataView, at: number, first: number, end: number): Generator<Field> {
  for (let offset = first; at + offset + 2 <= end; ) {
    const type = view.getUint8(at + offset)
    const length = 8 * view.getUint8(at + offset + 1)
    yield u8(offset, 'icmpv6.opt.type', 'Option type')
    yield u8(offset + 1, 'icmpv6.opt.length', 'Option length (8 bytes)')
    if (length === 0) return
    if (type === SOURCE_LINK_ADDRESS || type === TARGET_LINK_ADDRESS) {
      yield span(offset + 2, 6, 'icmpv6.opt.linkaddr', 'Link-layer address', 'mac')
    } else {
      yield span(offset + 2, length - 2, 'icmpv6.opt.data', 'Option data')
    }
    offset += length
  }
}

export const icmpv6Header: Header = {
  fields: Object.values(header),
  variable: {
    keys: [
      ...[identifier, sequence, originalLength, mtu, pointer, solicited, advertised, redirected],
      ...[...advertisementFlags, ...routerAdvertisement],
    ]
      .map((field) => field.key)
      .concat(reserved.key, 'icmpv6.opt.type', 'icmpv6.opt.length', 'icmpv6.opt.linkaddr', 'icmpv6.opt.data'),
    read: (view, at, end) => placedAt(at, rest(view, at, end)),
  },
}
