/** The Point-to-Point Protocol (RFC 1661, RFC 1662) as a link, in PPPoE (RFC 2516) and in L2TP (RFC 2661); and Cisco's HDLC. */
import { u8, u16 } from '../../bytes/fields.js'
import type { Packet } from '../../packet.js'
import { boundTo, truncated } from '../bounds.js'
import { protocolOfEtherType } from '../numbers.js'
import { Protocol } from '../protocols.js'
import { enter } from './enter.js'

const ADDRESS_AND_CONTROL = 0xff03
const networkProtocols = new Map<number, number>([
  [0x0021, Protocol.ip],
  [0x0057, Protocol.ipv6],
  [0x0281, Protocol.mpls],
])

/** Address and control may be left out, and so may the first byte of the protocol when it is 0. */
export function decode(packet: Packet): number {
  const { view, cursor: at, limit } = packet
  if (at + 2 > limit) return truncated(packet, Protocol.ppp, 2, 'ppp')
  const start = view.getUint16(at) === ADDRESS_AND_CONTROL ? 2 : 0
  if (at + start + 2 > limit) return truncated(packet, Protocol.ppp, start + 2, 'ppp')
  const isShort = (view.getUint8(at + start) & 1) === 1
  const protocol = isShort ? view.getUint8(at + start) : view.getUint16(at + start)
  return enter(packet, Protocol.ppp, start + (isShort ? 1 : 2), networkProtocols.get(protocol) ?? Protocol.data)
}

const sessionHeader = {
  code: u8(1, 'pppoe.code', 'Code', 'hex'),
  session: u16(2, 'pppoe.session_id', 'Session ID', 'hex'),
  length: u16(4, 'pppoe.payload_length', 'Payload Length'),
} as const

/** PPPoE's session stage (RFC 2516 §4). */
export const pppoe = sessionHeader

const SESSION_LENGTH = 6

export function decodeSession(packet: Packet): number {
  const { view, cursor: at } = packet
  const end = at + SESSION_LENGTH
  if (end > packet.limit) return truncated(packet, Protocol.pppoeSession, SESSION_LENGTH, 'pppoe')
  const next = sessionHeader.code(view, at) === 0 ? Protocol.ppp : Protocol.data
  const following = enter(packet, Protocol.pppoeSession, SESSION_LENGTH, next)
  boundTo(packet, end + sessionHeader.length(view, at), at + 4, 'pppoe.payload_length')
  return following
}

const CISCO_LENGTH = 4

/** Cisco's HDLC: address, control, EtherType. */
export function decodeCisco(packet: Packet): number {
  const { view, cursor: at } = packet
  if (at + CISCO_LENGTH > packet.limit) return truncated(packet, Protocol.chdlc, CISCO_LENGTH, 'chdlc')
  return enter(packet, Protocol.chdlc, CISCO_LENGTH, protocolOfEtherType(view.getUint16(at + 2)))
}

const CONTROL = 0x8000
const HAS_LENGTH = 0x4000
const HAS_SEQUENCE = 0x0800
const HAS_OFFSET = 0x0200
const VERSION = 0x000f

/** L2TP's data messages (RFC 2661 §3.1) carry PPP; its control messages are bytes here. */
export function decodeL2tp(packet: Packet): number {
  const { view, cursor: at, limit } = packet
  if (at + 2 > limit) return truncated(packet, Protocol.l2tpOverUdp, 2, 'l2tp')
  const flags = view.getUint16(at)
  if ((flags & CONTROL) !== 0 || (flags & VERSION) !== 2) return Protocol.none
  let size = 6 + ((flags & HAS_LENGTH) === 0 ? 0 : 2) + ((flags & HAS_SEQUENCE) === 0 ? 0 : 4)
  if ((flags & HAS_OFFSET) !== 0) {
    if (at + size + 2 > limit) return truncated(packet, Protocol.l2tpOverUdp, size + 2, 'l2tp')
    size += 2 + view.getUint16(at + size)
  }
  return enter(packet, Protocol.l2tpOverUdp, size, Protocol.ppp)
}
