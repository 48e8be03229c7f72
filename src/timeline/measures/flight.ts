/** Bytes in flight and the window that was open for them, over time. */
import type { Role } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'

export interface FlightPoint {
  readonly time: number
  readonly frame: number
  /** sent and not yet acknowledged */
  readonly inFlight: number
  /** what the receiver advertised last, scaled; undefined before it has */
  readonly window?: number
}

export interface Flight {
  readonly points: readonly FlightPoint[]
  readonly largest: number
  readonly smallestWindow?: number
  /** ns during which the receiver's window was zero */
  readonly zeroWindowTime: number
}

export function flight(packets: readonly PacketEvent[], sender: Role): Flight {
  const points: FlightPoint[] = []
  let highest = 0
  let acknowledged = 0
  let window: number | undefined
  let smallestWindow: number | undefined
  let closedSince: number | undefined
  let zeroWindowTime = 0
  let largest = 0
  for (const { from, tcp, length, time, frame } of packets) {
    if (tcp === undefined || tcp.flags.includes('RST')) continue
    if (from === sender) highest = Math.max(highest, tcp.sequence + length)
    else {
      if (tcp.flags.includes('ACK')) acknowledged = Math.max(acknowledged, tcp.acknowledgment)
      window = tcp.window
      smallestWindow = smallestWindow === undefined ? window : Math.min(smallestWindow, window)
      if (window === 0) closedSince ??= time
      else if (closedSince !== undefined) {
        zeroWindowTime += time - closedSince
        closedSince = undefined
      }
    }
    const inFlight = Math.max(0, highest - acknowledged)
    largest = Math.max(largest, inFlight)
    points.push({ time, frame, inFlight, ...(window !== undefined && { window }) })
  }
  const last = packets.at(-1)
  if (closedSince !== undefined && last !== undefined) zeroWindowTime += last.time - closedSince
  return { points, largest, ...(smallestWindow !== undefined && { smallestWindow }), zeroWindowTime }
}
