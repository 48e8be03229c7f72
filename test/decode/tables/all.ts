/** Every table of packets. */
import { arpPackets } from './arp.js'
import { icmpPackets, icmpv6Packets } from './icmp.js'
import { ipv4Packets } from './ipv4.js'
import { ipv6Packets } from './ipv6.js'
import { ethernetFrames, otherFrames, taggedFrames } from './link.js'
import { optionPackets, tcpPackets } from './tcp.js'
import { tunnelPackets } from './tunnels.js'
import { udpPackets } from './udp.js'

export const tables = {
  'Ethernet and LLC': ethernetFrames,
  'VLAN tags': taggedFrames,
  'other links': otherFrames,
  ARP: arpPackets,
  IPv4: ipv4Packets,
  IPv6: ipv6Packets,
  ICMP: icmpPackets,
  ICMPv6: icmpv6Packets,
  TCP: tcpPackets,
  'TCP options': optionPackets,
  UDP: udpPackets,
  tunnels: tunnelPackets,
} as const
