/** IEEE 802.1Q tags: the customer tag (0x8100), the service tag of 802.1ad (0x88a8), and the older QinQ (0x9100). */
import { bits, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { boundTo, tooDeep, truncated } from './bounds.js'
import { FIRST_ETHER_TYPE } from './ethernet.js'
import { protocolOfEtherType } from './numbers.js'
import { Protocol } from './protocols.js'

export const vlan = {
  priority: bits(0, 3, 'vlan.priority', 'Priority'),
  dropEligible: bits(3, 1, 'vlan.dei', 'DEI'),
  id: bits(4, 12, 'vlan.id', 'ID'),
  type: u16(2, 'vlan.etype', 'Type', 'hex'),
} as const

const LENGTH = 4

export function decode(packet: Packet): number {
  return decodeTag(packet, Protocol.vlan)
}

export function decodeService(packet: Packet): number {
  return decodeTag(packet, Protocol.serviceVlan)
}

function decodeTag(packet: Packet, protocol: number): number {
  const at = packet.cursor
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, protocol, LENGTH, 'vlan')
  if (!packet.addLayer(protocol, at, end)) return tooDeep(packet)
  packet.cursor = end
  packet.vlan = vlan.id(packet.view, at)
  const type = vlan.type(packet.view, at)
  if (type >= FIRST_ETHER_TYPE) return protocolOfEtherType(type)
  boundTo(packet, end + type, at + 2, 'vlan.len')
  return Protocol.llc
}
