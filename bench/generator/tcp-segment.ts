/** One TCP segment and how it is written (RFC 9293 §3.1; options: RFC 7323, RFC 2018). */
import type { Flow } from './frames.js'
import { writePayload } from './payload.js'
import type { PcapWriter } from './pcap-writer.js'

export const FIN = 0x01
export const SYN = 0x02
export const RST = 0x04
export const PSH = 0x08
export const ACK = 0x10

/** What both ends agreed upon in the handshake. */
export interface Options {
  readonly mss: number
  /** -1: not offered */
  readonly windowScale: number
  readonly sack: boolean
  readonly timestamps: boolean
}

/** Half-open range of sequence numbers, relative to the initial one. */
export type Range = readonly [start: number, end: number]

/** Sequence and acknowledgment numbers are relative: 0 is the SYN, 1 the first byte. */
export interface Segment {
  readonly flags: number
  readonly sequence: number
  /** application bytes */
  readonly length: number
  acknowledgment: number
  identification: number
  timestamp: number
  echo: number
  sack: readonly Range[]
  /** how often the sender sent it */
  sends: number
  /** how often the capture saw it, in all and since it was last sent */
  seen: number
  seenSinceSent: number
}

/** A segment that has not been sent yet. */
export function newSegment(flags: number, sequence: number, length: number): Segment {
  return {
    flags,
    sequence,
    length,
    acknowledgment: 0,
    identification: 0,
    timestamp: 0,
    echo: 0,
    sack: [],
    sends: 0,
    seen: 0,
    seenSinceSent: 0,
  }
}

/** The sequence number after the segment: SYN and FIN take one each. */
export function endOf(segment: Segment): number {
  return segment.sequence + segment.length + ((segment.flags & (SYN | FIN)) === 0 ? 0 : 1)
}

/** What a sender puts into each of its segments. */
export interface Sender {
  readonly flow: Flow
  readonly initialSequence: number
  /** where in the pool its stream begins */
  readonly payloadBase: number
  readonly window: number
}

/** Gives the length of the frame that it wrote. */
export function writeSegment(
  out: PcapWriter,
  time: number,
  segment: Segment,
  sender: Sender,
  receiverInitialSequence: number,
  options: Options,
): number {
  const { flow } = sender
  const { flags, length } = segment
  const hasAck = (flags & ACK) !== 0
  const headerLength = 20 + optionsLength(segment, options)
  const at = flow.open(out, headerLength + length, segment.identification)
  const { view } = out
  view.setUint32(at + 4, sender.initialSequence + segment.sequence)
  view.setUint32(at + 8, hasAck ? receiverInitialSequence + segment.acknowledgment : 0)
  view.setUint8(at + 12, headerLength << 2)
  view.setUint8(at + 13, flags)
  // a window in a SYN is never scaled (RFC 7323 §2.2)
  const shift = options.windowScale > 0 && (flags & SYN) === 0 ? options.windowScale : 0
  view.setUint16(at + 14, (flags & RST) === 0 ? Math.min(0xffff, sender.window >> shift) : 0)
  view.setUint16(at + 18, 0)
  if ((flags & SYN) !== 0) writeSynOptions(view, at + 20, at + headerLength, segment, options)
  else writeOptions(view, at + 20, segment, receiverInitialSequence, options)
  if (length > 0) writePayload(out, at + headerLength, sender.payloadBase, segment.sequence, length)
  return flow.close(out, time, at, headerLength + length, at + 16)
}

/** A reset of a connection that never was: no options have been agreed upon. */
function isRefusal({ flags, sequence }: Segment): boolean {
  return (flags & RST) !== 0 && sequence === 0
}

function optionsLength(segment: Segment, options: Options): number {
  const { flags, sack } = segment
  if ((flags & SYN) !== 0) {
    const length = 4 + (options.sack ? 2 : 0) + (options.timestamps ? 10 : 0) + (options.windowScale >= 0 ? 3 : 0)
    return (length + 3) & ~3
  }
  if (isRefusal(segment)) return 0
  return (options.timestamps ? 12 : 0) + (sack.length > 0 ? 4 + 8 * sack.length : 0)
}

function writeSynOptions(view: DataView, start: number, end: number, segment: Segment, options: Options): void {
  let at = start
  view.setUint16(at, 0x0204)
  view.setUint16(at + 2, options.mss)
  at += 4
  if (options.sack) {
    view.setUint16(at, 0x0402)
    at += 2
  }
  if (options.timestamps) {
    at = writeTimestamps(view, at, segment)
  }
  if (options.windowScale >= 0) {
    view.setUint16(at, 0x0303)
    view.setUint8(at + 2, options.windowScale)
    at += 3
  }
  while (at < end) view.setUint8(at++, 1)
}

function writeOptions(
  view: DataView,
  start: number,
  segment: Segment,
  receiverInitialSequence: number,
  options: Options,
): void {
  if (isRefusal(segment)) return
  let at = start
  if (options.timestamps) {
    view.setUint16(at, 0x0101)
    at = writeTimestamps(view, at + 2, segment)
  }
  const blocks = segment.sack
  if (blocks.length === 0) return
  view.setUint32(at, 0x01010500 + 2 + 8 * blocks.length)
  at += 4
  for (const [left, right] of blocks) {
    view.setUint32(at, receiverInitialSequence + left)
    view.setUint32(at + 4, receiverInitialSequence + right)
    at += 8
  }
}

function writeTimestamps(view: DataView, at: number, segment: Segment): number {
  view.setUint16(at, 0x080a)
  view.setUint32(at + 2, segment.timestamp)
  view.setUint32(at + 6, segment.echo)
  return at + 10
}
