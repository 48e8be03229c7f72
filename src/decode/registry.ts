/** Which decoder reads which protocol: the one place that knows them all. */
import type { Packet } from '../packet.js'
import { opaque } from './data.js'
import * as ethernet from './ethernet.js'
import * as ipv4 from './ipv4.js'
import * as ipv6 from './ipv6.js'
import { PROTOCOLS, Protocol } from './protocols.js'
import * as tcp from './tcp.js'
import * as udp from './udp.js'
import * as vlan from './vlan.js'

/** Reads the header at `packet.cursor` and gives the id of the protocol that follows it. */
export type Decode = (packet: Packet) => number

const decoders: Decode[] = Array.from({ length: PROTOCOLS }, (_, protocol) => opaque(protocol))
decoders[Protocol.eth] = ethernet.decode
decoders[Protocol.vlan] = vlan.decode
decoders[Protocol.serviceVlan] = vlan.decodeService
decoders[Protocol.ip] = ipv4.decode
decoders[Protocol.ipv6] = ipv6.decode
decoders[Protocol.tcp] = tcp.decode
decoders[Protocol.udp] = udp.decode

export const registry: readonly Decode[] = decoders

/** The outermost protocol of a frame, by its LINKTYPE_ (https://www.tcpdump.org/linktypes.html). */
export function protocolOfLinkType(linkType: number): number {
  switch (linkType) {
    case 1:
      return Protocol.eth
    case 0:
      return Protocol.null
    case 12:
    case 14:
    case 101:
      return Protocol.raw
    case 108:
      return Protocol.loop
    case 113:
      return Protocol.sll
    case 228:
      return Protocol.ip
    case 229:
      return Protocol.ipv6
    case 276:
      return Protocol.sll2
    default:
      return Protocol.data
  }
}
