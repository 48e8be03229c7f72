/** How one end's data was acknowledged by the other: how much at a time, and how late. */
import type { Role } from '../../sessions/summary.js'
import { firstSights } from '../first-sights.js'
import type { PacketEvent } from '../model.js'
import type { RoundTrips } from './round-trips.js'
import { type Statistics, statisticsOf } from './statistics.js'

export interface Acknowledgments {
  /** ACKs that acknowledged something new */
  readonly count: number
  /** bytes that each of them acknowledged */
  readonly bytes?: Statistics
  /** how many acknowledged exactly one data segment, two, more: what was sent twice is one */
  readonly ofOne: number
  readonly ofTwo: number
  readonly ofMore: number
  /** those of two, and the two */
  readonly pairs: readonly { readonly frame: number; readonly segments: readonly number[] }[]
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
  const fresh = new Map(firstSights(packets, sender).map((packet) => [packet.frame, packet]))
  const fins = new Set(packets.filter(({ tcp }) => tcp?.flags.includes('FIN')).map(({ frame }) => frame))
  const fastest = trips.statistics?.minimum ?? 0
  const lone: Late[] = []
  const bytes: number[] = []
  const segments = [0, 0, 0]
  const pairs: { frame: number; segments: readonly number[] }[] = []
  let acknowledged: number | undefined
  let last: number | undefined
  let newest = 0
  let before = 0
  let delivered = 0
  let reached: number | undefined
  let end = 0
  for (const { from, tcp, acknowledges, acknowledgesAfter, length, time, frame, received } of packets) {
    if (from === sender && length > 0 && tcp !== undefined) {
      newest = frame
      reached ??= tcp.sequence
      end = Math.max(end, tcp.sequence + length)
    }
    if (from === sender || tcp === undefined || !received || !tcp.flags.includes('ACK')) continue
    const data = acknowledges.filter((number) => fresh.has(number))
    if (data.length > 0) {
      const kind = Math.min(data.length, segments.length) - 1
      segments[kind] = (segments[kind] ?? 0) + 1
      if (data.length === 2) pairs.push({ frame, segments: data })
      // a FIN takes a sequence number, and is no byte
      const fin = acknowledges.some((number) => fins.has(number)) ? 1 : 0
      if (acknowledged !== undefined) bytes.push(tcp.acknowledgment - acknowledged - fin)
      last = time
      const number = Math.min(tcp.acknowledgment, end)
      if (reached !== undefined && number > reached) {
        delivered += number - reached
        reached = number
      }
      const segment = fresh.get(acknowledges.at(-1) ?? 0)
      const isLone = acknowledges.length === 1 && segment?.frame === newest && segment.time >= before
      if (length === 0 && isLone) lone.push({ frame, by: (acknowledgesAfter ?? 0) - fastest })
    }
    acknowledged = Math.max(acknowledged ?? 0, tcp.acknowledgment)
    if (acknowledges.length > 0) before = time
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
    pairs,
    delayed: delayedOf(lone),
    delivered,
    ...(last !== undefined && { last }),
  }
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
