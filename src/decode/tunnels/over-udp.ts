/**
 * Tunnels over UDP: VXLAN (RFC 7348) and its generic extension (draft-ietf-nvo3-vxlan-gpe §3), Geneve (RFC 8926), GTP's user plane (3GPP TS 29.281) and Teredo
 * (RFC 4380).
 */
import { bits, u16, u32 } from '../../bytes/fields.js'
import type { Packet } from '../../packet.js'
import { badValue, boundTo, truncated } from '../bounds.js'
import { protocolOfEtherType } from '../numbers.js'
import { Protocol } from '../protocols.js'
import { enter, ipAt } from './enter.js'

const HEADER = 8

/** The network that the frame is of. */
export const vxlan = { network: bits(32, 24, 'vxlan.vni', 'VXLAN Network Identifier (VNI)') } as const

export function decodeVxlan(packet: Packet): number {
  return enter(packet, Protocol.vxlan, HEADER, Protocol.eth)
}

const gpeHeader = { next: bits(24, 8, 'vxlan.next_proto', 'Next Protocol'), ...vxlan } as const

/** VXLAN that says what it carries. */
export const vxlanGpe = gpeHeader

export function decodeVxlanGpe(packet: Packet): number {
  const { view, cursor: at } = packet
  if (at + HEADER > packet.limit) return truncated(packet, Protocol.vxlanGpe, HEADER, 'vxlan')
  return enter(packet, Protocol.vxlanGpe, HEADER, carriedByGpe(gpeHeader.next(view, at)))
}

function carriedByGpe(next: number): number {
  switch (next) {
    case 1:
      return Protocol.ip
    case 2:
      return Protocol.ipv6
    case 3:
      return Protocol.eth
    default:
      return Protocol.data
  }
}

const geneveHeader = {
  version: bits(0, 2, 'geneve.version', 'Version'),
  options: bits(2, 6, 'geneve.option.length', 'Length of the options (4 bytes)'),
  protocol: u16(2, 'geneve.proto_type', 'Protocol Type', 'hex'),
  network: bits(32, 24, 'geneve.vni', 'Virtual Network Identifier (VNI)', 'hex'),
} as const

export const geneve = geneveHeader

const BRIDGED = 0x6558

export function decodeGeneve(packet: Packet): number {
  const { view, cursor: at } = packet
  if (at + HEADER > packet.limit) return truncated(packet, Protocol.geneve, HEADER, 'geneve')
  const protocol = geneveHeader.protocol(view, at)
  const next = protocol === BRIDGED ? Protocol.eth : protocolOfEtherType(protocol)
  return enter(packet, Protocol.geneve, HEADER + 4 * geneveHeader.options(view, at), next)
}

const gtpHeader = {
  flags: bits(0, 8, 'gtp.flags', 'Flags', 'hex'),
  message: bits(8, 8, 'gtp.message', 'Message Type', 'hex'),
  length: u16(2, 'gtp.length', 'Length'),
  tunnel: u32(4, 'gtp.teid', 'TEID', 'hex'),
} as const

export const gtp = gtpHeader

/** version 1 of the user plane's protocol; the other bits say which optional parts there are */
const VERSION_1 = 0x30
const VERSION_MASK = 0xf0
const OPTIONAL = 0x07
const EXTENSION = 0x04
const PACKET = 255

export function decodeGtp(packet: Packet): number {
  const { view, cursor: at, limit } = packet
  if (at + HEADER > limit) return Protocol.none
  const flags = gtpHeader.flags(view, at)
  if ((flags & VERSION_MASK) !== VERSION_1 || gtpHeader.message(view, at) !== PACKET) return Protocol.none
  let end = at + HEADER + ((flags & OPTIONAL) === 0 ? 0 : 4)
  if ((flags & EXTENSION) !== 0) {
    // each says how many words it has, and in its last byte whether another follows
    for (let more = end <= limit && view.getUint8(end - 1) !== 0; more; ) {
      const words = end < limit ? view.getUint8(end) : 0
      if (words === 0 || end + 4 * words > limit) return truncated(packet, Protocol.gtp, end + 4 - at, 'gtp')
      end += 4 * words
      more = view.getUint8(end - 1) !== 0
    }
  }
  const next = enter(packet, Protocol.gtp, end - at, ipAt(packet, end))
  const last = at + HEADER + gtpHeader.length(view, at)
  if (last < packet.cursor) return badValue(packet, at + 2, 2, 'gtp.length')
  boundTo(packet, last, at + 2, 'gtp.length')
  return next
}

const AUTHENTICATION = 1
const ORIGIN = 0

/** Before the packet there may be who vouches for it, and where it came from (RFC 4380 §5.1.1). */
export function decodeTeredo(packet: Packet): number {
  const { view, cursor: at, limit } = packet
  let end = at
  if (end + 4 <= limit && view.getUint16(end) === AUTHENTICATION) {
    end += 4 + view.getUint8(end + 2) + view.getUint8(end + 3) + 9
  }
  if (end + 8 <= limit && view.getUint16(end) === ORIGIN) end += 8
  const next = ipAt(packet, end)
  return next === Protocol.ipv6 ? enter(packet, Protocol.teredo, end - at, next) : Protocol.none
}
