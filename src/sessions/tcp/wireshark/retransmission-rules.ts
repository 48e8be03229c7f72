/**
 * Wireshark's rules for data (or a SYN or FIN) at a place in sequence space where something was sent already. The first
 * that fits wins: keep-alive, spurious, fast, out of order, plain retransmission.
 */
import { sequenceAdd, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { FIN, SYN, type TcpHeader } from '../../../packet.js'
import type { Conversation } from './conversation.js'
import type { Flow } from './flow.js'
import { Analysis, type WiresharkResult } from './result.js'

/** A fast retransmission comes within 20 ms of the last duplicate ACK. */
const FAST_NANOSECONDS = 20_000_000
/** An overtaken segment comes within a round trip, or 3 ms where the handshake did not show one. */
const REORDERING_NANOSECONDS = 3_000_000

/**
 * Wireshark compares intervals as unsigned numbers: one that is negative, because the clock stepped back, is longer than
 * any that is not.
 */
function isShorter(interval: number, limit: number): boolean {
  return interval < 0 === limit < 0 ? interval < limit : limit < 0
}

/** One of the retransmission flags, or 0. */
export function kindOfResending(
  tcp: TcpHeader,
  forward: Flow,
  reverse: Flow,
  conversation: Conversation,
  { time }: WiresharkResult,
): number {
  const end = sequenceAdd(tcp.sequence, tcp.length)
  if (tcp.length > 0 && reverse.lastAck !== 0 && sequenceDifference(end, reverse.lastAck) <= 0) {
    return Analysis.spuriousRetransmission | Analysis.retransmission
  }
  if (forward.nextSequence === 0 || !sequenceBefore(tcp.sequence, forward.nextSequence)) return 0
  // What follows a zero window probe that was not taken begins with the probe's byte, and is new.
  if (tcp.length > 1 && sequenceAdd(tcp.sequence, 1) === forward.nextSequence) return 0

  if (
    (reverse.duplicateAcks >= 2 || reverse.duplicateAcks < 0) &&
    reverse.lastAck === tcp.sequence &&
    isShorter(time - reverse.lastAckTime, FAST_NANOSECONDS)
  ) {
    return Analysis.fastRetransmission | Analysis.retransmission
  }
  const limit = conversation.initialRtt === 0 ? REORDERING_NANOSECONDS : conversation.initialRtt
  if (isShorter(time - forward.nextSequenceTime, limit)) {
    const afterIt = (tcp.flags & (SYN | FIN)) !== 0 ? sequenceAdd(end, 1) : end
    if (afterIt !== forward.nextSequence) return Analysis.outOfOrder
  }
  return Analysis.retransmission
}
