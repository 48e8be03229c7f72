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
  const { ints, floats } = slab
  if (((ints[at + HOT.plain] ?? 0) & ((length > 0 ? 2 : 1) << (2 * side))) === 0) return false
  if ((tcp.flags & ~PSH) !== ACK || (facts.wireshark.flags & REMARKABLE) !== 0) return false
  if (packet.transportChecksum === ChecksumStatus.bad || packet.transportChecksum === ChecksumStatus.unfilled)
    return false
  if (ints[at + HOT.vlanTag] !== packet.vlan + 1) return false
  const sender = at + (side === 0 ? SIDE_0 : SIDE_1)
  const receiver = at + (side === 0 ? SIDE_1 : SIDE_0)
  if (length > 0 && ints[sender + TRAFFIC.deliveredNext] !== tcp.sequence) return false
  if (((tcp.acknowledgment - (ints[receiver + TRAFFIC.deliveredNext] ?? 0)) | 0) > 0) return false

  const half = at >> 1
  const { time } = facts
  facts.gap = time - (floats[half + HOT.lastTime] ?? 0)
  facts.phase = Phase.data
  facts.received = true
  facts.newBytes = length
  ints[at + HOT.lastFrame] = packet.number
  floats[half + HOT.lastTime] = time
  floats[half + HOT.bytes] = (floats[half + HOT.bytes] ?? 0) + packet.originalLength
  ints[sender + TRAFFIC.packets] = (ints[sender + TRAFFIC.packets] ?? 0) + 1
  if (length === 0) return true
  ints[sender + TRAFFIC.deliveredNext] = (tcp.sequence + length) | 0
  ints[sender + TRAFFIC.segments] = (ints[sender + TRAFFIC.segments] ?? 0) + 1
  const payload = (sender >> 1) + TRAFFIC.payloadBytes
  floats[payload] = (floats[payload] ?? 0) + length
  return true
}
