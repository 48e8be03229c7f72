/** Generic Routing Encapsulation (RFC 2784, RFC 2890), PPTP's version of it (RFC 2637 §4.1), and ERSPAN's mirrored frames in it. */
import { bits, u16 } from '../../bytes/fields.js'
import type { Packet } from '../../packet.js'
import { truncated } from '../bounds.js'
import { protocolOfGre } from '../numbers.js'
import { Protocol } from '../protocols.js'
import { enter } from './enter.js'

const header = {
  flags: u16(0, 'gre.flags_and_version', 'Flags and Version', 'hex'),
  version: bits(13, 3, 'gre.flags.version', 'Version'),
  protocol: u16(2, 'gre.proto', 'Protocol Type', 'hex'),
} as const

/** The header, without the parts that its flags say. */
export const gre = header

const FIXED = 4
const CHECKSUM = 0x8000
const ROUTING = 0x4000
const KEY = 0x2000
const SEQUENCE = 0x1000
const ACKNOWLEDGMENT = 0x0080

const ERSPAN = 0x88be
const ERSPAN_III = 0x22eb

export function decode(packet: Packet): number {
  const { view, cursor: at } = packet
  if (at + FIXED > packet.limit) return truncated(packet, Protocol.gre, FIXED, 'gre')
  const flags = header.flags(view, at)
  const has = (flag: number) => ((flags & flag) === 0 ? 0 : 4)
  const size = FIXED + has(CHECKSUM | ROUTING) + has(KEY) + has(SEQUENCE)
  const acknowledgment = header.version(view, at) === 1 ? has(ACKNOWLEDGMENT) : 0
  // source routes in GRE were given up before anyone used them
  const next = (flags & ROUTING) === 0 ? carried(header.protocol(view, at), flags) : Protocol.data
  return enter(packet, Protocol.gre, size + acknowledgment, next)
}

function carried(protocol: number, flags: number): number {
  switch (protocol) {
    case ERSPAN: // its first type has no header of its own, and no sequence number
      return (flags & SEQUENCE) === 0 ? Protocol.eth : Protocol.erspan
    case ERSPAN_III:
      return Protocol.erspan
    default:
      return protocolOfGre(protocol)
  }
}

const TYPE_II = 1
const TYPE_II_LENGTH = 8
const TYPE_III_LENGTH = 12
const SUBHEADER = 8

/** ERSPAN of type II and III (draft-foschiano-erspan-03 §4). */
export function decodeErspan(packet: Packet): number {
  const { view, cursor: at } = packet
  if (at + TYPE_II_LENGTH > packet.limit) return truncated(packet, Protocol.erspan, TYPE_II_LENGTH, 'erspan')
  if (view.getUint8(at) >> 4 === TYPE_II) return enter(packet, Protocol.erspan, TYPE_II_LENGTH, Protocol.eth)
  if (at + TYPE_III_LENGTH > packet.limit) return truncated(packet, Protocol.erspan, TYPE_III_LENGTH, 'erspan')
  const subheader = (view.getUint8(at + TYPE_III_LENGTH - 1) & 1) === 0 ? 0 : SUBHEADER
  return enter(packet, Protocol.erspan, TYPE_III_LENGTH + subheader, Protocol.eth)
}
