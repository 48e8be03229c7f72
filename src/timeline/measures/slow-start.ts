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
  /**
   * `receiver`, `application`: what held the sender back when the next round was less than half again as large; the congestion
   * window may be larger than that
   */
  readonly endedBy: 'loss' | 'slower growth' | 'end of data' | 'receiver' | 'application'
  /**
   * Why the rounds are not the congestion window's: the capture was not taken at the sender (an ACK ends a round when it gets
   * there), it begins in the middle, or something other than the network held the sender back for most of them.
   */
  readonly hiddenBy?: 'vantage' | 'middle' | 'pace'
}

const GROWTH = 1.5
/** What is sent again for these tells nothing of the network's room. */
const NO_CONGESTION: ReadonlySet<Cause | undefined> = new Set(['keep-alive', 'zero window', 'path MTU', 'fast open'])

/** Undefined when there are fewer than two rounds: too little was sent to see it. */
export function slowStart(
  packets: readonly PacketEvent[],
  sender: Role,
  summary: TcpSummary,
  held: readonly Held[],
): SlowStart | undefined {
  const rounds = roundsOf(packets, sender)
  if (rounds.length < 2) return undefined
  const seen = growth(rounds, firstLoss(packets, sender, rounds), held)
  const end = (rounds[seen.length] ?? rounds.at(-1))?.until ?? 0
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

interface Round {
  readonly bytes: number
  /** its last data segment, and when that was sent */
  readonly lastFrame: number
  readonly until: number
}

function roundsOf(packets: readonly PacketEvent[], sender: Role): Round[] {
  const rounds: Round[] = []
  let bytes = 0
  let firstEnd = 0
  let lastFrame = 0
  let until = 0
  for (const packet of packets) {
    const { from, tcp, length, frame, time } = packet
    if (tcp === undefined) continue
    if (from === sender && length > 0) {
      if (isForCongestion(packet)) continue
      if (bytes === 0) firstEnd = tcp.sequence + length
      bytes += length
      lastFrame = frame
      until = time
    } else if (from !== sender && bytes > 0 && tcp.acknowledgment >= firstEnd) {
      rounds.push({ bytes, lastFrame, until })
      bytes = 0
    }
  }
  return rounds
}

interface Loss {
  /** the round in which it was sent first, that of the last data segment before it came again, and that segment */
  readonly sent: number
  readonly last: number
  readonly lastFrame: number
}

function firstLoss(packets: readonly PacketEvent[], sender: Role, rounds: readonly Round[]): Loss | undefined {
  const again = packets.find((packet) => packet.from === sender && packet.length > 0 && isForCongestion(packet))
  const start = again?.tcp?.sequence
  if (again === undefined || start === undefined) return undefined
  let lastFrame = 0
  let first: number | undefined
  for (const { from, tcp, length, frame } of packets) {
    if (frame >= again.frame) break
    if (from !== sender || length === 0 || tcp === undefined) continue
    lastFrame = frame
    if (tcp.sequence <= start && tcp.sequence + length > start) first ??= frame
  }
  const roundIn = (frame: number) => {
    const round = rounds.findIndex((one) => one.lastFrame >= frame)
    return round < 0 ? rounds.length : round
  }
  return { sent: roundIn(first ?? lastFrame), last: roundIn(lastFrame), lastFrame }
}

/** True of what was sent again since the network had, or seemed to have, no room for it. */
function isForCongestion({ truth }: PacketEvent): boolean {
  if (truth?.verdict !== 'retransmission' || NO_CONGESTION.has(truth.cause)) return false
  // a probe that was not needed leaves the congestion window as it was (RFC 8985 §7.4)
  return truth.cause !== 'tail loss probe' || truth.needed !== false
}

function growth(rounds: readonly Round[], loss: Loss | undefined, held: readonly Held[]): SlowStart {
  const bytes = rounds.map((round) => round.bytes)
  let length = 1
  while (length < rounds.length && (bytes[length] ?? 0) >= GROWTH * (bytes[length - 1] ?? 0)) length++
  // what is lost brings no ACK, and so the round after it is a smaller one
  if (loss !== undefined && loss.sent < length) {
    return { rounds: bytes, length: loss.last + 1, lastFrame: loss.lastFrame, endedBy: 'loss' }
  }
  const last = rounds[length - 1]
  const lastFrame = last?.lastFrame ?? 0
  const next = rounds[length]
  if (last === undefined || next === undefined) return { rounds: bytes, length, lastFrame, endedBy: 'end of data' }
  const after = held.find(({ from, until }) => from <= next.until && until > next.until)?.by
  if (after === 'receiver' || after === 'application') return { rounds: bytes, length, lastFrame, endedBy: after }
  // no window shrinks without a loss: the last round is what was left
  if (length === rounds.length - 1 && next.bytes < last.bytes) {
    return { rounds: bytes, length: rounds.length, lastFrame: next.lastFrame, endedBy: 'end of data' }
  }
  return { rounds: bytes, length, lastFrame, endedBy: 'slower growth' }
}
