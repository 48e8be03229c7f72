/** Which decoder reads which protocol, and which fields its header has: the one place that knows them all. */
import type { Field } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import * as arp from './arp.js'
import { opaque } from './data.js'
import * as ethernet from './ethernet.js'
import type { Header } from './header.js'
import * as icmp from './icmp.js'
import * as icmpv6 from './icmpv6.js'
import * as ipv4 from './ipv4.js'
import * as ipv6 from './ipv6.js'
import * as extensions from './ipv6-extensions.js'
import * as cooked from './linux-cooked.js'
import * as llc from './llc.js'
import * as loopback from './null.js'
import { PROTOCOLS, Protocol } from './protocols.js'
import * as raw from './raw.js'
import * as tcp from './tcp.js'
import * as etherIp from './tunnels/ether-ip.js'
import * as gre from './tunnels/gre.js'
import * as labels from './tunnels/labels.js'
import * as overUdp from './tunnels/over-udp.js'
import * as ppp from './tunnels/ppp.js'
import * as udp from './udp.js'
import * as udpLite from './udp-lite.js'
import * as vlan from './vlan.js'

/** Reads the header at `packet.cursor` and gives the id of the protocol that follows it. */
export type Decode = (packet: Packet) => number

const decoders: Decode[] = Array.from({ length: PROTOCOLS }, (_, protocol) => opaque(protocol))
decoders[Protocol.eth] = ethernet.decode
decoders[Protocol.vlan] = vlan.decode
decoders[Protocol.serviceVlan] = vlan.decodeService
decoders[Protocol.llc] = llc.decode
decoders[Protocol.sll] = cooked.decode
decoders[Protocol.sll2] = cooked.decodeSecond
decoders[Protocol.null] = loopback.decode
decoders[Protocol.loop] = loopback.decodeLoop
decoders[Protocol.raw] = raw.decode
decoders[Protocol.arp] = arp.decode
decoders[Protocol.ip] = ipv4.decode
decoders[Protocol.ipv6] = ipv6.decode
decoders[Protocol.hopByHop] = extensions.decodeHopByHop
decoders[Protocol.routing] = extensions.decodeRouting
decoders[Protocol.fragmentHeader] = extensions.decodeFragment
decoders[Protocol.destinationOptions] = extensions.decodeDestinationOptions
decoders[Protocol.ah] = extensions.decodeAuthentication
decoders[Protocol.shim6] = extensions.decodeShim6
decoders[Protocol.icmp] = icmp.decode
decoders[Protocol.icmpv6] = icmpv6.decode
decoders[Protocol.tcp] = tcp.decode
decoders[Protocol.udp] = udp.decode
decoders[Protocol.udpLite] = udpLite.decode

decoders[Protocol.gre] = gre.decode
decoders[Protocol.erspan] = gre.decodeErspan
decoders[Protocol.ppp] = ppp.decode
decoders[Protocol.pppoeSession] = ppp.decodeSession
decoders[Protocol.chdlc] = ppp.decodeCisco
decoders[Protocol.mpls] = labels.decodeMpls
decoders[Protocol.providerBackbone] = labels.decodeBackbone
decoders[Protocol.vxlan] = overUdp.decodeVxlan
decoders[Protocol.vxlanGpe] = overUdp.decodeVxlanGpe
decoders[Protocol.etherIp] = etherIp.decode
decoders[Protocol.geneve] = overUdp.decodeGeneve
decoders[Protocol.gtp] = overUdp.decodeGtp
decoders[Protocol.teredo] = overUdp.decodeTeredo
decoders[Protocol.l2tpOverUdp] = ppp.decodeL2tp

/** By protocol id. */
export const registry: readonly Decode[] = decoders

function fixed(table: Readonly<Record<string, Field>>): Header {
  return { fields: Object.values(table) }
}

/** By protocol id; a protocol that is only named has none. */
export const headers: ReadonlyMap<number, Header> = new Map([
  [Protocol.eth, fixed(ethernet.ethernet)],
  [Protocol.ieee8023, fixed(ethernet.ieee8023)],
  [Protocol.vlan, vlan.vlanHeader],
  [Protocol.serviceVlan, vlan.serviceVlanHeader],
  [Protocol.llc, llc.llcHeader],
  [Protocol.sll, cooked.sllHeader],
  [Protocol.sll2, cooked.sll2Header],
  [Protocol.null, fixed(loopback.nullHeader)],
  [Protocol.loop, fixed(loopback.loop)],
  [Protocol.arp, arp.arpHeader],
  [Protocol.ip, ipv4.ipv4Header],
  [Protocol.ipv6, fixed(ipv6.ipv6)],
  [Protocol.hopByHop, extensions.hopByHopHeader],
  [Protocol.routing, extensions.routingHeader],
  [Protocol.fragmentHeader, fixed(extensions.fragmentHeader)],
  [Protocol.destinationOptions, extensions.destinationOptionsHeader],
  [Protocol.ah, extensions.authenticationHeader],
  [Protocol.shim6, extensions.shim6Header],
  [Protocol.icmp, icmp.icmpHeader],
  [Protocol.icmpv6, icmpv6.icmpv6Header],
  [Protocol.tcp, tcp.tcpHeader],
  [Protocol.udp, fixed(udp.udp)],
  [Protocol.udpLite, fixed(udpLite.udpLite)],
  [Protocol.gre, fixed(gre.gre)],
  [Protocol.pppoeSession, fixed(ppp.pppoe)],
  [Protocol.mpls, fixed(labels.mpls)],
  [Protocol.vxlan, fixed(overUdp.vxlan)],
  [Protocol.vxlanGpe, fixed(overUdp.vxlanGpe)],
  [Protocol.etherIp, fixed(etherIp.etherIp)],
  [Protocol.geneve, fixed(overUdp.geneve)],
  [Protocol.gtp, fixed(overUdp.gtp)],
])

/** Links whose frames are shown as bytes, by their LINKTYPE_. */
const namedLinks = new Map<number, number>([
  [6, Protocol.tokenRing],
  [9, Protocol.ppp],
  [10, Protocol.fddi],
  [50, Protocol.ppp],
  [104, Protocol.chdlc],
  [105, Protocol.wlan],
  [107, Protocol.frameRelay],
  [117, Protocol.pflog],
  [127, Protocol.radiotap],
  [187, Protocol.bluetooth],
  [189, Protocol.usb],
  [195, Protocol.lowRate],
  [201, Protocol.bluetooth],
  [220, Protocol.usb],
  [230, Protocol.lowRate],
  [231, Protocol.dbus],
  [249, Protocol.usb],
  [253, Protocol.netlink],
])

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
      return namedLinks.get(linkType) ?? Protocol.data
  }
}
