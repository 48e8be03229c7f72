/** Bytes in flight and the window that was open for them, over time. */
import type { Role, TcpSummary } from '../../sessions/summary.js'
import type { PacketEvent, TcpPart } from '../model.js'
import { isScaleKnown } from './window-scale.js'

export interface FlightPoint {
  readonly time: number
  readonly frame: number
  /** sent and not yet acknowledged */
  readonly inFlight: number
  /** what the receiver advertised last, scaled where the scale is known; undefined before it has */
  readonly window?: number
}

export interface Flight {
  readonly points: readonly FlightPoint[]
  readonly largest: number
  readonly smallestWindow?: number
  /** false when windows are the least that there can be: by how much they are scaled was not captured */
  readonly isScaleKnown: boolean
  /** ns during which the receiver's window was zero */
  readonly zeroWindowTime: number
}

export function flight(packets: readonly PacketEvent[], sender: Role, summary: TcpSummary): Flight {
  const points: FlightPoint[] = []
  let highest = 0
  let acknowledged: number | undefined
  let window: number | undefined
  let smallestWindow: number | undefined
  let closedSince: number | undefined
  let zeroWindowTime = 0
  let largest = 0
  for (const { from, tcp, length, time, frame } of packets) {
    if (tcp === undefined || tcp.flags.includes('RST')) continue
    if (from === sender) {
      if (length > 0) {
        highest = Math.max(highest, tcp.sequence + length)
        acknowledged ??= tcp.sequence
      }
    } else if (!isOvertaken(tcp, acknowledged)) {
      if (tcp.flags.includes('ACK')) acknowledged = tcp.acknowledgment
      window = tcp.window
      smallestWindow = smallestWindow === undefined ? window : Math.min(smallestWindow, window)
      if (window === 0) closedSince ??= time
      else if (closedSince !== undefined) {
        zeroWindowTime += time - closedSince
        closedSince = undefined
      }
    }
    const inFlight = Math.max(0, highest - (acknowledged ?? highest))
    largest = Math.max(largest, inFlight)
    points.push({ time, frame, inFlight, ...(window !== undefined && { window }) })
  }
  const last = packets.at(-1)
  if (closedSince !== undefined && last !== undefined) zeroWindowTime += last.time - closedSince
  return {
    points,
    largest,
    ...(smallestWindow !== undefined && { smallestWindow }),
    isScaleKnown: isScaleKnown(summary),
    zeroWindowTime,
  }
}

/** True of an ACK that a later one has overtaken: neither its number nor its window says anything any more (RFC 9293 §3.10.7.4). */
export function isOvertaken({ flags, acknowledgment }: TcpPart, acknowledged: number | undefined): boolean {
  return flags.includes('ACK') && acknowledged !== undefined && acknowledgment < acknowledged
}
