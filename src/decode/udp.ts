/** User Datagram Protocol (RFC 768). */
import { u16 } from '../bytes/fields.js'
import { type Packet, ProblemKind } from '../packet.js'
import { badValue, boundTo, note, tooDeep, truncated } from './bounds.js'
import { tunnelOfPorts } from './numbers.js'
import { Protocol } from './protocols.js'

const header = {
  sourcePort: u16(0, 'udp.srcport', 'Source Port'),
  destinationPort: u16(2, 'udp.dstport', 'Destination Port'),
  length: u16(4, 'udp.length', 'Length'),
  checksum: u16(6, 'udp.checksum', 'Checksum', 'hex'),
} as const

/** The header, field by field. */
export const udp = header

const ID = Protocol.udp
const NONE = Protocol.none
const LENGTH = 8
const IP_PROTOCOL = 17
const LARGEST = 0xffff

export function decode(packet: Packet): number {
  const view = packet.view
  const at = packet.cursor
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, ID, LENGTH, 'udp')
  if (!packet.addLayer(ID, at, end)) return tooDeep(packet)
  packet.transport = at
  packet.transportProtocol = IP_PROTOCOL
  packet.sourcePort = header.sourcePort(view, at)
  packet.destinationPort = header.destinationPort(view, at)
  packet.cursor = end
  const length = header.length(view, at)
  if (length >= LENGTH) boundTo(packet, at + length, at + 4, 'udp.length')
  // 0 is what a jumbogram says, since its length does not fit (RFC 2675 §4): IP's length counts
  else if (length !== 0 || packet.networkVersion !== 6) return nonsense(packet, at)
  else if (packet.extent - at <= LARGEST) note(packet, ProblemKind.lyingLength, at + 4, 2, 'udp.length')
  packet.payload = end
  packet.payloadEnd = packet.limit
  packet.payloadLength = packet.extent - end
  return tunnelOfPorts(packet.sourcePort, packet.destinationPort)
}

/** A length that does not even hold the header: no datagram of any conversation. */
function nonsense(packet: Packet, at: number): number {
  packet.transportProtocol = NONE
  return badValue(packet, at + 4, 2, 'udp.length')
}
