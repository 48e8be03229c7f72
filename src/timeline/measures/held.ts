/** What held a sender back in each stretch between two of its data segments. */
import type { Role, TcpSummary } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'
import { isOvertaken } from './flight.js'
import { fullSegment } from './full-segment.js'
import { type HeldBy, StretchJudge } from './held-by.js'

export interface Held {
  readonly by: HeldBy
  readonly from: number
  readonly until: number
}

export function whatHeldBack(packets: readonly PacketEvent[], sender: Role, summary: TcpSummary): Held[] {
  const full = fullSegment(packets, sender, summary)
  const judge = new StretchJudge(packets, sender, summary, full)
  const stretches: Held[] = []
  let last: PacketEvent | undefined
  /** the one with the newest bytes: one that is sent again tells nothing of what there is to send */
  let newest: PacketEvent | undefined
  let highest = 0
  let acknowledged: number | undefined
  /** since when nothing has been in flight */
  let idleSince: number | undefined
  let wasAlone = false
  let window = Number.POSITIVE_INFINITY
  /** since the last data segment: when the window was last found full, for how long it had been before that, and until when */
  let fullSince: number | undefined
  let fullFor = 0
  let fullUntil = 0
  /** up to where the receiver has ever had room: what ends there was cut by its window */
  const edges = new Set<number>()
  let heardAt = Number.NEGATIVE_INFINITY
  let wasSpokenTo = false
  for (const packet of packets) {
    const { tcp, from, length, time } = packet
    if (tcp === undefined) continue
    const isData = from === sender && length > 0
    if (fullSince !== undefined) {
      fullFor += time - fullSince
      fullUntil = time
    }
    if (isData && last !== undefined && newest !== undefined) {
      const by = judge.whoHeld({
        newest,
        next: packet,
        took: time - last.time,
        fullFor,
        sinceFull: time - fullUntil,
        window,
        hasFilled: edges.has((newest.tcp?.sequence ?? 0) + newest.length),
        ...(idleSince !== undefined && { idle: time - idleSince }),
        wasAlone,
        sinceHeard: time - heardAt,
        wasSpokenTo,
      })
      extend(stretches, { by, from: last.time, until: time })
    }
    if (isData) {
      if (tcp.sequence + length > highest) newest = packet
      highest = Math.max(highest, tcp.sequence + length)
      acknowledged ??= tcp.sequence
      last = packet
      fullFor = 0
      idleSince = undefined
      wasAlone = highest - acknowledged <= length
      wasSpokenTo = false
    } else if (from !== sender && !tcp.flags.includes('RST') && !isOvertaken(tcp, acknowledged)) {
      if (tcp.flags.includes('ACK')) acknowledged = tcp.acknowledgment
      window = tcp.window
      edges.add(tcp.acknowledgment + window)
      heardAt = time
      wasSpokenTo ||= length > 0
    }
    const inFlight = highest - (acknowledged ?? highest)
    if (inFlight <= 0) idleSince ??= time
    fullSince = inFlight + full.length > window ? time : undefined
  }
  return stretches
}

function extend(stretches: Held[], next: Held): void {
  const before = stretches.at(-1)
  if (before !== undefined && before.by === next.by) stretches[stretches.length - 1] = { ...before, until: next.until }
  else stretches.push(next)
}
