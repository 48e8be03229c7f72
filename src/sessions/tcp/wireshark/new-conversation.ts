/** When a SYN on a known pair of endpoints begins a new stream (`tcp.stream`). */
import { ACK, SYN, type TcpHeader } from '../../../packet.js'
import { Completeness } from './completeness.js'

/**
 * A SYN without ACK begins a new stream when the old one knows its sender's numbers and either the SYN has another one,
 * or the old stream has seen a FIN or an RST. Nothing else ever does, a SYN/ACK neither.
 *
 * @param isBaseKnown, base the old stream's `Numbering` in the SYN's direction
 * @param completeness the old stream's, before this segment
 */
export function isNewConversation(tcp: TcpHeader, isBaseKnown: boolean, base: number, completeness: number): boolean {
  if ((tcp.flags & (SYN | ACK)) !== SYN || !isBaseKnown) return false
  return tcp.sequence !== base
}
