/** BSD loopback: four bytes that name the address family, in the byte order of the host that captured. */
import { u32, u32le } from '../bytes/fields.js'
import type { Packet } from '../packet.js'
import { truncated } from './bounds.js'
import { FIRST_ETHER_TYPE, protocolOfEtherType } from './numbers.js'
import { Protocol } from './protocols.js'

const bigEndian = { family: u32(0, 'null.family', 'Family') } as const
const littleEndian = { family: u32le(0, 'null.family', 'Family') } as const

/** LINKTYPE_LOOP, and LINKTYPE_NULL from a big-endian host. */
export const loop = bigEndian
/** LINKTYPE_NULL from a little-endian host. */
export const nullHeader = littleEndian

const LENGTH = 4

/** LINKTYPE_NULL: a family is a small number, so the byte order shows in where it stands. */
export function decode(packet: Packet): number {
  const at = packet.cursor
  if (at + LENGTH > packet.limit) return truncated(packet, Protocol.null, LENGTH, 'null')
  return packet.view.getUint16(at) === 0 ? decodeLoop(packet) : decodeFamily(packet, Protocol.null, littleEndian.family)
}

/** LINKTYPE_LOOP: always in network order. */
export function decodeLoop(packet: Packet): number {
  return decodeFamily(packet, Protocol.loop, bigEndian.family)
}

function decodeFamily(packet: Packet, protocol: number, read: (view: DataView, at: number) => number): number {
  const at = packet.cursor
  const end = at + LENGTH
  if (end > packet.limit) return truncated(packet, protocol, LENGTH, 'null')
  packet.addLayer(protocol, at, end)
  packet.cursor = end
  return protocolOf(read(packet.view, at))
}

/** AF_INET is 2 everywhere; AF_INET6 is a different number on every system. */
function protocolOf(family: number): number {
  switch (family) {
    case 2:
      return Protocol.ip
    case 10: // Linux
    case 23: // Windows
    case 24: // NetBSD, OpenBSD
    case 28: // FreeBSD
    case 30: // macOS
      return Protocol.ipv6
    default:
      return family >= FIRST_ETHER_TYPE ? protocolOfEtherType(family) : Protocol.data
  }
}
