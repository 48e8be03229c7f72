/**
 * What held a sender back in each stretch between two of its data segments: the application, which had nothing more to send
 * (everything was acknowledged for most of it, or the last segment was a short one); the receiver, whose window had no room for one more
 * full segment for most of it; the network, for which the sender waited with data in flight (its congestion window, or a loss).
 * Away from the sender an ACK is seen before it is there: it counts as on its way for as long as the handshake shows that it can be.
 */
import type { Role, TcpSummary } from '../../sessions/summary.js'
import type { Cause } from '../../sessions/tcp/truth/result.js'
import type { PacketEvent } from '../model.js'
import { isOvertaken } from './flight.js'
import { isScaleKnown } from './window-scale.js'

export interface Held {
  /** `unknown`: its ACKs were not captured, or the scale of its windows, or how far from it the capture was taken */
  readonly by: 'application' | 'receiver' | 'network' | 'unknown'
  readonly from: number
  readonly until: number
}

const DEFAULT_MSS = 536
const REPAIRS: ReadonlySet<Cause> = new Set(['timeout', 'fast retransmit', 'path MTU', 'tail loss probe'])

export function whatHeldBack(packets: readonly PacketEvent[], sender: Role, summary: TcpSummary): Held[] {
  const mss = summary.handshake[sender === 'client' ? 'server' : 'client']?.mss ?? DEFAULT_MSS
  const isWindowKnown = isScaleKnown(summary)
  const away = roundTripTo(sender, summary)
  const stretches: Held[] = []
  let last: PacketEvent | undefined
  let highest = 0
  let acknowledged: number | undefined
  /** since when nothing has been in flight */
  let idleSince: number | undefined
  /** the last data segment was all that was in flight: no congestion window is so small that it holds a sender back there */
  let wasAlone = false
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
      // when a window is full that may be larger than it says, whoever waits may wait for either
      const isNetwork = window < Number.POSITIVE_INFINITY && (!isReceiver || isWindowKnown)
      const idle = idleSince === undefined ? undefined : time - idleSince
      const isIdle = idle !== undefined && (away === 0 ? wasAlone || 2 * idle > time - last.time : idle > SLACK * away)
      const isProgram = last.length < mss / 2 || isIdle
      const by = isRepair(packet)
        ? 'network'
        : isReceiver && (isWindowKnown || window === 0)
          ? 'receiver'
          : isProgram
            ? 'application'
            : isNetwork && (idle === undefined || away < Number.POSITIVE_INFINITY)
              ? 'network'
              : 'unknown'
      extend(stretches, { by, from: last.time, until: time })
    }
    if (isData) {
      highest = Math.max(highest, tcp.sequence + length)
      acknowledged ??= tcp.sequence
      last = packet
      fullFor = 0
      idleSince = undefined
      wasAlone = highest - acknowledged <= length
    } else if (from !== sender && !tcp.flags.includes('RST') && !isOvertaken(tcp, acknowledged)) {
      if (tcp.flags.includes('ACK')) acknowledged = tcp.acknowledgment
      window = tcp.window
    }
    const inFlight = highest - (acknowledged ?? highest)
    if (inFlight <= 0) idleSince ??= time
    fullSince = inFlight + mss > window ? time : undefined
  }
  return stretches
}

/** An ACK that takes so many times as long to the sender, and its answer back, as the handshake did is no longer on its way. */
const SLACK = 2

/** ns from where the capture was taken to the sender and back; Infinity where that does not show. */
function roundTripTo(sender: Role, { handshake, truth }: TcpSummary): number {
  const place = truth?.vantage.place
  if (place === undefined || place === sender || place === 'one host') return 0
  return (sender === 'client' ? handshake.clientHalf : handshake.serverHalf) ?? Number.POSITIVE_INFINITY
}

/** What was lost is sent again when the network has shown that it was, whatever the program and the window allow. */
function isRepair({ truth }: PacketEvent): boolean {
  return truth?.cause !== undefined && REPAIRS.has(truth.cause)
}

function extend(stretches: Held[], next: Held): void {
  const before = stretches.at(-1)
  if (before !== undefined && before.by === next.by) stretches[stretches.length - 1] = { ...before, until: next.until }
  else stretches.push(next)
}
