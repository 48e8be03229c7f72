/**
 * Wireshark's analysis of one segment's sequence and acknowledgment numbers: the rules, in their order of precedence, and
 * what each direction remembers for the next segment.
 */
import { sequenceAdd, sequenceBefore } from '../../../bytes/sequence.js'
import { ACK, FIN, RST, SYN, type TcpHeader } from '../../../packet.js'
import type { Conversation } from './conversation.js'
import { measureFlight } from './flight-rules.js'
import type { Flow } from './flow.js'
import { MAX_OUTSTANDING } from './outstanding.js'
import { Analysis, type WiresharkResult } from './result.js'
import { kindOfResending } from './retransmission-rules.js'
import {
  fillsWindow,
  isKeepAlive,
  isZeroWindow,
  isZeroWindowProbe,
  meaningOfRepeat,
  repeatsAck,
} from './window-rules.js'

/** Fills the flags and the numbers of the analysis; the flags that `result` has already are kept. */
export function analyseSequence(
  tcp: TcpHeader,
  forward: Flow,
  reverse: Flow,
  conversation: Conversation,
  result: WiresharkResult,
): void {
  if ((tcp.flags & ACK) !== 0) reverse.isFlightKnown = 1
  let flags = result.flags | flagsOfPlace(tcp, forward, reverse)
  if ((flags & Analysis.lostSegment) !== 0) forward.isFlightKnown = 0
  if ((flags & Analysis.duplicateAck) !== 0) {
    // Multipath TCP repeats ACKs to carry its own news (RFC 8684 §4): not the first after an option of a new kind
    if (forward.multipath === conversation.multipath) countDuplicate(forward, result)
    else flags &= ~Analysis.duplicateAck
  }
  forward.multipath = conversation.multipath
  if (tcp.acknowledgment !== forward.lastAck) {
    forward.firstAckFrame = result.frame
    forward.duplicateAcks = 0
  }

  const acksUnseen = acknowledgesUnseen(tcp, reverse)
  if (acksUnseen) flags |= noteUnseen(reverse)
  const takesSequence = tcp.length > 0 || (tcp.flags & (SYN | FIN)) !== 0
  if (takesSequence && (flags & Analysis.keepAlive) === 0) {
    const kind = kindOfResending(tcp, forward, reverse, conversation, result)
    if (kind === Analysis.retransmission) measureTimeout(forward, result)
    flags |= kind
  }
  result.flags = flags

  const end = takesSequence ? append(tcp, forward, result) : tcp.sequence
  if ((flags & Analysis.zeroWindowProbe) === 0) advance(tcp, forward, end, result)
  forward.window = tcp.window
  forward.lastAck = tcp.acknowledgment
  forward.lastAckTime = result.time
  forward.lastFlags = flags

  reverse.acknowledge(tcp.acknowledgment, result)
  const isMeasured = measureFlight(tcp, forward, reverse, result)
  if (flags !== 0 || acksUnseen || isMeasured || result.acksFrame !== 0) result.hasAnalysis = true
}

/** What the segment's place, next to the one before it in each direction, says; retransmissions apart. */
function flagsOfPlace(tcp: TcpHeader, forward: Flow, reverse: Flow): number {
  if (isZeroWindowProbe(tcp, forward, reverse)) return Analysis.zeroWindowProbe
  let flags = 0
  if (isZeroWindow(tcp)) flags |= Analysis.zeroWindow
  if (isAfterHole(tcp, forward)) flags |= Analysis.lostSegment
  if (isKeepAlive(tcp, forward)) flags |= Analysis.keepAlive
  if (fillsWindow(tcp, reverse)) flags |= Analysis.windowFull
  if (repeatsAck(tcp, forward)) flags |= meaningOfRepeat(tcp, forward, reverse)
  return flags
}

function isAfterHole(tcp: TcpHeader, forward: Flow): boolean {
  return forward.nextSequence !== 0 && sequenceBefore(forward.nextSequence, tcp.sequence) && (tcp.flags & RST) === 0
}

function countDuplicate(forward: Flow, result: WiresharkResult): void {
  forward.duplicateAcks = forward.duplicateAcks < 0 ? 1 : forward.duplicateAcks + 1
  result.duplicateAckNumber = forward.duplicateAcks
  result.duplicateAckFrame = forward.firstAckFrame
}

/** An ACK beyond all that was seen without a hole. */
function acknowledgesUnseen(tcp: TcpHeader, reverse: Flow): boolean {
  return (tcp.flags & ACK) !== 0 && reverse.contiguous !== 0 && sequenceBefore(reverse.contiguous, tcp.acknowledgment)
}

/** It is said once of the same hole: the hole counts as filled, or the count of duplicate ACKs remembers it. */
function noteUnseen(reverse: Flow): number {
  if (sequenceBefore(reverse.contiguous, reverse.nextSequence)) {
    reverse.contiguous = reverse.nextSequence
    return Analysis.ackLostSegment
  }
  const isFirst = reverse.duplicateAcks === 0
  reverse.duplicateAcks = -1
  return isFirst ? Analysis.ackLostSegment : 0
}

/** How long ago it was sent: the oldest transmission that is still unacknowledged, else the newest of the direction. */
function measureTimeout(forward: Flow, result: WiresharkResult): void {
  if (!forward.findOldest(result)) {
    result.rto = result.time - forward.nextSequenceTime
    result.rtoFrame = forward.nextSequenceFrame
  }
  if (result.rto === 0) result.rtoFrame = 0
}

/** Keeps the segment until it is acknowledged. Returns the sequence number after it; a SYN or FIN takes one. */
function append(tcp: TcpHeader, forward: Flow, result: WiresharkResult): number {
  const end = sequenceAdd(tcp.sequence, tcp.length)
  // Wireshark forgets the SYN's or FIN's own number when its list is full
  if (forward.outstanding >= MAX_OUTSTANDING) return end
  const after = (tcp.flags & (SYN | FIN)) !== 0 ? sequenceAdd(end, 1) : end
  forward.append(tcp.sequence, after, result)
  return after
}

/** Moves what is expected next. A zero window probe does not: its byte may never be taken. */
function advance(tcp: TcpHeader, forward: Flow, end: number, result: WiresharkResult): void {
  const next = forward.nextSequence
  if (next === 0 || sequenceBefore(next, end)) {
    forward.nextSequence = end
    forward.nextSequenceFrame = result.frame
    forward.nextSequenceTime = result.time
  }
  if (forward.contiguous === 0 || tcp.sequence === forward.contiguous) forward.contiguous = forward.nextSequence
}
