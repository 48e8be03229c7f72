/** What an ICMP message says of the packet it quotes. */
import { Protocol } from '../decode/protocols.js'
import type { Packet } from '../packet.js'

export interface IcmpMessage {
  /** of IP: ICMP (RFC 792) or ICMPv6 (RFC 4443) */
  readonly version: 4 | 6
  readonly type: number
  readonly code: number
  /** IP protocol number of the quoted packet's transport, as far as it is TCP or UDP; else 0 */
  readonly quotedProtocol: number
}

const ICMP = 1
const ICMPV6 = 58

/** The packet's ICMP message; undefined when it has none. */
export function icmpOf(packet: Packet): IcmpMessage | undefined {
  const protocol = packet.transportProtocol
  if (protocol !== ICMP && protocol !== ICMPV6) return undefined
  const { view, transport } = packet
  return {
    version: protocol === ICMP ? 4 : 6,
    type: view.getUint8(transport),
    code: view.getUint8(transport + 1),
    quotedProtocol: packet.hasQuoted && packet.quoted !== undefined ? transportOf(packet.quoted) : 0,
  }
}

/** Does it say that a packet did not fit the next network on its way? "Fragmentation needed" (RFC 1191), "packet too big" (RFC 8201). */
export function isTooBig({ version, type, code }: Pick<IcmpMessage, 'version' | 'type' | 'code'>): boolean {
  return version === 4 ? type === 3 && code === 4 : type === 2
}

const SOURCE_QUENCH = 4
const REDIRECT = 5

/** Does it say that a packet did not arrive? One that a redirect is about has been sent on, and a source quench asks for patience (RFC 792). */
export function isNotDelivered({ version, type }: { readonly version: 4 | 6; readonly type: number }): boolean {
  return version === 6 || (type !== SOURCE_QUENCH && type !== REDIRECT)
}

/** Also of a segment of which only the first bytes were quoted. */
function transportOf(quoted: Packet): number {
  for (let index = quoted.layers - 1; index >= 0; index--) {
    if (quoted.layerProtocol[index] === Protocol.tcp) return 6
    if (quoted.layerProtocol[index] === Protocol.udp || quoted.layerProtocol[index] === Protocol.udpLite) return 17
  }
  return 0
}
