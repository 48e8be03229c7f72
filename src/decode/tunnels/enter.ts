/** What all tunnels have in common. */
import type { Packet } from '../../packet.js'
import { missing, tooDeep } from '../bounds.js'
import { Protocol } from '../protocols.js'

/**
 * Records a tunnel's header of `size` bytes at the cursor, and goes into what it carries: `next` if the header is whole. From then on
 * the packet is the inner one; the tunnel's own addresses and ports are in the layers.
 */
export function enter(packet: Packet, protocol: number, size: number, next: number): number {
  const at = packet.cursor
  const end = at + size
  if (!packet.addLayer(protocol, at, Math.min(end, packet.limit))) return tooDeep(packet)
  if (end > packet.limit) return missing(packet, at, size, 'tunnel')
  packet.cursor = end
  if (next === Protocol.data || next === Protocol.none) return next
  packet.isTunneled = true
  packet.transportProtocol = 0
  packet.transport = -1
  packet.payload = packet.payloadEnd = end
  packet.payloadLength = 0
  return next
}

/** The Internet Protocol whose header begins at `at`, by its version; bytes where it is neither. */
export function ipAt(packet: Packet, at: number): number {
  if (at >= packet.limit) return Protocol.data
  const version = packet.view.getUint8(at) >> 4
  if (version === 4) return Protocol.ip
  return version === 6 ? Protocol.ipv6 : Protocol.data
}
