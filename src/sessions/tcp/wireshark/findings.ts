/** What Wireshark's TCP analysis can say of a segment: the bits of `WiresharkResult.findings`. */

export const Finding = {
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

/** Wireshark's field of each finding. A field is there when its bit is set; it has no value. */
export const findingFields: ReadonlyMap<string, number> = new Map([
  ['tcp.analysis.retransmission', Finding.retransmission],
  ['tcp.analysis.fast_retransmission', Finding.fastRetransmission],
  ['tcp.analysis.spurious_retransmission', Finding.spuriousRetransmission],
  ['tcp.analysis.out_of_order', Finding.outOfOrder],
  ['tcp.analysis.lost_segment', Finding.lostSegment],
  ['tcp.analysis.ack_lost_segment', Finding.ackLostSegment],
  ['tcp.analysis.duplicate_ack', Finding.duplicateAck],
  ['tcp.analysis.keep_alive', Finding.keepAlive],
  ['tcp.analysis.keep_alive_ack', Finding.keepAliveAck],
  ['tcp.analysis.zero_window', Finding.zeroWindow],
  ['tcp.analysis.zero_window_probe', Finding.zeroWindowProbe],
  ['tcp.analysis.zero_window_probe_ack', Finding.zeroWindowProbeAck],
  ['tcp.analysis.window_update', Finding.windowUpdate],
  ['tcp.analysis.window_full', Finding.windowFull],
  ['tcp.analysis.reused_ports', Finding.reusedPorts],
  ['tcp.analysis.tfo_syn', Finding.fastOpenSyn],
  ['tcp.analysis.tfo_ack', Finding.fastOpenAck],
  ['tcp.analysis.tfo_ignored', Finding.fastOpenIgnored],
])
