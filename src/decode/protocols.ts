/**
 * The protocols that a packet can be made of: a small number for the layer list, the short name that tshark prints in
 * frame.protocols, and a title for people. A protocol without a decoder of its own is still named here; its bytes are
 * shown as they are.
 */

/** Protocol ids, as `packet.layerProtocol` holds them. A literal, so that the compiler sees the numbers. */
export const Protocol = {
  // `none` ends a packet; the loop that dispatches (decoder.ts) handles `reassembly` itself
  none: 0,
  reassembly: 1,
  data: 2,
  eth: 3,
  vlan: 4,
  serviceVlan: 5,
  llc: 6,
  sll: 7,
  sll2: 8,
  null: 9,
  loop: 10,
  raw: 11,
  arp: 12,
  ip: 13,
  ipv6: 14,
  hopByHop: 15,
  routing: 16,
  fragmentHeader: 17,
  destinationOptions: 18,
  icmp: 19,
  icmpv6: 20,
  tcp: 21,
  udp: 22,
  // named, and shown as bytes
  ah: 23,
  esp: 24,
  mobility: 25,
  hip: 26,
  igmp: 27,
  dccp: 28,
  rsvp: 29,
  gre: 30,
  eigrp: 31,
  ospf: 32,
  ipip: 33,
  pim: 34,
  vrrp: 35,
  pgm: 36,
  l2tp: 37,
  sctp: 38,
  rarp: 39,
  loopTest: 40,
  mpls: 41,
  pppoeDiscovery: 42,
  pppoeSession: 43,
  eapol: 44,
  lldp: 45,
  slow: 46,
  flowControl: 47,
  macsec: 48,
  providerBackbone: 49,
  ptp: 50,
  ipx: 51,
  aarp: 52,
  stp: 53,
  isis: 54,
  netbios: 55,
  cdp: 56,
  tipc: 57,
} as const

const described: Readonly<Record<keyof typeof Protocol, readonly [name: string, title: string]>> = {
  none: ['', ''],
  reassembly: ['', ''],
  data: ['data', 'Data'],
  eth: ['eth', 'Ethernet II'],
  vlan: ['vlan', '802.1Q Virtual LAN'],
  serviceVlan: ['ieee8021ad', '802.1ad Service VLAN'],
  llc: ['llc', 'Logical-Link Control'],
  sll: ['sll', 'Linux cooked capture v1'],
  sll2: ['sll', 'Linux cooked capture v2'],
  null: ['null', 'Null/Loopback'],
  loop: ['null', 'OpenBSD Loopback'],
  raw: ['raw', 'Raw packet data'],
  arp: ['arp', 'Address Resolution Protocol'],
  ip: ['ip', 'Internet Protocol Version 4'],
  ipv6: ['ipv6', 'Internet Protocol Version 6'],
  hopByHop: ['ipv6.hopopts', 'IPv6 Hop-by-Hop Options'],
  routing: ['ipv6.routing', 'IPv6 Routing Header'],
  fragmentHeader: ['ipv6.fraghdr', 'IPv6 Fragment Header'],
  destinationOptions: ['ipv6.dstopts', 'IPv6 Destination Options'],
  icmp: ['icmp', 'Internet Control Message Protocol'],
  icmpv6: ['icmpv6', 'Internet Control Message Protocol v6'],
  tcp: ['tcp', 'Transmission Control Protocol'],
  udp: ['udp', 'User Datagram Protocol'],
  ah: ['ah', 'Authentication Header'],
  esp: ['esp', 'Encapsulating Security Payload'],
  mobility: ['mipv6', 'Mobile IPv6'],
  hip: ['hip', 'Host Identity Protocol'],
  igmp: ['igmp', 'Internet Group Management Protocol'],
  dccp: ['dccp', 'Datagram Congestion Control Protocol'],
  rsvp: ['rsvp', 'Resource ReserVation Protocol'],
  gre: ['gre', 'Generic Routing Encapsulation'],
  eigrp: ['eigrp', 'Enhanced Interior Gateway Routing Protocol'],
  ospf: ['ospf', 'Open Shortest Path First'],
  ipip: ['ipip', 'IP in IP'],
  pim: ['pim', 'Protocol Independent Multicast'],
  vrrp: ['vrrp', 'Virtual Router Redundancy Protocol'],
  pgm: ['pgm', 'Pragmatic General Multicast'],
  l2tp: ['l2tp', 'Layer Two Tunneling Protocol'],
  sctp: ['sctp', 'Stream Control Transmission Protocol'],
  rarp: ['rarp', 'Reverse Address Resolution Protocol'],
  loopTest: ['loop', 'Ethernet Configuration Test Protocol (loopback)'],
  mpls: ['mpls', 'MultiProtocol Label Switching'],
  pppoeDiscovery: ['pppoed', 'PPP-over-Ethernet Discovery'],
  pppoeSession: ['pppoes', 'PPP-over-Ethernet Session'],
  eapol: ['eapol', '802.1X Authentication'],
  lldp: ['lldp', 'Link Layer Discovery Protocol'],
  slow: ['slow', 'Slow Protocols'],
  flowControl: ['macc', 'MAC Control'],
  macsec: ['macsec', '802.1AE Security Tag'],
  providerBackbone: ['ieee8021ah', '802.1ah Provider Backbone'],
  ptp: ['ptp', 'Precision Time Protocol'],
  ipx: ['ipx', 'Internetwork Packet eXchange'],
  aarp: ['aarp', 'AppleTalk Address Resolution Protocol'],
  stp: ['stp', 'Spanning Tree Protocol'],
  isis: ['osi', 'OSI network layer'],
  netbios: ['netbios', 'NetBIOS'],
  cdp: ['cdp', 'Cisco Discovery Protocol'],
  tipc: ['tipc', 'Transparent Inter Process Communication'],
}

const names: string[] = []
const titles: string[] = []
for (const [key, id] of Object.entries(Protocol)) {
  const [name, title] = described[key as keyof typeof Protocol]
  names[id] = name
  titles[id] = title
}

/** How many ids there are. */
export const PROTOCOLS = names.length

/** tshark's short name of a protocol: `eth`, `ip`, `tcp`. */
export function protocolName(id: number): string {
  return names[id] ?? ''
}

/** A protocol's name in words. */
export function protocolTitle(id: number): string {
  return titles[id] ?? ''
}
