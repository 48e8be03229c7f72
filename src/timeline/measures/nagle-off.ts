import type { Role } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'
import { type FullSegment, leftBehind } from './full-segment.js'

/** Some short segment was sent while a short one before it was not yet acknowledged: TCP_NODELAY. */
export function isNagleOff(packets: readonly PacketEvent[], sender: Role, full: FullSegment): boolean {
  let acknowledged = 0
  let shortEnd = 0
  for (const packet of packets) {
    const { from, length, tcp, truth } = packet
    if (tcp === undefined) continue
    if (from !== sender) {
      acknowledged = Math.max(acknowledged, tcp.acknowledgment)
      continue
    }
    // a segment that ends the stream does not wait
    if (length === 0 || truth !== undefined || tcp.flags.includes('FIN')) continue
    if (leftBehind(packet, full) !== 'nothing') continue
    if (shortEnd > acknowledged && tcp.sequence >= shortEnd) return true
    shortEnd = tcp.sequence + length
  }
  return false
}
