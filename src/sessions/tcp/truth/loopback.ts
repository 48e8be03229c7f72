/** Whether a frame was captured on a loopback interface: both ends of what it carries are then on one host. */
import type { Packet } from '../../../packet.js'

const LINKTYPE_NULL = 0
const LINKTYPE_ETHERNET = 1
const LINKTYPE_LOOP = 108
const LINKTYPE_LINUX_SLL = 113
const LINKTYPE_LINUX_SLL2 = 276
const ARPHRD_LOOPBACK = 772

export function isLoopback(packet: Packet): boolean {
  const { frame, start, end } = packet
  if (end - start < 20) return false
  switch (packet.linkType) {
    case LINKTYPE_NULL:
    case LINKTYPE_LOOP:
      return true
    case LINKTYPE_LINUX_SLL:
      return frame.getUint16(start + 2) === ARPHRD_LOOPBACK
    case LINKTYPE_LINUX_SLL2:
      return frame.getUint16(start + 8) === ARPHRD_LOOPBACK
    case LINKTYPE_ETHERNET:
      // Linux writes its loopback as Ethernet with neither address filled in
      return frame.getUint32(start) === 0 && frame.getUint32(start + 4) === 0 && frame.getUint32(start + 8) === 0
    default:
      return false
  }
}
