/**
 * What held a sender back in each stretch between two of its data segments: the application, which had nothing more to send
 * (everything was acknowledged, or the last segment was a short one); the receiver, whose window had no room for one more
 * full segment for most of it; the network, for which the sender waited with data in flight (its congestion window, or a loss).
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
  /** since the last data segment: when the window was last found full, and for how long it had been before that */
  let fullSince: number | undefined
  let fullFor = 0
  for (const packet of packets) {
    const { tcp, from, length, time } = packet
    if (tcp === undefined) continue
    const isData = from === sender && length > 0
    if (fullSince !== undefined) fullFor += time - fullSince
    if (isData && last !== undefined) {
      const isReceiver = fullFor > (time - last.time) / 2
      const isProgram = highest <= acknowledged || last.length < mss / 2
      const by = isRepair(packet) ? 'network' : isReceiver ? 'receiver' : isProgram ? 'application' : 'network'
      extend(stretches, { by, from: last.time, until: time })
    }
    if (isData) {
      highest = Math.max(highest, tcp.sequence + length)
      last = packet
      fullFor = 0
    } else if (from !== sender) {
      if (tcp.flags.includes('ACK')) acknowledged = Math.max(acknowledged, tcp.acknowledgment)
      window = tcp.window
    }
    fullSince = highest - acknowledged + mss > window ? time : undefined
  }
  return stretches
}

/** What was lost is sent again when the network has shown that it was, whatever the program and the window allow. */
function isRepair({ truth }: PacketEvent): boolean {
  return truth?.cause === 'timeout' || truth?.cause === 'fast retransmit' || truth?.cause === 'tail loss probe'
}

function extend(stretches: Held[], next: Held): void {
  const before = stretches.at(-1)
  if (before?.by === next.by) stretches[stretches.length - 1] = { ...before, until: next.until }
  else stretches.push(next)
}
