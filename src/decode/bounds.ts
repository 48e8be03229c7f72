/**
 * How a decoder stops, and how it honours a length field. The record's working bounds are: `cursor`, the next byte;
 * `limit`, past which nothing may be read; `extent`, where the enclosing lengths say the data ends.
 */
import { MAX_LAYERS, type Packet, ProblemKind } from '../packet.js'
import { Protocol } from './protocols.js'

/**
 * The bytes of `protocol` at the cursor end before `needed` of them: records the layer with what is there, and why
 * there is no more.
 */
export function truncated(packet: Packet, protocol: number, needed: number, field: string): number {
  const at = packet.cursor
  packet.addLayer(protocol, at, packet.limit)
  return missing(packet, at, needed, field)
}

/** The last layer's bytes from `offset` on end before `needed` of them. */
export function missing(packet: Packet, offset: number, needed: number, field: string): number {
  const wasSent = offset + needed <= packet.extent
  return stop(packet, wasSent ? ProblemKind.cut : ProblemKind.lyingLength, offset, needed, field)
}

/** The last layer's field of `width` bytes at `offset` has a value that makes no sense where it stands. */
export function badValue(packet: Packet, offset: number, width: number, field: string): number {
  return stop(packet, ProblemKind.badValue, offset, width, field)
}

function stop(packet: Packet, kind: ProblemKind, offset: number, needed: number, field: string): number {
  // a header that is wrong in itself is worth more than a length that was noted before
  if (kind === ProblemKind.badValue) packet.problem.kind = ProblemKind.none
  note(packet, kind, offset, needed, field)
  packet.cursor = packet.limit
  return Protocol.none
}

/**
 * Records a problem that does not stop the decoding. The first one of a packet is kept: the others follow from it. What there
 * was is counted to `end`, the packet's own limit unless the layer has a nearer one.
 */
export function note(
  packet: Packet,
  kind: ProblemKind,
  offset: number,
  needed: number,
  field: string,
  end = packet.limit,
): void {
  const problem = packet.problem
  if (problem.kind !== ProblemKind.none) return
  problem.kind = kind
  problem.layer = packet.layers - 1
  problem.offset = offset
  problem.needed = needed
  problem.available = Math.max(0, end - offset)
  problem.bound = packet.bound
  problem.field = field
}

/** One layer more than the record can keep: only hostile packets nest so deep. */
export function tooDeep(packet: Packet): number {
  return stop(packet, ProblemKind.badValue, packet.cursor, MAX_LAYERS, 'frame.protocols')
}

/**
 * The last layer says that its data ends at `end`: whatever lies beyond is padding or a trailer. A length beyond what
 * the enclosing layers hold is a lie, noted at `field`'s bytes; the decoding goes on with what is there.
 */
export function boundTo(packet: Packet, end: number, offset: number, field: string): void {
  if (end <= packet.extent) {
    packet.extent = end
    packet.bound = packet.layers - 1
    if (end < packet.limit) packet.limit = end
  } else {
    note(packet, ProblemKind.lyingLength, offset, end - offset, field)
  }
}
