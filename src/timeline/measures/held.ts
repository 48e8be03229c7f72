/**
 * What held a sender back in each stretch between two of its data segments: the application, which had nothing more to send
 * (everything was acknowledged, or the last segment was a short one); the receiver, whose window had no room for one more
 * full segment; the network, for which the sender waited with data in flight (its congestion window).
 */
import type { Role, TcpSummary } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'

export interface Held {
  readonly by: 'application' | 'receiver' | 'network'
  readonly from: number
  readonly until: number
}

const DEFAULT_MSS = 536

export function whatHeldBack(packets: readonly PacketEvent[], sender: Role, summary: TcpSummary): Held[] {
  const mss = summary.handshake[sender === 'client' ? 'server' : 'client']?.mss ?? DEFAULT_MSS
  const stretches: Held[] = []
  let last: PacketEvent | undefined
  let highest = 0
  let acknowledged = 0
  let window = Number.POSITIVE_INFINITY
  for (const packet of packets) {
    const { tcp, from, length, time } = packet
    if (tcp === undefined) continue
    if (from !== sender) {
      if (tcp.flags.includes('ACK')) acknowledged = Math.max(acknowledged, tcp.acknowledgment)
      window = tcp.window
    } else if (length > 0) {
      if (last !== undefined) {
        const inFlight = highest - acknowledged
        const by =
          inFlight + mss > window ? 'receiver' : inFlight <= 0 || last.length < mss / 2 ? 'application' : 'network'
        extend(stretches, { by, from: last.time, until: time })
      }
      highest = Math.max(highest, tcp.sequence + length)
      last = packet
    }
  }
  return stretches
}

function extend(stretches: Held[], next: Held): void {
  const before = stretches.at(-1)
  if (before?.by === next.by) stretches[stretches.length - 1] = { ...before, until: next.until }
  else stretches.push(next)
}
