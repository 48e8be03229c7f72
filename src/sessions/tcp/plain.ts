/**
 * The commonest segment, quickly: an ACK or data in order between two ESTABLISHED endpoints, with nothing to remark on.
 * Five packets of six are such, and with thousands of sessions open the time goes into waiting for their records: so this
 * touches two cache lines and no more. An exact shortcut of what TcpSession does with any segment: a test holds both equal.
 */
import { ChecksumStatus } from '../../decode/checksums.js'
import { ACK, type Packet, PSH } from '../../packet.js'
import type { PacketFacts, Side } from '../facts.js'
import { historyBit, Letter } from '../history.js'
import { Phase } from '../phases.js'
import type { Slab } from '../record.js'
import { Hot, Traffic } from '../session.js'
import type { TcpSession } from './session.js'
import { Analysis } from './wireshark/result.js'

const HOT = Hot.offsets
const TRAFFIC = Traffic.offsets
/** where each side's traffic is, from the session's hot record on */
const SIDE_0 = Hot.words
const SIDE_1 = Hot.words + Traffic.words
/** findings that are counted, or that tell what is counted */
const REMARKABLE =
  Analysis.retransmission |
  Analysis.outOfOrder |
  Analysis.duplicateAck |
  Analysis.keepAlive |
  Analysis.zeroWindow |
  Analysis.zeroWindowProbe

/**
 * The bits of `session.plain`, of a session in which segments may be plain: bit 2 × side, its pure ACKs are; the next bit,
 * its data is. The first of a kind is not: it is a letter of the history.
 */
export function plainBits(historySeen: number, clientSide: Side): number {
  let bits = 0
  for (const side of [0, 1] as const) {
    if ((historySeen & historyBit(Letter.pureAck, side === clientSide)) !== 0) bits |= 1 << (2 * side)
    if ((historySeen & historyBit(Letter.data, side === clientSide)) !== 0) bits |= 2 << (2 * side)
  }
  return bits
}

/** Takes the segment in, if it is plain; false, and nothing done, if it is not. `facts` has its side and time. */
export function takePlain(session: TcpSession, packet: Packet, side: Side, facts: PacketFacts): boolean {
  const { tcp } = packet
  const { length } = tcp
  const { at, slab } = session.hot
  if ((tcp.flags & ~PSH) !== ACK || (facts.wireshark.flags & REMARKABLE) !== 0) return false
  if (packet.transportChecksum === ChecksumStatus.bad || packet.transportChecksum === ChecksumStatus.unfilled)
    return false
  if (!isNext(slab, at, side, packet.vlan, tcp.sequence, tcp.acknowledgment, length)) return false

  const { time } = facts
  facts.gap = time - (slab.floats[(at >> 1) + HOT.lastTime] ?? 0)
  facts.phase = Phase.data
  facts.received = true
  facts.newBytes = length
  takeNext(slab, at, side, packet, time, tcp.sequence, length)
  return true
}

/** Whether the session at word `at` of `slab` takes plain segments of this kind, and this is the next one that `side` sends. */
export function isNext(
  slab: Slab,
  at: number,
  side: Side,
  vlan: number,
  sequence: number,
  acknowledgment: number,
  length: number,
): boolean {
  const { ints } = slab
  if (((ints[at + HOT.plain] ?? 0) & ((length > 0 ? 2 : 1) << (2 * side))) === 0) return false
  if (ints[at + HOT.vlanTag] !== vlan + 1) return false
  const sender = at + (side === 0 ? SIDE_0 : SIDE_1)
  const receiver = at + (side === 0 ? SIDE_1 : SIDE_0)
  if (length > 0 && ints[sender + TRAFFIC.deliveredNext] !== sequence) return false
  return ((acknowledgment - (ints[receiver + TRAFFIC.deliveredNext] ?? 0)) | 0) <= 0
}

/** Takes in a segment that `isNext`, in the frame that `packet` holds; `time` in ns since the session's first packet. */
export function takeNext(
  slab: Slab,
  at: number,
  side: Side,
  packet: Packet,
  time: number,
  sequence: number,
  length: number,
): void {
  const { ints, floats } = slab
  const half = at >> 1
  const sender = at + (side === 0 ? SIDE_0 : SIDE_1)
  ints[at + HOT.lastFrame] = packet.number
  floats[half + HOT.lastTime] = time
  floats[half + HOT.bytes] = (floats[half + HOT.bytes] ?? 0) + packet.originalLength
  ints[sender + TRAFFIC.packets] = (ints[sender + TRAFFIC.packets] ?? 0) + 1
  if (length === 0) return
  ints[sender + TRAFFIC.deliveredNext] = (sequence + length) | 0
  ints[sender + TRAFFIC.segments] = (ints[sender + TRAFFIC.segments] ?? 0) + 1
  const payload = (sender >> 1) + TRAFFIC.payloadBytes
  floats[payload] = (floats[payload] ?? 0) + length
}
