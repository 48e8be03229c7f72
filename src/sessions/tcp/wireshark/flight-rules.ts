/** Wireshark's bytes in flight, and bytes since the last PSH. Both are said of data segments only. */
import { FIN, PSH, SYN, type TcpHeader } from '../../../packet.js'
import type { Flow } from './flow.js'
import type { WiresharkResult } from './result.js'

/** More than this is a sequence number gone astray. */
const MOST_IN_FLIGHT = 2_000_000_000

/** After the segment was added to `forward`. True when Wireshark looked, whether or not it found any. */
export function measureFlight(tcp: TcpHeader, forward: Flow, reverse: Flow, result: WiresharkResult): boolean {
  if (tcp.length === 0 || forward.outstanding === 0 || forward.isFlightKnown === 0) return false
  const inFlight = (forward.span - reverse.selectivelyAcknowledged) >>> 0
  forward.pushBytes = forward.wasPushed !== 0 ? tcp.length : forward.pushBytes + tcp.length
  forward.wasPushed = (tcp.flags & PSH) !== 0 ? 1 : 0
  if (inFlight > 0 && inFlight < MOST_IN_FLIGHT) {
    // a SYN or FIN takes a sequence number, and is no byte
    result.bytesInFlight = (tcp.flags & (SYN | FIN)) !== 0 ? inFlight - 1 : inFlight
    if (result.bytesInFlight !== 0) result.pushBytesSent = forward.pushBytes
  }
  return true
}
