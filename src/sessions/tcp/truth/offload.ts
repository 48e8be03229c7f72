/** Segmentation offload: segments longer than the other end takes, which the network card was to cut up, or had put together. */
import type { Packet } from '../../../packet.js'
import { record } from '../../record.js'

/** Payload of a packet, while the SYNs are not known: what Ethernet carries. */
const USUAL_MSS = 1460
/** The maximum segment size of what no network card cuts up. */
export const UNCUT = 0x7fffffff
/** Bytes of the timestamps option, which the maximum segment size includes (RFC 9293 §3.7.1, RFC 7323 §3) */
const TIMESTAMPS = 12

/**
 * Payload bytes of each packet that a longer segment was on the wire, but for the last. `mss`: as the other end's SYN offered; -1: not
 * known.
 */
export function packetSize(mss: number, hasTimestamps: boolean): number {
  return Math.max(1, (mss > 0 ? mss : USUAL_MSS) - (hasTimestamps ? TIMESTAMPS : 0))
}

/**
 * The packets that a segment was on the wire: more than one where a network card was to cut it up, or had put it together. `own`: as its
 * sender's SYN offered: its own network may be narrower than the other end's (RFC 1122 §4.2.2.6).
 */
export function packetsOf(length: number, mss: number, hasTimestamps: boolean, own = -1): number {
  const most = mss > 0 ? mss : USUAL_MSS
  return length <= most ? 1 : Math.ceil(length / packetSize(own > 0 ? Math.min(own, most) : most, hasTimestamps))
}

/** A window of no more than this counts whole. */
const SMALL_WINDOW = 536

/**
 * The maximum segment size of a sender that cuts its data to half of the largest window it was offered, so as not to wait for each
 * acknowledgment (Linux; RFC 9293 §3.8.6.2.1 has the same half for what is worth sending).
 */
export function halved(mss: number, largestWindow: number, hasTimestamps: boolean): number {
  const size = largestWindow > SMALL_WINDOW ? largestWindow >> 1 : largestWindow
  return Math.max(1, Math.min(mss, size + (hasTimestamps ? TIMESTAMPS : 0)))
}

/** A segment is of so many packets of a sender that halves, to the byte, or is one of them. */
export function isHalved(length: number, mss: number, largestWindow: number, hasTimestamps: boolean): boolean {
  return length > 0 && length % packetSize(halved(mss, largestWindow, hasTimestamps), hasTimestamps) === 0
}

export class LongSegments extends record(['count', 'longerThan', 'frame', 'longest'], []) {
  reset(): void {
    this.count = this.longest = 0
  }

  /** One is longer than the maximum segment size that the other end's SYN offered. */
  add(packet: Packet, mss: number): void {
    if (this.count++ === 0) this.frame = packet.number
    this.longerThan = mss
    if (packet.tcp.length > this.longest) this.longest = packet.tcp.length
  }
}
