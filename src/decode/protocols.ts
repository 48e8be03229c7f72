/**
 * The protocols that a packet can be made of: a small number for the layer list, the short name that tshark prints in
 * frame.protocols, and a title for people. A protocol without a decoder of its own is still named here; its bytes are
 * shown as they are.
 */

/** Protocol ids, as `packet.layerProtocol` holds them. A literal, so that the compiler sees the numbers. */
export const Protocol = {
  // no protocol: `none` ends a packet, the other two are for the loop that dispatches (decoder.ts)
  none: 0,
  reassembly: 1,
  quote: 2,
  // bytes of which no more is known
  data: 3,
  // link
  eth: 4,
  ieee8023: 5,
  vlan: 6,
  serviceVlan: 7,
  llc: 8,
  sll: 9,
  sll2: 10,
  null: 11,
  loop: 12,
  raw: 13,
  // network and transport
  arp: 14,
  ip: 15,
  ipv6: 16,
  hopByHop: 17,
  routing: 18,
  fragmentHeader: 19,
  destinationOptions: 20,
  ah: 21,
  icmp: 22,
  icmpv6: 23,
  tcp: 24,
  udp: 25,
  // named, and shown as bytes
  esp: 26,
  mobility: 27,
  hip: 28,
  igmp: 29,
  dccp: 30,
  rsvp: 31,
  gre: 32,
  eigrp: 33,
  ospf: 34,
  ipip: 35,
  pim: 36,
  vrrp: 37,
  pgm: 38,
  l2tp: 39,
  sctp: 40,
  loopTest: 41,
  mpls: 42,
  pppoeDiscovery: 43,
  pppoeSession: 44,
  eapol: 45,
  lldp: 46,
  slow: 47,
  flowControl: 48,
  macsec: 49,
  providerBackbone: 50,
  ptp: 51,
  ipx: 52,
  aarp: 53,
  stp: 54,
  isis: 55,
  netbios: 56,
  cdp: 57,
  tipc: 58,
  // links that are only named
  ppp: 59,
  chdlc: 60,
  frameRelay: 61,
  tokenRing: 62,
  fddi: 63,
  wlan: 64,
  radiotap: 65,
  lowRate: 66,
  bluetooth: 67,
  usb: 68,
  pflog: 69,
  netlink: 70,
  dbus: 71,
  shim6: 72,
  udpLite: 73,
  // tunnels
  erspan: 74,
  vxlan: 75,
  geneve: 76,
  gtp: 77,
  teredo: 78,
  l2tpOverUdp: 79,
  vxlanGpe: 80,
  etherIp: 81,
} as const

const described: Readonly<Record<keyof typeof Protocol, readonly [name: string, title: string]>> = {
  none: ['', ''],
  reassembly: ['', ''],
  quote: ['', ''],
  data: ['data', 'Data'],
  eth: ['eth', 'Ethernet II'],
  ieee8023: ['eth', 'IEEE 802.3 Ethernet'],
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
  ah: ['ah', 'Authentication Header'],
  icmp: ['icmp', 'Internet Control Message Protocol'],
  icmpv6: ['icmpv6', 'Internet Control Message Protocol v6'],
  tcp: ['tcp', 'Transmission Control Protocol'],
  udp: ['udp', 'User Datagram Protocol'],
  udpLite: ['udplite', 'Lightweight User Datagram Protocol'],
  esp: ['esp', 'Encapsulating Security Payload'],
  mobility: ['mipv6', 'Mobile IPv6'],
  shim6: ['shim6', 'Shim6 (multihoming)'],
  hip: ['hip', 'Host Identity Protocol'],
  igmp: ['igmp', 'Internet Group Management Protocol'],
  dccp: ['dccp', 'Datagram Congestion Control Protocol'],
  rsvp: ['rsvp', 'Resource ReserVation Protocol'],
  gre: ['gre', 'Generic Routing Encapsulation'],
  erspan: ['erspan', 'Encapsulated Remote Switch Packet Analysis'],
  vxlan: ['vxlan', 'Virtual eXtensible Local Area Network'],
  vxlanGpe: ['vxlan', 'Virtual eXtensible Local Area Network (Generic Protocol Extension)'],
  etherIp: ['etherip', 'Ethernet within IP'],
  geneve: ['geneve', 'Generic Network Virtualization Encapsulation'],
  gtp: ['gtp', 'GPRS Tunnelling Protocol'],
  teredo: ['teredo', 'Teredo IPv6 over UDP tunnelling'],
  eigrp: ['eigrp', 'Enhanced Interior Gateway Routing Protocol'],
  ospf: ['ospf', 'Open Shortest Path First'],
  ipip: ['ipip', 'IP in IP'],
  pim: ['pim', 'Protocol Independent Multicast'],
  vrrp: ['vrrp', 'Virtual Router Redundancy Protocol'],
  pgm: ['pgm', 'Pragmatic General Multicast'],
  l2tpOverUdp: ['l2tp', 'Layer 2 Tunneling Protocol'],
  l2tp: ['l2tp', 'Layer Two Tunneling Protocol'],
  sctp: ['sctp', 'Stream Control Transmission Protocol'],
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
  ppp: ['ppp', 'Point-to-Point Protocol'],
  chdlc: ['chdlc', 'Cisco HDLC'],
  frameRelay: ['fr', 'Frame Relay'],
  tokenRing: ['tr', 'Token-Ring'],
  fddi: ['fddi', 'Fiber Distributed Data Interface'],
  wlan: ['wlan', 'IEEE 802.11 wireless LAN'],
  radiotap: ['radiotap', 'Radiotap Capture'],
  lowRate: ['wpan', 'IEEE 802.15.4 Low-Rate Wireless PAN'],
  bluetooth: ['bluetooth', 'Bluetooth'],
  usb: ['usb', 'USB'],
  pflog: ['pflog', 'OpenBSD Packet Filter log'],
  netlink: ['netlink', 'Linux netlink'],
  dbus: ['dbus', 'D-Bus'],
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
