/**
 * What the truth about a session is told in: the vantage of the capture, the segments that were not simply the next one,
 * and what was captured twice, missed, or lost. Directions: 0 is the one of the session's first packet (client to server,
 * when the opening was captured), 1 the other. An *end* is named by the direction whose packets it sends.
 */

export type Direction = 0 | 1

/** What a data segment really was; empty: the next one, in order. */
export type Verdict = '' | 'retransmission' | 'out-of-order' | 'duplicate'

/** What made the sender send again. */
export type Cause =
  /** its retransmission timer ran out, or it goes on from there (RFC 6298 §5, RFC 5681 §3.1) */
  | 'timeout'
  /** duplicate or selective acknowledgments said that it was missing (RFC 5681 §3.2, RFC 6675, RFC 8985 §6) */
  | 'fast retransmit'
  /** a router had said that a packet did not fit the next network on its way (RFC 1191, RFC 8201) */
  | 'path MTU'
  /** its bytes had gone with a SYN, and the SYN/ACK did not take them (RFC 7413 §4.2.2) */
  | 'fast open'
  /** the last segment again, after two round trips without an answer (RFC 8985 §7) */
  | 'tail loss probe'
  /** the receiver's window was shut (RFC 9293 §3.8.6.1) */
  | 'zero window'
  /** one old byte, to see whether the other end is still there (RFC 9293 §3.8.4) */
  | 'keep-alive'
  /** a segment without data, not answered in time */
  | 'SYN again'
  | 'FIN again'

/** A fact, in words, and the frames that show it. */
export interface Evidence {
  readonly text: string
  readonly frames: readonly number[]
}

/** A segment that was not simply the next one. A FIN or SYN without data is listed too when it was sent or came again. */
export interface SegmentTruth {
  readonly frame: number
  readonly direction: Direction
  /** of its first byte, as on the wire: signed 32-bit */
  readonly sequence: number
  /** payload bytes */
  readonly length: number
  readonly verdict: Verdict
  /** the verdict has nothing but times, and the order of arrival, to go by: the hosts send no timestamps and no IP identification, or too coarse ones */
  readonly restsOnTiming: boolean
  /** the frame in which its bytes were captured before, or that overtook it; 0 when there is none */
  readonly other: number
  /** of a retransmission */
  readonly cause: Cause | undefined
  /** of a retransmission: false when its bytes had arrived, or were to arrive, without it; undefined when that cannot be told */
  readonly needed: boolean | undefined
  /** verdict, cause and need in turn. Made when it is asked for */
  readonly evidence: readonly Evidence[]
}

export interface Vantage {
  /**
   * `end`: on the host of one end, or so near that nothing lies between; `between`: on the way; `one host`: both ends
   * are there, as on a loopback interface; `unknown`: the capture does not show it.
   */
  readonly place: 'end' | 'between' | 'one host' | 'unknown'
  /** which end, when `place` is `end` */
  readonly end?: Direction
  readonly evidence: readonly Evidence[]
}

/** Bytes that were acknowledged, so they arrived, and that the capture does not have. */
export interface MissedBytes {
  readonly direction: Direction
  /** of the first byte: signed 32-bit */
  readonly sequence: number
  readonly length: number
  /** the acknowledgment that covers them */
  readonly frame: number
}

export interface Offload {
  readonly segments: number
  /** the first of them */
  readonly frame: number
  /** payload bytes of the longest */
  readonly longest: number
  /** the maximum segment size that the other end's SYN offered */
  readonly mss: number
}

/** What is true of all of one direction. */
export interface DirectionTruth {
  readonly retransmissions: number
  /** retransmissions whose bytes had arrived without them */
  readonly needless: number
  readonly outOfOrder: number
  /** copies that the network made */
  readonly duplicates: number
  /** segments longer than the other end takes: the network card was to cut them up, or had put them together (segmentation offload) */
  readonly offload?: Offload
  /** packets whose checksum the network card was to fill in, and the first of them */
  readonly partialChecksums?: { readonly packets: number; readonly frame: number }
  /** bytes that arrived and that the capture does not have */
  readonly missedBytes: number
  /** bytes that the receiver said it lacked, and that had not come in the end; absent: none */
  readonly lackedBytes?: number
  /** segments that were out of the ordinary and are not listed, because there were too many */
  readonly unlisted: number
}

export interface TruthOfSession {
  readonly vantage: Vantage
  /** in the order of capture */
  readonly segments: readonly SegmentTruth[]
  /** frames that are a second sight of the frame before them, not a second packet */
  readonly capturedTwice: readonly number[]
  /** frames that were captured and then lost on their way, or dropped by their receiver: they had to be sent again */
  readonly lost: readonly number[]
  /** what the capture does not have */
  readonly missed: readonly MissedBytes[]
  readonly directions: readonly [DirectionTruth, DirectionTruth]
}
