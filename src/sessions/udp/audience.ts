/** Who is to get a datagram: one host, a group, or everybody on the network. */
import { Protocol } from '../../decode/protocols.js'
import type { Packet } from '../../packet.js'

export const Audience = { host: 0, multicast: 1, broadcast: 2 } as const

/** By those numbers; undefined: one host. */
export const AUDIENCES = [undefined, 'multicast', 'broadcast'] as const

/** By its address; a broadcast to one network (192.168.1.255) shows only in the frame around it, since nobody knows the mask. */
export function audienceOf(packet: Packet): number {
  const { networkView, destination } = packet
  const first = networkView.getUint8(destination)
  if (packet.networkVersion === 6) return first === 0xff ? Audience.multicast : Audience.host
  if (first >> 4 === 0xe) return Audience.multicast
  if (networkView.getInt32(destination) === -1) return Audience.broadcast
  return isBroadcastFrame(packet) ? Audience.broadcast : Audience.host
}

/** What Linux's "any" device says of a packet's kind, 1 for a broadcast (packet(7), PACKET_BROADCAST). */
const COOKED_BROADCAST = 1

/** By the link header that the innermost IP header follows, if one does, with no other IP header in between. */
function isBroadcastFrame(packet: Packet): boolean {
  let networks = 0
  for (let layer = packet.layers - 1; layer >= 0; layer--) {
    const at = packet.layerStart[layer] ?? 0
    const view = packet.viewOf(layer)
    switch (packet.layerProtocol[layer]) {
      case Protocol.ip:
      case Protocol.ipv6:
        if (++networks > 1) return false
        break
      case Protocol.eth:
        return view.getInt32(at) === -1 && view.getInt16(at + 4) === -1
      case Protocol.sll:
        return view.getUint16(at) === COOKED_BROADCAST
      case Protocol.sll2:
        return view.getUint8(at + 10) === COOKED_BROADCAST
    }
  }
  return false
}
