/**
 * What Wireshark says of one segment: the record, and the bits of its flags. The record is reused: the next segment overwrites it.
 *
 * Zero means absent in every field of the analysis: frames are numbered from 1, and Wireshark shows neither an
 * interval nor a count of bytes that is exactly 0. Intervals are nanoseconds, and negative where the clock stepped back.
 */

/** What Wireshark's TCP analysis can say of a segment: the bits of `WiresharkResult.flags`. */

export const Analysis = {
  /** set for fast and spurious ones too, as `tcp.analysis.retransmission` is */
  retransmission: 1 << 0,
  fastRetransmission: 1 << 1,
  spuriousRetransmission: 1 << 2,
  outOfOrder: 1 << 3,
  /** an earlier segment of this direction was not captured */
  lostSegment: 1 << 4,
  /** acknowledges a segment that was not captured */
  ackLostSegment: 1 << 5,
  duplicateAck: 1 << 6,
  keepAlive: 1 << 7,
  keepAliveAck: 1 << 8,
  zeroWindow: 1 << 9,
  zeroWindowProbe: 1 << 10,
  zeroWindowProbeAck: 1 << 11,
  windowUpdate: 1 << 12,
  /** fills the window that the receiver advertised */
  windowFull: 1 << 13,
  reusedPorts: 1 << 14,
  /** TCP Fast Open (RFC 7413): a SYN with a cookie, a SYN/ACK that takes the SYN's data, one that does not */
  fastOpenSyn: 1 << 15,
  fastOpenAck: 1 << 16,
  fastOpenIgnored: 1 << 17,
} as const

/** Wireshark's field of each flag. A field is there when its bit is set; it has no value. */
export const analysisFields: ReadonlyMap<string, number> = new Map([
  ['tcp.analysis.retransmission', Analysis.retransmission],
  ['tcp.analysis.fast_retransmission', Analysis.fastRetransmission],
  ['tcp.analysis.spurious_retransmission', Analysis.spuriousRetransmission],
  ['tcp.analysis.out_of_order', Analysis.outOfOrder],
  ['tcp.analysis.lost_segment', Analysis.lostSegment],
  ['tcp.analysis.ack_lost_segment', Analysis.ackLostSegment],
  ['tcp.analysis.duplicate_ack', Analysis.duplicateAck],
  ['tcp.analysis.keep_alive', Analysis.keepAlive],
  ['tcp.analysis.keep_alive_ack', Analysis.keepAliveAck],
  ['tcp.analysis.zero_window', Analysis.zeroWindow],
  ['tcp.analysis.zero_window_probe', Analysis.zeroWindowProbe],
  ['tcp.analysis.zero_window_probe_ack', Analysis.zeroWindowProbeAck],
  ['tcp.analysis.window_update', Analysis.windowUpdate],
  ['tcp.analysis.window_full', Analysis.windowFull],
  ['tcp.analysis.reused_ports', Analysis.reusedPorts],
  ['tcp.analysis.tfo_syn', Analysis.fastOpenSyn],
  ['tcp.analysis.tfo_ack', Analysis.fastOpenAck],
  ['tcp.analysis.tfo_ignored', Analysis.fastOpenIgnored],
])

export class WiresharkResult {
  /** the segment that all this is about: its frame, and its time in nanoseconds since the session began */
  frame = 0
  time = Number.NaN
  /** bits of `Analysis` */
  flags = 0
  /** `tcp.seq`; unsigned, and raw when the segment's length is unknown */
  relativeSequence = 0
  /** `tcp.ack`; unsigned, and raw when the segment's length is unknown or the ACK flag is not set */
  relativeAcknowledgment = 0
  /** `tcp.options.sack_le` and `sack_re` count from it; meaningful when the segment has SACK blocks */
  selectiveBase = 0
  /** `tcp.window_size` */
  scaledWindow = 0
  /** `tcp.completeness`: bits of `Completeness` */
  completeness = 0
  /** `tcp.analysis`: there is something to say, even if nothing of what follows */
  hasAnalysis = false

  /** `tcp.analysis.duplicate_ack_num`, `…_frame`: this is the nth duplicate of the ACK in that frame */
  duplicateAckNumber = 0
  duplicateAckFrame = 0
  /** `tcp.analysis.acks_frame`: the segment that this one acknowledges to its last byte; `ack_rtt`: how long ago it was */
  acksFrame = 0
  ackRtt = Number.NaN
  /** `tcp.analysis.bytes_in_flight`, `push_bytes_sent` (since the last PSH) */
  bytesInFlight = 0
  pushBytesSent = 0
  /** `tcp.analysis.rto`, `rto_frame`: how long after that frame this was sent again */
  rto = Number.NaN
  rtoFrame = 0
  /** `tcp.analysis.initial_rtt`: from the SYN to the ACK that completed the handshake */
  initialRtt = Number.NaN

  constructor() {
    this.clear()
  }

  /** Makes it say nothing. */
  clear(): void {
    this.relativeSequence = 0
    this.relativeAcknowledgment = 0
    this.scaledWindow = 0
    this.completeness = 0
    this.hideAnalysis()
  }

  /** Forgets what belongs to Wireshark's tree of "SEQ/ACK analysis". */
  hideAnalysis(): void {
    this.flags = 0
    this.hasAnalysis = false
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
