/** What libpcap puts in place of a link header on Linux's "any" device: cooked captures, version 1 and 2. */
import { type Field, span, u8, u16, u32 } from '../bytes/fields.js'
import { Direction, type Packet } from '../packet.js'
import { truncated } from './bounds.js'
import { type Header, placedAt, type Variable } from './header.js'
import { FIRST_ETHER_TYPE, protocolOfEtherType, protocolOfGre } from './numbers.js'
import { Protocol } from './protocols.js'

const first = {
  packetType: u16(0, 'sll.pkttype', 'Packet type'),
  hardwareType: u16(2, 'sll.hatype', 'Link-layer address type'),
  addressLength: u16(4, 'sll.halen', 'Link-layer address length'),
} as const
const FIRST_LENGTH = 16

const second = {
  interfaceIndex: u32(4, 'sll.ifindex', 'Interface index'),
  hardwareType: u16(8, 'sll.hatype', 'Link-layer address type'),
  packetType: u8(10, 'sll.pkttype', 'Packet type'),
  addressLength: u8(11, 'sll.halen', 'Link-layer address length'),
} as const
const SECOND_LENGTH = 20
const SECOND_ADDRESS = 12

export const sll = first
export const sll2 = second

/** hardware type of Linux's messages between kernel and programs (ARPHRD_NETLINK): their protocol is no EtherType */
const NETLINK = 824
/** hardware type of GRE interfaces (ARPHRD_IPGRE) */
const GRE = 778
/** sent by this host (PACKET_OUTGOING); everything else was received */
const OUTGOING = 4
/** a protocol number below the EtherTypes: Novell's raw 802.3, or LLC */
const NOVELL = 1
const LLC = 4

export function decode(packet: Packet): number {
  const at = packet.cursor
  const end = at + FIRST_LENGTH
  if (end > packet.limit) return truncated(packet, Protocol.sll, FIRST_LENGTH, 'sll')
  packet.addLayer(Protocol.sll, at, end)
  packet.cursor = end
  setDirection(packet, first.packetType(packet.view, at))
  if (first.hardwareType(packet.view, at) === NETLINK) return Protocol.netlink
  return protocolOf(packet.view.getUint16(at + 14), first.hardwareType(packet.view, at))
}

export function decodeSecond(packet: Packet): number {
  const at = packet.cursor
  const end = at + SECOND_LENGTH
  if (end > packet.limit) return truncated(packet, Protocol.sll2, SECOND_LENGTH, 'sll')
  packet.addLayer(Protocol.sll2, at, end)
  packet.cursor = end
  setDirection(packet, second.packetType(packet.view, at))
  if (second.hardwareType(packet.view, at) === NETLINK) return Protocol.netlink
  return protocolOf(packet.view.getUint16(at), second.hardwareType(packet.view, at))
}

function setDirection(packet: Packet, packetType: number): void {
  if (packet.direction !== Direction.unknown) return
  packet.direction = packetType === OUTGOING ? Direction.outbound : Direction.inbound
}

function protocolOf(type: number, hardware: number): number {
  if (type === LLC) return Protocol.llc
  if (type === NOVELL) return Protocol.ipx
  if (type < FIRST_ETHER_TYPE) return Protocol.data
  return hardware === GRE ? protocolOfGre(type) : protocolOfEtherType(type)
}

type Reader = (view: DataView, at: number) => number

/** The address takes as many of its 8 bytes as the header says; the protocol is an EtherType, GRE's, or a number of Linux's. */
function cooked(lengthAt: Reader, hardwareAt: Reader, address: number, protocol: number): Variable {
  const greType = u16(protocol, 'sll.gretype', 'Protocol', 'hex')
  const etherType = u16(protocol, 'sll.etype', 'Protocol', 'hex')
  const linuxType = u16(protocol, 'sll.ltype', 'Protocol', 'hex')
  const mac = span(address, 6, 'sll.src.eth', 'Source', 'mac')
  const keys = [greType.key, etherType.key, linuxType.key, mac.key, 'sll.src.other', 'sll.unused']
  return {
    keys,
    read(view, at, end) {
      const fields: Field[] = []
      // version 2 begins with the protocol, but it is read last
      if (at + Math.max(protocol + 2, SECOND_ADDRESS) <= end) {
        const named = hardwareAt(view, at) === GRE ? greType : etherType
        fields.push(etherType(view, at) >= FIRST_ETHER_TYPE ? named : linuxType)
      }
      if (at + address > end) return placedAt(at, fields)
      const length = Math.min(lengthAt(view, at), 8)
      if (length === 6) fields.push(mac)
      else if (length > 0) fields.push(span(address, length, 'sll.src.other', 'Source'))
      if (length < 8) fields.push(span(address + length, 8 - length, 'sll.unused', 'Unused'))
      return placedAt(at, fields)
    },
  }
}

export const sllHeader: Header = {
  fields: Object.values(first),
  variable: cooked(first.addressLength, first.hardwareType, 6, 14),
}
export const sll2Header: Header = {
  fields: Object.values(second),
  variable: cooked(second.addressLength, second.hardwareType, SECOND_ADDRESS, 0),
}
