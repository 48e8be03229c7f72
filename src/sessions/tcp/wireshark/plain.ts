/**
 * The commonest segment, quickly: the next data, or an ACK of what came last, with nothing for Wireshark to say of it. Nine of ten
 * are such, and where nobody wants to know more of a segment than its flags, there are none. So this keeps what the flags of later
 * segments depend on, and touches two cache lines and the segments that it adds and takes away. An exact shortcut of
 * `WiresharkAnalysis.analyse`: a test holds both equal.
 */
import { ACK, type Packet, PSH } from '../../../packet.js'
import type { Slab } from '../../record.js'
import { Completeness } from './completeness.js'
import { Flow } from './flow.js'
import { SCALE_UNKNOWN } from './numbering.js'
import { MAX_OUTSTANDING } from './outstanding.js'
import { NONE, type SegmentPool } from './segment-pool.js'

const FLOW = Flow.offsets
const SHORTEST_HEADER = 20

// bits of `Flow.plain`: its pure ACKs are, its data is; and above them one more than the shift of its windows, 0 while not known
const PURE_ACK = 1
const DATA = 2
const SCALE_SHIFT = 2

/** Which segments of `flow` may be plain from now on, in a conversation in which nothing but the flows is to be considered. */
export function plainBits(flow: Flow, other: Flow, completeness: number): number {
  const { windowScale } = flow
  const scale = windowScale === SCALE_UNKNOWN ? 0 : 1 + Math.max(0, windowScale)
  let bits = scale << SCALE_SHIFT
  const isQuiet = flow.lastFlags === 0 && flow.duplicateAcks === 0 && flow.multipath === 0
  const isKnown =
    flow.isBaseKnown !== 0 && flow.isWindowUnscaled === 0 && flow.nextSequence !== 0 && flow.contiguous !== 0
  if (!isQuiet || !isKnown || other.isBaseKnown === 0 || other.isWindowUnscaled !== 0) return bits
  if (!flow.areInOrder || !other.areInOrder) return bits
  if ((completeness & Completeness.ack) !== 0) bits |= PURE_ACK
  if ((completeness & Completeness.data) !== 0) bits |= DATA
  return bits
}

/** Takes the segment in, if it is plain; false, and nothing done, if it is not. The session's record is in `slot` of `slab`, its flows first. */
export function takePlain(
  slab: Slab,
  slot: number,
  pool: SegmentPool,
  packet: Packet,
  direction: 0 | 1,
  time: number,
): boolean {
  const { tcp } = packet
  const { sequence, acknowledgment, length, window } = tcp
  const { ints, floats } = slab
  const at = slab.offset(slot)
  const forward = direction === 0 ? at : at + Flow.words
  const reverse = direction === 0 ? at + Flow.words : at
  if (((ints[forward + FLOW.plain] ?? 0) & (length > 0 ? DATA : PURE_ACK)) === 0) return false
  if ((tcp.flags & ~PSH) !== ACK || !tcp.lengthKnown || tcp.headerLength < SHORTEST_HEADER) return false
  if (tcp.windowScale >= 0 || tcp.multipath !== 0 || tcp.optionsBroken) return false
  if (window === 0 || sequence !== ints[forward + FLOW.nextSequence] || sequence === 0) return false
  const answered = ints[reverse + FLOW.lastAck] ?? 0
  const room = ints[reverse + FLOW.window] ?? 0
  const seen = ints[reverse + FLOW.contiguous] ?? 0
  const lastAck = ints[forward + FLOW.lastAck] ?? 0
  // a closed window may be probed; an ACK of what was not seen
  if (room <= 0 || (seen !== 0 && ((acknowledgment - seen) | 0) > 0)) return false
  const end = (sequence + length) | 0
  if (length > 0) {
    const scale = (ints[reverse + FLOW.plain] ?? 0) >> SCALE_SHIFT
    if (scale > 0 && end === ((answered + (room << (scale - 1))) | 0)) return false
    if (answered !== 0 && ((end - answered) | 0) <= 0) return false
  } else if (acknowledgment === lastAck) return false
  if (!canTake(ints, pool, reverse, acknowledgment)) return false

  const half = forward >> 1
  if (length > 0) {
    if (!append(ints, pool, forward, packet.number, sequence, end, time)) return false
    ints[forward + FLOW.nextSequence] = end
    ints[forward + FLOW.nextSequenceFrame] = packet.number
    floats[half + FLOW.nextSequenceTime] = time
    if (ints[forward + FLOW.contiguous] === sequence) ints[forward + FLOW.contiguous] = end
  }
  if (acknowledgment !== lastAck) {
    ints[forward + FLOW.firstAckFrame] = packet.number
    ints[forward + FLOW.lastAck] = acknowledgment
  }
  ints[forward + FLOW.window] = window
  floats[half + FLOW.lastAckTime] = time
  if ((ints[reverse + FLOW.inOrder] ?? 0) > 0) takeFront(ints, pool, reverse, acknowledgment)
  return true
}

/** The segments of a direction, all in order, are ahead of the ACK, or it takes them from the front. */
function canTake(ints: Int32Array, pool: SegmentPool, flow: number, acknowledgment: number): boolean {
  if (ints[flow + FLOW.inOrder] === 0) return true
  const lowest = pool.start(ints[flow + FLOW.oldest] ?? NONE)
  const highest = ints[flow + FLOW.highest] ?? 0
  if (((highest - lowest) | 0) <= 0) return false
  return ((acknowledgment - lowest) | 0) > 0 || ((acknowledgment - highest) | 0) < 0
}

function takeFront(ints: Int32Array, pool: SegmentPool, flow: number, acknowledgment: number): void {
  let slot = ints[flow + FLOW.oldest] ?? NONE
  if (((acknowledgment - pool.start(slot)) | 0) <= 0) return
  let left = ints[flow + FLOW.inOrder] ?? 0
  while (slot !== NONE && ((acknowledgment - pool.end(slot)) | 0) >= 0) {
    const following = pool.next(slot)
    pool.release(slot, slot)
    left--
    slot = following
  }
  ints[flow + FLOW.inOrder] = left
  ints[flow + FLOW.oldest] = slot
  if (slot !== NONE && ((acknowledgment - pool.start(slot)) | 0) > 0) pool.setStart(slot, acknowledgment)
}

/** Adds a segment behind those that are outstanding; false, and nothing done, if that is not its place. */
function append(
  ints: Int32Array,
  pool: SegmentPool,
  flow: number,
  frame: number,
  start: number,
  end: number,
  time: number,
): boolean {
  const inOrder = ints[flow + FLOW.inOrder] ?? 0
  if (inOrder >= MAX_OUTSTANDING) return true
  const base = ints[flow + FLOW.base] ?? 0
  const from = (start - base) >>> 0
  const last = inOrder === 0 ? 0 : ((ints[flow + FLOW.highest] ?? 0) - base) >>> 0
  if (from < last || from >= (end - base) >>> 0) return false
  const slot = pool.add(frame, start, end, time)
  if (inOrder === 0) ints[flow + FLOW.oldest] = slot
  else pool.setNext(ints[flow + FLOW.newest] ?? NONE, slot)
  ints[flow + FLOW.newest] = slot
  ints[flow + FLOW.inOrder] = inOrder + 1
  ints[flow + FLOW.highest] = end
  return true
}
