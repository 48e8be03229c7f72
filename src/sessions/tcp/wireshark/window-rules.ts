/** Wireshark's rules about windows. `forward` is the direction of the segment, as it was before it. */
import { sequenceAdd } from '../../../bytes/sequence.js'
import type { TcpHeader } from '../../../packet.js'
import { FIN, RST, SYN } from '../../../packet.js'
import type { Flow } from './flow.js'
import { SCALE_UNKNOWN } from './numbering.js'
import { Analysis } from './result.js'

const SYN_FIN_RST = SYN | FIN | RST

/** One byte, the next one, towards a closed window. */
export function isZeroWindowProbe(tcp: TcpHeader, forward: Flow, reverse: Flow): boolean {
  return tcp.length === 1 && tcp.sequence === forward.nextSequence && reverse.window === 0
}

export function isZeroWindow(tcp: TcpHeader): boolean {
  return tcp.window === 0 && (tcp.flags & SYN_FIN_RST) === 0
}

/** At most one byte, the one before the next: asks whether anybody is there. */
export function isKeepAlive(tcp: TcpHeader, forward: Flow): boolean {
  return tcp.length <= 1 && sequenceAdd(tcp.sequence, 1) === forward.nextSequence && (tcp.flags & SYN_FIN_RST) === 0
}

/** Data up to the very edge of the window that the other side advertised last, where its scale is known. */
export function fillsWindow(tcp: TcpHeader, reverse: Flow): boolean {
  if (tcp.length === 0 || reverse.windowScale === SCALE_UNKNOWN || (tcp.flags & SYN_FIN_RST) !== 0) return false
  const shift = reverse.isWindowUnscaled !== 0 || reverse.windowScale < 0 ? 0 : reverse.windowScale
  return ((tcp.sequence + tcp.length) | 0) === ((reverse.lastAck + (reverse.window << shift)) | 0)
}

/** No data, and the same place in both directions as before: says something about the window, or nothing at all. */
export function repeatsAck(tcp: TcpHeader, forward: Flow): boolean {
  return (
    tcp.length === 0 &&
    tcp.sequence === forward.nextSequence &&
    tcp.acknowledgment === forward.lastAck &&
    (tcp.flags & SYN_FIN_RST) === 0
  )
}

/** What an ACK that repeats the one before (`repeatsAck`) says, by its window. */
export function meaningOfRepeat(tcp: TcpHeader, forward: Flow, reverse: Flow): number {
  if (tcp.window !== forward.window) return tcp.window === 0 ? 0 : Analysis.windowUpdate
  if (tcp.window === 0) return (reverse.lastFlags & Analysis.zeroWindowProbe) !== 0 ? Analysis.zeroWindowProbeAck : 0
  return (reverse.lastFlags & Analysis.keepAlive) !== 0 ? Analysis.keepAliveAck : Analysis.duplicateAck
}
