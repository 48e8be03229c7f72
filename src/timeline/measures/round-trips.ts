/**
 * Round-trip times: by Karn's rule, from a segment that was sent once to the ACK that covers it (RFC 6298 §3), and by
 * timestamps, from the segment whose TSval the ACK echoes (RFC 7323 §4). After each of Karn's samples, the estimate, its
 * deviation and the timeout as RFC 6298 §2 computes them, and Linux bounds the last.
 */
import type { Role } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'
import { type Statistics, statisticsOf } from './statistics.js'

export interface RttSample {
  /** the segment, and the ACK that covers it */
  readonly frame: number
  readonly ack: number
  readonly sent: number
  readonly acknowledged: number
  readonly rtt: number
  /** EstimatedRTT and DevRTT after it (SRTT and RTTVAR), and the retransmission timeout */
  readonly estimated: number
  readonly deviation: number
  readonly timeout: number
}

export interface RoundTrips {
  readonly samples: readonly RttSample[]
  readonly statistics?: Statistics
  /** by timestamps, where both ends send them */
  readonly byTimestamps?: Statistics
}

const ALPHA = 1 / 8
const BETA = 1 / 4
/**
 * RFC 6298 §2.4 wants a timeout of 1 s at least. Linux adds 200 ms at least to the estimate instead, and so do the figures here:
 * on a long way the timer never runs out as soon as the ACK is due.
 */
const SHORTEST_MARGIN = 200e6

export function roundTrips(packets: readonly PacketEvent[], sender: Role): RoundTrips {
  const samples = karnSamples(packets, sender)
  const statistics = statisticsOf(samples.map((sample) => sample.rtt))
  const byTimestamps = statisticsOf(timestampSamples(packets, sender))
  return { samples, ...(statistics && { statistics }), ...(byTimestamps && { byTimestamps }) }
}

function karnSamples(packets: readonly PacketEvent[], sender: Role): RttSample[] {
  const sentTwice = sentAgain(packets, sender)
  const byFrame = new Map(packets.map((packet) => [packet.frame, packet]))
  const samples: RttSample[] = []
  for (const packet of packets) {
    if (packet.from === sender) continue
    // a second sight of a packet is none of `packets`
    const newest = byFrame.get(packet.acknowledges.findLast((frame) => byFrame.has(frame)) ?? 0)
    if (newest === undefined || sentTwice(newest)) continue
    const { frame, time } = newest
    const rtt = packet.time - time
    if (rtt < 0 || isLateAnswer(newest, packet, rtt)) continue
    samples.push({
      frame,
      ack: packet.frame,
      sent: time,
      acknowledged: packet.time,
      rtt,
      ...estimate(samples.at(-1), rtt),
    })
  }
  return samples
}

/** No SYN/ACK waits so long for its acknowledgment, ns: the handshake's last segment has not been seen, and this was sent much later. */
const TOO_LATE = 1e9

/** What the client sent long after the SYN/ACK, of its own accord, says nothing of the way. */
function isLateAnswer(synAck: PacketEvent, answer: PacketEvent, rtt: number): boolean {
  const isOfItsOwn = answer.length > 0 || (answer.tcp?.flags.includes('FIN') ?? false)
  return rtt >= TOO_LATE && isOfItsOwn && (synAck.tcp?.flags.includes('SYN') ?? false)
}

/** RFC 6298 §2.2 and §2.3. */
function estimate(before: RttSample | undefined, rtt: number): Pick<RttSample, 'estimated' | 'deviation' | 'timeout'> {
  const deviation =
    before === undefined ? rtt / 2 : (1 - BETA) * before.deviation + BETA * Math.abs(before.estimated - rtt)
  const estimated = before === undefined ? rtt : (1 - ALPHA) * before.estimated + ALPHA * rtt
  return { estimated, deviation, timeout: estimated + Math.max(SHORTEST_MARGIN, 4 * deviation) }
}

/**
 * True of segments with bytes that went more than once: an ACK for one may be for either. What was sent again may be cut in
 * other places, and the first of two may have been lost before it came to where the capture was taken. A copy that the network made
 * was not sent. A keep-alive repeats a byte whose ACK had come before: it makes no sample ambiguous, and gives none.
 */
export function sentAgain(packets: readonly PacketEvent[], sender: Role): (segment: PacketEvent) => boolean {
  const seen = new Set<number>()
  const again: { start: number; end: number }[] = []
  for (const packet of packets) {
    if (packet.from !== sender || !takesSequence(packet)) continue
    if (packet.truth?.verdict === 'duplicate' || isKeepAlive(packet)) continue
    const start = startOf(packet)
    const end = start + Math.max(1, packet.length)
    if (seen.has(start) || packet.truth?.verdict === 'retransmission') again.push({ start, end })
    seen.add(start)
  }
  again.sort((a, b) => a.start - b.start)
  // each reaches as far as any before it: the last that begins before a segment's end tells
  let furthest = 0
  for (const one of again) one.end = furthest = Math.max(furthest, one.end)
  return (segment) => {
    if (isKeepAlive(segment)) return true
    const start = startOf(segment)
    const end = start + Math.max(1, segment.length)
    let [low, high] = [0, again.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((again[middle]?.start ?? 0) < end) low = middle + 1
      else high = middle
    }
    return (again[low - 1]?.end ?? 0) > start
  }
}

function timestampSamples(packets: readonly PacketEvent[], sender: Role): number[] {
  const firstSent = new Map<number, number>()
  const rtts: number[] = []
  for (const { from, time, tcp, acknowledges, length } of packets) {
    if (tcp?.timestamps === undefined) continue
    if (from === sender) {
      if (length > 0 && !firstSent.has(tcp.timestamps.value)) firstSent.set(tcp.timestamps.value, time)
    } else if (acknowledges.length > 0) {
      const sent = firstSent.get(tcp.timestamps.echo)
      if (sent !== undefined && time >= sent) rtts.push(time - sent)
    }
  }
  return rtts
}

function isKeepAlive({ truth }: PacketEvent): boolean {
  return truth?.cause === 'keep-alive'
}

function startOf(packet: PacketEvent): number {
  return packet.tcp?.sequence ?? 0
}

/** True of a segment that has to be acknowledged. */
export function takesSequence(packet: PacketEvent): boolean {
  const flags = packet.tcp?.flags ?? []
  return packet.length > 0 || flags.includes('SYN') || flags.includes('FIN')
}
