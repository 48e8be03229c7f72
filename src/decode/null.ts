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

/** LINKTYPE_LOOP: always in network order. */
export function decodeLoop(packet: Packet): number {
  const at = packet.cursor
  if (!record(packet, Protocol.loop)) return Protocol.none
  return protocolOfFamily(bigEndian.family(packet.view, at))
}

/** LINKTYPE_NULL: in the order of the host that captured, which the number itself shows, since families are small. */
export function decode(packet: Packet): number {
  const { view, cursor: at, limit } = packet
  const isBigEndian = at + LENGTH <= limit && view.getUint16(at) === 0
  if (!record(packet, isBigEndian ? Protocol.loop : Protocol.null)) return Protocol.none
  const family = shortFamily(littleEndian.family(view, at)) ?? bigEndian.family(view, at)
  // some systems write an EtherType there
  return family >= FIRST_ETHER_TYPE ? protocolOfEtherType(family & 0xffff) : protocolOfFamily(family)
}

function record(packet: Packet, protocol: number): boolean {
  const end = packet.cursor + LENGTH
  if (end > packet.limit) {
    truncated(packet, protocol, LENGTH, 'null')
    return false
  }
  packet.addLayer(protocol, packet.cursor, end)
  packet.cursor = end
  return true
}

/**
 * The family as a little-endian host wrote it, in 32 bits or in 16 that stand in either half and in either order. Undefined
 * where only a big-endian host can have written it.
 */
function shortFamily(value: number): number | undefined {
  if (value <= 0xffff) return (value & 0xff) === 0 && value < FIRST_ETHER_TYPE ? value >> 8 : value
  return value < 0x60000 ? value >> 16 : undefined
}

/** AF_INET is 2 everywhere; AF_INET6 is a different number on every system. */
function protocolOfFamily(family: number): number {
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
      return Protocol.data
  }
}
