/** What carriers put before a customer's packet: MPLS labels (RFC 3032) and provider backbone bridging (IEEE 802.1ah). */
import { bits } from '../../bytes/fields.js'
import type { Packet } from '../../packet.js'
import { truncated } from '../bounds.js'
import { protocolOfEtherType } from '../numbers.js'
import { Protocol } from '../protocols.js'
import { enter, ipAt } from './enter.js'

const header = {
  label: bits(0, 20, 'mpls.label', 'Label'),
  trafficClass: bits(20, 3, 'mpls.exp', 'Traffic Class'),
  bottom: bits(23, 1, 'mpls.bottom', 'Bottom of Stack'),
  timeToLive: bits(24, 8, 'mpls.ttl', 'Time to Live'),
} as const

/** One entry of the label stack. */
export const mpls = header

const ENTRY = 4

/** Nothing says what the last label's packet is, but its first bits. */
export function decodeMpls(packet: Packet): number {
  const { view, cursor: at } = packet
  if (at + ENTRY > packet.limit) return truncated(packet, Protocol.mpls, ENTRY, 'mpls')
  const next = header.bottom(view, at) === 0 ? Protocol.mpls : ipAt(packet, at + ENTRY)
  return enter(packet, Protocol.mpls, ENTRY, next)
}

/** service identifier, the customer's two addresses and EtherType */
const BACKBONE = 4 + 12 + 2

export function decodeBackbone(packet: Packet): number {
  const { view, cursor: at } = packet
  if (at + BACKBONE > packet.limit) return truncated(packet, Protocol.providerBackbone, BACKBONE, 'ieee8021ah')
  const type = view.getUint16(at + BACKBONE - 2)
  return enter(packet, Protocol.providerBackbone, BACKBONE, protocolOfEtherType(type))
}
