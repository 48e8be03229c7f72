/** Wireshark's conversation completeness: what of a TCP connection's life the capture has. */
import { ACK, FIN, RST, SYN } from '../../../packet.js'

export const Completeness = { syn: 1, synAck: 2, ack: 4, data: 8, fin: 16, rst: 32 } as const

/** The bits that the first segment of a stream sets. Only a SYN counts there; its data is that of Fast Open. */
export function completenessOfFirst(flags: number, length: number): number {
  if ((flags & (SYN | ACK)) !== SYN) return 0
  return length > 0 ? Completeness.syn | Completeness.data : Completeness.syn
}

/** The bits that any later segment adds. A SYN adds none: a stream has the one it began with, or never has it. */
export function completenessOfLater(flags: number, length: number): number {
  let bits = 0
  if ((flags & ACK) !== 0) {
    if ((flags & SYN) !== 0) bits |= Completeness.synAck
    else bits |= length > 0 ? Completeness.data : Completeness.ack
    if ((flags & FIN) !== 0) bits |= Completeness.fin
  }
  if ((flags & RST) !== 0) bits |= Completeness.rst
  return bits
}
