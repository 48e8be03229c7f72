/** Ethernet II and IEEE 802.3 frames, without preamble and frame check sequence, as captures hold them. */
import { span, u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { boundTo, truncated } from './bounds.js'
import { FIRST_ETHER_TYPE, LARGEST_LENGTH, protocolOfEtherType } from './numbers.js'
import { Protocol } from './protocols.js'

const destination = span(0, 6, 'eth.dst', 'Destination', 'mac')
const source = span(6, 6, 'eth.src', 'Source', 'mac')

const header = { destination, source, type: u16(12, 'eth.type', 'Type', 'hex') } as const

/** Ethernet II. */
export const ethernet = header

/** IEEE 802.3, whose third field is the length of the LLC frame that follows. */
export const ieee8023 = { destination, source, length: u16(12, 'eth.len', 'Length') } as const

const LENGTH = 14

export function decode(packet: Packet): number {
  const at = packet.cursor
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, Protocol.eth, LENGTH, 'eth')
  const type = header.type(packet.view, at)
  packet.cursor = end
  // a length of 0 would leave nothing: tshark takes it for a type
  if (type >= FIRST_ETHER_TYPE || type === 0) {
    packet.addLayer(Protocol.eth, at, end)
    return protocolOfEtherType(type)
  }
  packet.addLayer(Protocol.ieee8023, at, end)
  if (type > LARGEST_LENGTH) return Protocol.data
  boundTo(packet, end + type, at + 12, 'eth.len')
  return Protocol.llc
}
