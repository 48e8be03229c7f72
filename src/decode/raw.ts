/** LINKTYPE_RAW: no link header; the packet's first four bits say which Internet Protocol it is. */
import type { Packet } from '../packet.js'
import { truncated } from './bounds.js'
import { Protocol } from './protocols.js'

const SHORTEST = 8

export function decode(packet: Packet): number {
  const at = packet.cursor
  // too short for either version
  if (at + SHORTEST > packet.limit) return truncated(packet, Protocol.raw, SHORTEST, 'raw')
  packet.addLayer(Protocol.raw, at, at)
  return protocolOfVersion(packet)
}

/** The Internet Protocol whose header begins at the cursor, by its version. */
export function protocolOfVersion(packet: Packet): number {
  if (packet.cursor >= packet.limit) return Protocol.none
  switch (packet.view.getUint8(packet.cursor) >> 4) {
    case 4:
      return Protocol.ip
    case 6:
      return Protocol.ipv6
    default:
      return Protocol.data
  }
}
