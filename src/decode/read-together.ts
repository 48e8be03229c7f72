/**
 * Fields that tshark reads together: when a packet is cut before the last of them it prints none. Kept apart from the headers,
 * which say what is where and not how another program gets at it.
 */
import type { Field } from '../bytes/fields.js'
import { ethernet } from './ethernet.js'
import { icmp } from './icmp.js'
import { advertisementFlags } from './icmpv6.js'
import { ipv4 } from './ipv4.js'
import { isRouteInUse, isSourceRoute } from './ipv4-options.js'
import { ipv6 } from './ipv6.js'
import {
  authenticationHeader,
  destinationOptionsHeader,
  fragmentHeader,
  hopByHopHeader,
  shim6Header,
} from './ipv6-extensions.js'
import { sll, sll2 } from './linux-cooked.js'
import { tcp } from './tcp.js'
import { granularity } from './tcp-options.js'
import { gre } from './tunnels/gre.js'
import { udp } from './udp.js'
import { udpLite } from './udp-lite.js'
import { serviceVlan, vlan } from './vlan.js'

/** Bytes of the header that must be there before the field is printed, where that is more than the field's own end. */
const needed = new Map<Field, number>()

function together(bytes: number, ...fields: (Field | undefined)[]): void {
  for (const field of fields) if (field !== undefined) needed.set(field, bytes)
}

together(14, ethernet.destination, ethernet.source)
together(
  2,
  ...Object.values(vlan),
  hopByHopHeader.fields[0],
  destinationOptionsHeader.fields[0],
  authenticationHeader.fields[0],
)
together(3, ...shim6Header.fields)
together(4, sll.packetType, ...Object.values(serviceVlan))
together(12, sll2.packetType, sll2.hardwareType, sll2.interfaceIndex)
together(8, ipv4.flags, ipv4.reserved, ipv4.dontFragment, ipv4.moreFragments)
together(4, ipv6.trafficClass, ipv6.dscp, ipv6.ecn)
together(7, ipv6.payloadLength)
together(8, ...Object.values(fragmentHeader))
together(6, ...Object.values(icmp))
together(4, tcp.sourcePort, tcp.destinationPort)
together(
  16,
  tcp.sequence,
  tcp.acknowledgment,
  ...Object.values(tcp).filter((field) => field.bit >= 96 && field.bit < 112),
)
together(4, granularity)
together(8, ...advertisementFlags)
together(4, udp.sourcePort, udp.destinationPort, udpLite.sourcePort, udpLite.destinationPort)

together(4, gre.flags, gre.version)

/** How many bytes of the header tshark has read when it prints the field; for ip.dst, see below. */
export function bytesNeeded(field: Field): number {
  return needed.get(field) ?? (field.bit + field.width + 7) >> 3
}

/**
 * What is needed of an IPv4 header for ip.dst: as that may be in a source route, the options up to the first route; and the whole
 * header where that is in use.
 */
export function bytesNeededForDestination(view: DataView, at: number, end: number): number {
  let bytes = 20
  if (at + bytes > end) return bytes
  const header = ipv4.headerLength(view, at)
  while (bytes < header) {
    if (at + bytes >= end) return bytes + 1
    const type = view.getUint8(at + bytes)
    if (type === 0) return bytes
    if (type === 1) {
      bytes++
      continue
    }
    if (bytes + 1 >= header) break
    if (at + bytes + 1 >= end) return bytes + 2
    const length = view.getUint8(at + bytes + 1)
    if (length < 2 || bytes + length > header) break
    if (isSourceRoute(type)) {
      if (length > 2 && at + bytes + 3 > end) return bytes + 3
      return isRouteInUse(view, at + bytes, length) ? header : 20
    }
    bytes += length
  }
  return 20
}

/**
 * Whether tshark has printed the field when it stops at a value that makes no sense: the fields go in the order of their bits,
 * but that the acknowledgment number comes after the header length.
 */
export function isBefore(field: Field, problem: string): boolean {
  const stop = headerFields.get(problem)
  if (stop === undefined) return true
  return field.bit <= stop.bit && !(field === tcp.acknowledgment && stop === tcp.headerLength)
}

/** The fields whose value can be what is wrong with a header. */
const headerFields = new Map<string, Field>(
  [ipv4.version, ipv4.headerLength, ipv4.totalLength, ipv6.version, tcp.headerLength, udp.length].map((field) => [
    field.key,
    field,
  ]),
)
