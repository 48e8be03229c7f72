/**
 * Slow start as far as the flight shows it (RFC 5681 §3.1): a round is what is sent until its first segment is
 * acknowledged; while each round is at least half again as large as the one before, the window doubles or nearly so.
 */
import type { Role, TcpSummary } from '../../sessions/summary.js'
import type { Cause } from '../../sessions/tcp/truth/result.js'
import type { PacketEvent } from '../model.js'
import type { Held } from './held.js'

export interface SlowStart {
  /** payload bytes of each round */
  readonly rounds: readonly number[]
  /** rounds that belong to slow start; a loss ends it within the last of them */
  readonly length: number
  /** the last data segment of slow start, before the first retransmission or of the last round; what ended it */
  readonly lastFrame: number
  readonly endedBy: 'loss' | 'slower growth' | 'end of data'
  /**
   * Why the rounds are not the congestion window's: the capture was not taken at the sender (an ACK ends a round when it gets
   * there), it begins in the middle, or something other than the network held the sender back for most of them.
   */
  readonly hiddenBy?: 'vantage' | 'middle' | 'pace'
}

const GROWTH = 1.5
/** What is sent again for these tells nothing of the network's room. */
const NO_CONGESTION: ReadonlySet<Cause | undefined> = new Set(['keep-alive', 'zero window', 'path MTU'])

/** Undefined when there are fewer than two rounds: too little was sent to see it. */
export function slowStart(
  packets: readonly PacketEvent[],
  sender: Role,
  summary: TcpSummary,
  held: readonly Held[],
): SlowStart | undefined {
  const seen = growth(packets, sender)
  if (seen === undefined) return undefined
  const end = packets.find(({ frame }) => frame === seen.lastFrame)?.time ?? 0
  const hiddenBy = whatHides(summary, sender, held, end)
  return { ...seen, ...(hiddenBy !== undefined && { hiddenBy }) }
}

function whatHides(
  { handshake, truth }: TcpSummary,
  sender: Role,
  held: readonly Held[],
  end: number,
): SlowStart['hiddenBy'] {
  const place = truth?.vantage.place
  if (place !== undefined && place !== sender && place !== 'one host') return 'vantage'
  if (handshake[sender] === undefined) return 'middle'
  let network = 0
  let all = 0
  for (const { by, from, until } of held) {
    const time = Math.max(0, Math.min(until, end) - from)
    all += time
    if (by === 'network') network += time
  }
  return 2 * network < all ? 'pace' : undefined
}

function growth(packets: readonly PacketEvent[], sender: Role): SlowStart | undefined {
  const rounds: number[] = []
  const lastFrames: number[] = []
  let bytes = 0
  let firstEnd = 0
  let lastFrame = 0
  let lost: { readonly round: number; readonly lastFrame: number } | undefined
  for (const { from, tcp, length, truth, frame } of packets) {
    if (tcp === undefined) continue
    if (from === sender && length > 0) {
      if (truth?.verdict === 'retransmission' && !NO_CONGESTION.has(truth.cause)) {
        if (lost === undefined) lost = { round: rounds.length, lastFrame }
        continue
      }
      if (bytes === 0) firstEnd = tcp.sequence + length
      bytes += length
      lastFrame = frame
    } else if (from !== sender && bytes > 0 && tcp.acknowledgment >= firstEnd) {
      rounds.push(bytes)
      lastFrames.push(lastFrame)
      bytes = 0
    }
  }
  if (rounds.length < 2) return undefined
  let length = 1
  while (length < rounds.length && (rounds[length] ?? 0) >= GROWTH * (rounds[length - 1] ?? 0)) length++
  if (lost !== undefined && lost.round < length)
    return { rounds, length: lost.round + 1, lastFrame: lost.lastFrame, endedBy: 'loss' }
  const endedBy = length === rounds.length ? 'end of data' : 'slower growth'
  return { rounds, length, lastFrame: lastFrames[length - 1] ?? 0, endedBy }
}
