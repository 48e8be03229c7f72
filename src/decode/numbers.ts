/**
 * From the numbers that headers name their payload with to protocol ids. Here and not in the decoders, so that no
 * protocol needs to know another.
 */
import { Protocol } from './protocols.js'

/** A type field of less than the first is the length of an IEEE 802.3 frame, up to the largest one (IEEE 802.3 §3.2.6). */
export const FIRST_ETHER_TYPE = 0x600
export const LARGEST_LENGTH = 1500

/** IEEE 802 EtherTypes, as in Ethernet II, 802.1Q, SNAP and Linux cooked captures. */
export function protocolOfEtherType(type: number): number {
  switch (type) {
    case 0x0800:
      return Protocol.ip
    case 0x86dd:
      return Protocol.ipv6
    case 0x0806:
      return Protocol.arp
    case 0x8100:
    case 0x9100:
      return Protocol.vlan
    case 0x88a8:
      return Protocol.serviceVlan
    default:
      return otherEtherTypes.get(type) ?? Protocol.data
  }
}

/** What GRE and Linux's cooked captures of a GRE interface carry: EtherTypes, but no tags, and no PPPoE. */
export function protocolOfGre(type: number): number {
  if (type === PPP) return Protocol.ppp
  const protocol = protocolOfEtherType(type)
  return notInGre.has(protocol) ? Protocol.data : protocol
}

/** PPP has an EtherType in GRE only (RFC 2637 §4.1). */
const PPP = 0x880b

const notInGre: ReadonlySet<number> = new Set([
  Protocol.vlan,
  Protocol.serviceVlan,
  Protocol.pppoeSession,
  Protocol.pppoeDiscovery,
  Protocol.providerBackbone,
])

const otherEtherTypes = new Map<number, number>([
  [0x6558, Protocol.eth],
  [0x8035, Protocol.arp],
  [0x80f3, Protocol.aarp],
  [0x8137, Protocol.ipx],
  [0x8808, Protocol.flowControl],
  [0x8809, Protocol.slow],
  [0x8847, Protocol.mpls],
  [0x8848, Protocol.mpls],
  [0x8863, Protocol.pppoeDiscovery],
  [0x8864, Protocol.pppoeSession],
  [0x888e, Protocol.eapol],
  [0x88ca, Protocol.tipc],
  [0x88cc, Protocol.lldp],
  [0x88e5, Protocol.macsec],
  [0x88e7, Protocol.providerBackbone],
  [0x88f7, Protocol.ptp],
  [0x9000, Protocol.loopTest],
])

/** UDP ports of tunnels (IANA's, and the one that Linux gave VXLAN before). */
const tunnelPorts = new Map<number, number>([
  [1701, Protocol.l2tpOverUdp],
  [2152, Protocol.gtp],
  [3544, Protocol.teredo],
  [4789, Protocol.vxlan],
  [4790, Protocol.vxlanGpe],
  [6081, Protocol.geneve],
  [6635, Protocol.mpls],
  [8472, Protocol.vxlan],
])

/** Protocols that UDP carries a packet in. */
export const tunnels: ReadonlySet<number> = new Set(tunnelPorts.values())

/** a bit a port */
const isTunnelPort = new Uint32Array(65536 / 32)
for (const port of tunnelPorts.keys()) isTunnelPort[port >> 5] = (isTunnelPort[port >> 5] ?? 0) | (1 << (port & 31))

/** The tunnel that a datagram between these ports belongs to; `none` when it is of none that is known. */
export function tunnelOfPorts(source: number, destination: number): number {
  const bits =
    ((isTunnelPort[source >> 5] ?? 0) >>> (source & 31)) |
    ((isTunnelPort[destination >> 5] ?? 0) >>> (destination & 31))
  if ((bits & 1) === 0) return Protocol.none
  return (
    tunnelPorts.get(Math.min(source, destination)) ?? tunnelPorts.get(Math.max(source, destination)) ?? Protocol.none
  )
}

const ipProtocols = new Uint8Array(256).fill(Protocol.data)
for (const [number, protocol] of [
  [0, Protocol.hopByHop],
  [1, Protocol.icmp],
  [2, Protocol.igmp],
  [4, Protocol.ip],
  [6, Protocol.tcp],
  [17, Protocol.udp],
  [33, Protocol.dccp],
  [41, Protocol.ipv6],
  [43, Protocol.routing],
  [44, Protocol.fragmentHeader],
  [46, Protocol.rsvp],
  [47, Protocol.gre],
  [50, Protocol.esp],
  [51, Protocol.ah],
  [58, Protocol.icmpv6],
  [60, Protocol.destinationOptions],
  [88, Protocol.eigrp],
  [89, Protocol.ospf],
  [94, Protocol.ipip],
  [97, Protocol.etherIp],
  [103, Protocol.pim],
  [112, Protocol.vrrp],
  [113, Protocol.pgm],
  [115, Protocol.l2tp],
  [132, Protocol.sctp],
  [135, Protocol.mobility],
  [136, Protocol.udpLite],
  [139, Protocol.hip],
  [140, Protocol.shim6],
] as const) {
  ipProtocols[number] = protocol
}

/** IANA's protocol numbers: IPv4's Protocol, and IPv6's Next Header. */
export function protocolOfIpNumber(number: number): number {
  return ipProtocols[number] ?? Protocol.data
}
