/** Lightweight User Datagram Protocol (RFC 3828): UDP whose checksum covers only the beginning. */
import { u16 } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { tooDeep, truncated } from './bounds.js'
import { Protocol } from './protocols.js'

const header = {
  sourcePort: u16(0, 'udp.srcport', 'Source Port'),
  destinationPort: u16(2, 'udp.dstport', 'Destination Port'),
  coverage: u16(4, 'udp.checksum_coverage', 'Checksum Coverage'),
  checksum: u16(6, 'udp.checksum', 'Checksum', 'hex'),
} as const

/** The header, field by field; its length is what IP has left for it. */
export const udpLite = header

const LENGTH = 8
/** Conversations are UDP's: who counts them counts both together. */
const UDP = 17

export function decode(packet: Packet): number {
  const { view, cursor: at } = packet
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, Protocol.udpLite, LENGTH, 'udp')
  if (!packet.addLayer(Protocol.udpLite, at, end)) return tooDeep(packet)
  packet.transport = at
  packet.transportProtocol = UDP
  packet.sourcePort = header.sourcePort(view, at)
  packet.destinationPort = header.destinationPort(view, at)
  packet.payload = packet.cursor = end
  packet.payloadEnd = packet.limit
  packet.payloadLength = packet.extent - end
  return Protocol.none
}

/** How many bytes of a datagram of `length` bytes the checksum covers: 0 says all; 1 to 7 says nonsense, and all is taken. */
export function coverage(view: DataView, at: number, length: number): number {
  const covered = header.coverage(view, at)
  return covered < LENGTH ? length : Math.min(covered, length)
}
