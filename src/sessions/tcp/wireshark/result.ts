/**
 * What Wireshark says of one segment. The record is reused: the next segment overwrites it.
 *
 * Zero means absent in every field below the first five: frames are numbered from 1, and Wireshark shows neither an
 * interval nor a count of bytes that is exactly 0. Intervals are nanoseconds, and negative where the clock stepped back.
 */
export class WiresharkResult {
  /** bits of `Finding` */
  findings = 0
  /** `tcp.seq`; unsigned, and raw when the segment's length is unknown */
  relativeSequence = 0
  /** `tcp.ack`; unsigned, and raw when the segment's length is unknown or the ACK flag is not set */
  relativeAcknowledgment = 0
  /** `tcp.window_size` */
  scaledWindow = 0
  /** `tcp.completeness`: bits of `Completeness` */
  completeness = 0

  /** `tcp.analysis.duplicate_ack_num`, `…_frame`: this is the nth duplicate of the ACK in that frame */
  duplicateAckNumber = 0
  duplicateAckFrame = 0
  /** `tcp.analysis.acks_frame`: the segment that this one acknowledges to its last byte; `ack_rtt`: how long ago it was */
  acksFrame = 0
  ackRtt = 0
  /** `tcp.analysis.bytes_in_flight`, `push_bytes_sent` (since the last PSH) */
  bytesInFlight = 0
  pushBytesSent = 0
  /** `tcp.analysis.rto`, `rto_frame`: how long after that frame this was sent again */
  rto = 0
  rtoFrame = 0
  /** `tcp.analysis.initial_rtt`: from the SYN to the ACK that completed the handshake */
  initialRtt = 0

  clear(): void {
    this.findings = 0
    this.relativeSequence = 0
    this.relativeAcknowledgment = 0
    this.scaledWindow = 0
    this.completeness = 0
    this.hideAnalysis()
  }

  /** Forgets what belongs to Wireshark's tree of "SEQ/ACK analysis". */
  hideAnalysis(): void {
    this.findings = 0
    this.duplicateAckNumber = 0
    this.duplicateAckFrame = 0
    this.acksFrame = 0
    this.ackRtt = 0
    this.bytesInFlight = 0
    this.pushBytesSent = 0
    this.rto = 0
    this.rtoFrame = 0
    this.initialRtt = 0
  }
}
