/** Address Resolution Protocol (RFC 826). Addresses are as long as the header says: 6 and 4 nearly always. */
import { type Field, span, u8, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { missing, tooDeep, truncated } from './bounds.js'
import { type Header, placedAt } from './header.js'
import { Protocol } from './protocols.js'

const header = {
  hardwareType: u16(0, 'arp.hw.type', 'Hardware type'),
  protocolType: u16(2, 'arp.proto.type', 'Protocol type', 'hex'),
  hardwareSize: u8(4, 'arp.hw.size', 'Hardware size'),
  protocolSize: u8(5, 'arp.proto.size', 'Protocol size'),
  operation: u16(6, 'arp.opcode', 'Opcode'),
} as const

export const arp = header

const FIXED = 8
const ETHERNET = 1
const IEEE_802 = 6
/** hardware type of ATM, whose ARP has a header of its own (RFC 2225 §8.2.1): shown as bytes */
const ATM = 19
const IPV4 = 0x0800
/** an operation that says why where the others have the last address (RFC 1931 §3) */
const DRARP_ERROR = 7
const ERROR_STATUS = 'arp.dst.drarp_error_status'

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  if (at + FIXED > packet.limit) return truncated(packet, Protocol.arp, FIXED, 'arp')
  if (header.hardwareType(view, at) === ATM) return Protocol.data
  const length = lengthOf(view, at)
  const end = at + length
  // of addresses that were never sent tshark prints none
  const shown = end > packet.extent ? at + FIXED : Math.min(end, packet.limit)
  if (!packet.addLayer(Protocol.arp, at, shown)) return tooDeep(packet)
  if (end > packet.limit) return missing(packet, at, length, 'arp')
  packet.cursor = end
  // whatever follows is the link's padding
  return Protocol.none
}

function lengthOf(view: DataView, at: number): number {
  return FIXED + 2 * (header.hardwareSize(view, at) + header.protocolSize(view, at))
}

const sides = [
  ['src', 'Sender'],
  ['dst', 'Target'],
] as const

/**
 * What tshark says of an operation first, before it prints any address, takes some of them: all, in ARP and in the replies of RARP and
 * DRARP; all but the last, in the requests of RARP, DRARP and InARP; the sender's, in InARP's reply and what came after it (MARS).
 */
const takesAll: ReadonlySet<number> = new Set([1, 2, 4, 6])
const takesHardware: ReadonlySet<number> = new Set([3, 5, 8])
const INARP_REPLY = 9
const FIRST_OF_MARS = 11
const LAST_OF_MARS = 23

/** How far the addresses must be there for tshark to print any. */
function neededLength(view: DataView, at: number): number {
  const operation = header.operation(view, at)
  if (takesAll.has(operation)) return lengthOf(view, at)
  if (takesHardware.has(operation)) return lengthOf(view, at) - header.protocolSize(view, at)
  const takesSender = operation === INARP_REPLY || (operation >= FIRST_OF_MARS && operation <= LAST_OF_MARS)
  return takesSender ? (FIXED + lengthOf(view, at)) / 2 : FIXED
}

/** The four addresses: sender's hardware and protocol address, then the target's. */
function* addresses(view: DataView, at: number, end: number): Generator<Field> {
  if (at + FIXED > end) return
  if (at + neededLength(view, at) > end) return
  const hardware = header.hardwareType(view, at)
  const hardwareSize = header.hardwareSize(view, at)
  const protocolSize = header.protocolSize(view, at)
  const isMac = (hardware === ETHERNET || hardware === IEEE_802) && hardwareSize === 6
  const isIpv4 = header.protocolType(view, at) === IPV4 && protocolSize === 4
  const isError = header.operation(view, at) === DRARP_ERROR && protocolSize > 0
  let offset = FIXED
  for (const [side, name] of sides) {
    if (isMac) yield span(offset, 6, `arp.${side}.hw_mac`, `${name} MAC address`, 'mac')
    else if (hardwareSize > 0) yield span(offset, hardwareSize, `arp.${side}.hw`, `${name} hardware address`)
    offset += hardwareSize
    if (side === 'dst' && isError) yield u8(offset, ERROR_STATUS, 'Error status')
    else if (isIpv4) yield span(offset, 4, `arp.${side}.proto_ipv4`, `${name} IP address`, 'ipv4')
    else if (protocolSize > 0) yield span(offset, protocolSize, `arp.${side}.proto`, `${name} protocol address`)
    offset += protocolSize
  }
}

export const arpHeader: Header = {
  fields: Object.values(header),
  variable: {
    keys: [
      ...sides.flatMap(([side]) => ['hw_mac', 'hw', 'proto_ipv4', 'proto'].map((name) => `arp.${side}.${name}`)),
      ERROR_STATUS,
    ],
    read: (view, at, end) => placedAt(at, addresses(view, at, end)),
  },
}
