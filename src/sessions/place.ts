/** Where a capture point saw a packet: what differs where two of them saw one packet. */
import type { Packet } from '../packet.js'

/** A second sight of a packet comes within this, ns. */
export const SECOND_SIGHT = 1e6
/** The same, at the other end of a network, of a packet with a number of its own; no timer runs out as soon. */
export const SIGHT_AT_OTHER_END = 200e6

/** Time to live, capture direction and interface, in one number. */
export function placeOf(packet: Packet): number {
  return packet.timeToLive | (packet.direction << 8) | (packet.interfaceId << 10)
}

/** The capture direction in it. */
export function directionAt(place: number): number {
  return (place >> 8) & 3
}
