/** How one end's data was acknowledged by the other: how much at a time, and how late. */
import type { Role } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'
import type { RoundTrips } from './round-trips.js'
import { type Statistics, statisticsOf } from './statistics.js'

export interface Acknowledgments {
  /** ACKs that acknowledged something new */
  readonly count: number
  /** bytes that each of them acknowledged */
  readonly bytes?: Statistics
  /** how many acknowledged exactly one data segment, two, more */
  readonly ofOne: number
  readonly ofTwo: number
  readonly ofMore: number
  /** ACKs that waited (RFC 9293 §3.8.6.3): later than the fastest by so much, in ns, that a timer must have run */
  readonly delayed: readonly Late[]
  /** bytes that were acknowledged, each counted once, from the first one captured on */
  readonly delivered: number
  /** when the last one came */
  readonly last?: number
}

interface Late {
  readonly frame: number
  readonly by: number
}

/**
 * Linux delays by 40 ms at least, RFC 9293 allows up to 500 ms; half of the former tells a delay from jitter. Only an ACK
 * of a lone segment can have waited for its timer: with more in flight, it may as well have queued on the way.
 */
const DELAYED = 20e6

export function acknowledgments(packets: readonly PacketEvent[], sender: Role, trips: RoundTrips): Acknowledgments {
  const byFrame = new Map(packets.map((packet) => [packet.frame, packet]))
  const fastest = trips.statistics?.minimum ?? 0
  const lone: Late[] = []
  const bytes: number[] = []
  const segments = [0, 0, 0]
  let acknowledged: number | undefined
  let last: number | undefined
  let newest = 0
  let before = 0
  let delivered = 0
  let reached: number | undefined
  let end = 0
  for (const { from, tcp, acknowledges, acknowledgesAfter, length, time, frame } of packets) {
    if (from === sender && length > 0 && tcp !== undefined) {
      newest = frame
      reached ??= tcp.sequence
      end = Math.max(end, tcp.sequence + length)
    }
    if (from === sender || tcp === undefined || acknowledges.length === 0) continue
    const data = segmentsIn(acknowledges, byFrame)
    if (data > 0) {
      segments[Math.min(data, 3) - 1] = (segments[Math.min(data, 3) - 1] ?? 0) + 1
      // a FIN takes a sequence number, and is no byte
      const fins = acknowledges.filter((number) => byFrame.get(number)?.tcp?.flags.includes('FIN')).length
      if (acknowledged !== undefined) bytes.push(tcp.acknowledgment - acknowledged - fins)
      last = time
      const number = Math.min(tcp.acknowledgment, end)
      if (reached !== undefined && number > reached) {
        delivered += number - reached
        reached = number
      }
      const segment = byFrame.get(acknowledges.at(-1) ?? 0)
      const isLone = acknowledges.length === 1 && segment?.frame === newest && segment.time >= before
      if (length === 0 && isLone) lone.push({ frame, by: (acknowledgesAfter ?? 0) - fastest })
    }
    acknowledged = tcp.acknowledgment
    before = time
  }
  const [ofOne = 0, ofTwo = 0, ofMore = 0] = segments
  const statistics = statisticsOf(bytes)
  const count = ofOne + ofTwo + ofMore
  return {
    count,
    ...(statistics && { bytes: statistics }),
    ofOne,
    ofTwo,
    ofMore,
    delayed: delayedOf(lone),
    delivered,
    ...(last !== undefined && { last }),
  }
}

/** How many data segments are among these frames: one that was sent again is no second one. */
export function segmentsIn(frames: readonly number[], byFrame: ReadonlyMap<number, PacketEvent>): number {
  const starts = new Set<number>()
  for (const frame of frames) {
    const packet = byFrame.get(frame)
    if (packet?.tcp !== undefined && packet.length > 0) starts.add(packet.tcp.sequence)
  }
  return starts.size
}

/** A timer leaves a gap between the ACKs that waited for it and those that did not; what the way takes now more, now less, leaves none. */
function delayedOf(lone: readonly Late[]): Late[] {
  let before = 0
  for (const { by } of lone.toSorted((a, b) => a.by - b.by)) {
    if (by - before >= DELAYED) return lone.filter((one) => one.by >= by)
    before = by
  }
  return []
}
