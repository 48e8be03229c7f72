/** When a SYN between known endpoints begins a new stream (`tcp.stream`). */
import { ACK, SYN, type TcpHeader } from '../../../packet.js'

/**
 * A SYN without ACK begins a new stream when the sequence number that its sender began with is known and it has another.
 * Nothing else ever does: not a SYN/ACK, not a SYN with the same number after a FIN or a reset (Wireshark 4.2 and later
 * begin a new stream then).
 *
 * @param isBaseKnown, base the old stream's `Numbering` in the SYN's direction
 */
export function isNewConversation(tcp: TcpHeader, isBaseKnown: boolean, base: number): boolean {
  return (tcp.flags & (SYN | ACK)) === SYN && isBaseKnown && tcp.sequence !== base
}
