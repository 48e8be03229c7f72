/** Ethernet II and IEEE 802.3 frames, without preamble and frame check sequence, as captures hold them. */
import { span, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { boundTo, truncated } from './bounds.js'
import { protocolOfEtherType } from './numbers.js'
import { Protocol } from './protocols.js'

export const ethernet = {
  destination: span(0, 6, 'eth.dst', 'Destination', 'mac'),
  source: span(6, 6, 'eth.src', 'Source', 'mac'),
  type: u16(12, 'eth.type', 'Type', 'hex'),
} as const

const LENGTH = 14

/** Types below this are lengths of an 802.3 frame, whose payload is LLC (IEEE 802.3 §3.2.6). */
export const FIRST_ETHER_TYPE = 0x600

export function decode(packet: Packet): number {
  const at = packet.cursor
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, Protocol.eth, LENGTH, 'eth')
  packet.addLayer(Protocol.eth, at, end)
  packet.cursor = end
  const type = ethernet.type(packet.view, at)
  if (type >= FIRST_ETHER_TYPE) return protocolOfEtherType(type)
  boundTo(packet, end + type, at + 12, 'eth.len')
  return Protocol.llc
}
