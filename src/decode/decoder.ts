/** The loop that takes a packet apart: each decoder says which protocol comes next. */
import type { Packet } from '../packet.js'
import { Protocol } from './protocols.js'
import { protocolOfLinkType, registry } from './registry.js'

export class Decoder {
  /** Fills in the record's layers, shortcuts and problem from the frame that it holds. Never throws on what is in it. */
  decode(packet: Packet): void {
    packet.begin()
    let protocol = protocolOfLinkType(packet.linkType)
    while (protocol !== Protocol.none) {
      const decode = registry[protocol]
      if (decode === undefined) return
      protocol = decode(packet)
    }
  }
}
