/** Bytes that no decoder here reads further: application data, and protocols that are only named. */
import type { Packet } from '../packet.js'
import { Protocol } from './protocols.js'

/** A decoder that records the rest of the packet as one layer of `protocol`, uninterpreted. */
export function opaque(protocol: number): (packet: Packet) => number {
  return (packet) => {
    if (packet.cursor < packet.limit) packet.addLayer(protocol, packet.cursor, packet.limit)
    packet.cursor = packet.limit
    return Protocol.none
  }
}
