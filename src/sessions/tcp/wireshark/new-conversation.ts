/** When a SYN on a known pair of endpoints begins a new stream (`tcp.stream`). */
import { ACK, SYN, type TcpHeader } from '../../../packet.js'
import { Completeness } from './completeness.js'
import type { Flow } from './flow.js'

/**
 * A SYN without ACK begins a new stream when the old one has a sequence number of its sender's and either it is another
 * one, or the old stream has seen a FIN or an RST. A SYN/ACK never does. `forward` is the old stream's direction.
 */
export function isNewConversation(tcp: TcpHeader, forward: Flow, completeness: number): boolean {
  if ((tcp.flags & (SYN | ACK)) !== SYN || !forward.isBaseKnown) return false
  return tcp.sequence !== forward.baseSequence || (completeness & (Completeness.fin | Completeness.rst)) !== 0
}
