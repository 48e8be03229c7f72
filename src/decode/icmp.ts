/** Internet Control Message Protocol (RFC 792). */
import { type Field, span, u8, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { tooDeep, truncated } from './bounds.js'
import { type Header, placedAt } from './header.js'
import { Protocol } from './protocols.js'

const header = {
  type: u8(0, 'icmp.type', 'Type'),
  code: u8(1, 'icmp.code', 'Code'),
  checksum: u16(2, 'icmp.checksum', 'Checksum', 'hex'),
} as const

export const icmp = header

export const IcmpType = {
  echoReply: 0,
  unreachable: 3,
  sourceQuench: 4,
  redirect: 5,
  echo: 8,
  timeExceeded: 11,
  parameterProblem: 12,
  timestamp: 13,
  timestampReply: 14,
} as const

const IP_PROTOCOL = 1
const FIXED = 4
const LENGTH = 8
/** bytes of the quoted packet's data that are always there */
const PROMISED = 8

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, Protocol.icmp, LENGTH, 'icmp')
  if (!packet.addLayer(Protocol.icmp, at, end)) return tooDeep(packet)
  packet.transport = at
  packet.transportProtocol = IP_PROTOCOL
  packet.payload = packet.cursor = end
  packet.payloadEnd = packet.limit
  packet.payloadLength = packet.extent - end
  return isError(header.type(view, at)) ? Protocol.quote : Protocol.none
}

/**
 * Where the quote at the cursor ends. Of what a redirect quotes, tshark reads the header and the eight bytes that RFC 792
 * promises, however much there is.
 */
export function quoteEnd({ view, cursor, limit, transport, transportProtocol }: Packet): number {
  if (transportProtocol !== IP_PROTOCOL || header.type(view, transport) !== IcmpType.redirect) return limit
  const headerLength = (view.getUint8(cursor) & 0x0f) * 4
  return Math.min(limit, cursor + headerLength + PROMISED)
}

/** The messages that quote the beginning of the packet they are about. */
function isError(type: number): boolean {
  switch (type) {
    case IcmpType.unreachable:
    case IcmpType.sourceQuench:
    case IcmpType.redirect:
    case IcmpType.timeExceeded:
    case IcmpType.parameterProblem:
      return true
    default:
      return false
  }
}

const identifier = u16(4, 'icmp.ident', 'Identifier (BE)')
const sequence = u16(6, 'icmp.seq', 'Sequence Number (BE)')
const mtu = u16(6, 'icmp.mtu', 'MTU of next hop')
const gateway = span(4, 4, 'icmp.redir_gw', 'Gateway Address', 'ipv4')
const pointer = u8(4, 'icmp.pointer', 'Pointer')
const originalLength = u8(5, 'icmp.length', 'Length of original datagram (32-bit words)')

/** where the length of the quote ends */
const QUOTE_LENGTH_END = 6
/** code of an unreachable message that says how large a packet may be (RFC 1191 §4) */
const FRAGMENTATION_NEEDED = 4

function rest(view: DataView, at: number, end: number): Field[] {
  if (at + FIXED > end) return []
  switch (header.type(view, at)) {
    case IcmpType.echo:
    case IcmpType.echoReply:
    case IcmpType.timestamp:
    case IcmpType.timestampReply:
      return [identifier, sequence]
    case IcmpType.redirect:
      return [gateway]
    case IcmpType.unreachable:
      return errorFields(view, at, end, header.code(view, at) === FRAGMENTATION_NEEDED ? mtu : undefined)
    case IcmpType.timeExceeded:
      return errorFields(view, at, end, undefined)
    case IcmpType.parameterProblem:
      return errorFields(view, at, end, pointer)
    default:
      return []
  }
}

/**
 * The four bytes before the quote: `known` where the message has such a field, the length of the quote where it is given
 * (RFC 4884 §4.1), and for the rest unused.
 */
function errorFields(view: DataView, at: number, end: number, known: Field | undefined): Field[] {
  if (at + QUOTE_LENGTH_END > end) return known === undefined ? [] : [known]
  const fields = [known, originalLength(view, at) === 0 ? undefined : originalLength].filter(
    (field) => field !== undefined,
  )
  fields.sort((a, b) => a.bit - b.bit)
  const whole: Field[] = []
  let bit = 8 * FIXED
  for (const field of [...fields, undefined]) {
    const next = field?.bit ?? 8 * LENGTH
    if (next > bit) whole.push(span(bit / 8, (next - bit) / 8, UNUSED, 'Unused'))
    if (field !== undefined) whole.push(field)
    bit = next + (field?.width ?? 0)
  }
  return whole
}

const UNUSED = 'icmp.unused'

export const icmpHeader: Header = {
  fields: Object.values(header),
  variable: {
    keys: [...[identifier, sequence, mtu, gateway, pointer, originalLength].map((field) => field.key), UNUSED],
    read: (view, at, end) => placedAt(at, rest(view, at, end)),
  },
}
