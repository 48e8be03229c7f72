/** IEEE 802.1Q tags: the customer tag (0x8100), the service tag of 802.1ad (0x88a8), and the older QinQ (0x9100). */
import { bits, type Field, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { boundTo, tooDeep, truncated } from './bounds.js'
import { type Header, placedAt } from './header.js'
import { FIRST_ETHER_TYPE, LARGEST_LENGTH, protocolOfEtherType } from './numbers.js'
import { Protocol } from './protocols.js'

/** A tag's control information, by the name that Wireshark gives the tag's fields. */
function tag(name: string) {
  return {
    priority: bits(0, 3, `${name}.priority`, 'Priority'),
    dropEligible: bits(3, 1, `${name}.dei`, 'DEI'),
    id: bits(4, 12, `${name}.id`, 'ID'),
  } as const
}

const header = tag('vlan')
const service = tag('ieee8021ad')

const type = u16(2, 'vlan.etype', 'Type', 'hex')
const length = u16(2, 'vlan.len', 'Length')

/** The customer tag, and the older one of QinQ. */
export const vlan = header

/** The service tag. */
export const serviceVlan = service

/** What follows a tag is a type or a length, as in Ethernet. */
export const vlanHeader: Header = {
  fields: Object.values(header),
  variable: { keys: [type.key, length.key], read: (view, at, end) => placedAt(at, typeOrLength(view, at, end)) },
}

export const serviceVlanHeader: Header = {
  fields: [...Object.values(service), u16(2, 'ieee8021ad.etype', 'Type', 'hex')],
}

function typeOrLength(view: DataView, at: number, end: number): Field[] {
  if (at + LENGTH > end) return []
  return [type(view, at) >= FIRST_ETHER_TYPE ? type : length]
}

const LENGTH = 4

export function decode(packet: Packet): number {
  return decodeTag(packet, Protocol.vlan)
}

export function decodeService(packet: Packet): number {
  return decodeTag(packet, Protocol.serviceVlan)
}

function decodeTag(packet: Packet, protocol: number): number {
  const view = packet.view
  const at = packet.cursor
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, protocol, LENGTH, 'vlan')
  if (!packet.addLayer(protocol, at, end)) return tooDeep(packet)
  packet.cursor = end
  packet.vlan = header.id(view, at)
  const value = type(view, at)
  if (value >= FIRST_ETHER_TYPE) return protocolOfEtherType(value)
  // 802.1ad's own type is always one
  if (value > LARGEST_LENGTH || protocol === Protocol.serviceVlan) return Protocol.data
  boundTo(packet, end + value, at + 2, 'vlan.len')
  return Protocol.llc
}
