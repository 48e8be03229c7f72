/** Socket addresses as the kernel gives them to libpcap, which differ in shape and number from platform to platform. */
import { endianness } from 'node:os'
import { formatBytes, formatIpv4, formatIpv6 } from '../bytes/addresses.js'

export type SocketAddress =
  | { readonly family: 'ipv4' | 'ipv6'; readonly address: string }
  | { readonly family: 'mac'; readonly address: string }

/** What every socket address begins with, and what tells how long it is. */
export const SOCKADDR_HEAD = 2

const AF_INET = 2
const AF_INET6: Partial<Record<NodeJS.Platform, number>> = {
  linux: 10,
  android: 10,
  darwin: 30,
  win32: 23,
  freebsd: 28,
}
/** Linux: sockaddr_ll */
const AF_PACKET = 17
/** BSD, macOS: sockaddr_dl */
const AF_LINK = 18
const MAC_LENGTH = 6

/** The longest that is read: sockaddr_in6. BSD's sockaddr_dl may be longer, by a name that we do not need. */
const LONGEST = 28
const SIZES: Readonly<Record<number, number>> = { [AF_INET]: 16, [AF_PACKET]: 20 }

/** How many bytes there are to read of the address that begins with `head`; an unknown family has none to read. */
export function socketAddressSize(head: Uint8Array, platform: NodeJS.Platform): number {
  if (hasLength(platform)) return Math.max(SOCKADDR_HEAD, head[0] ?? 0)
  const family = familyOf(head, platform)
  return family === AF_INET6[platform] ? LONGEST : (SIZES[family] ?? SOCKADDR_HEAD)
}

/** Undefined for an address of a family that we have no use for. */
export function decodeSocketAddress(bytes: Uint8Array, platform: NodeJS.Platform): SocketAddress | undefined {
  // BSD leaves the zeros at the end of a network mask out
  const whole = new Uint8Array(Math.max(LONGEST, bytes.length))
  whole.set(bytes)
  const view = new DataView(whole.buffer)
  switch (familyOf(whole, platform)) {
    case AF_INET:
      return { family: 'ipv4', address: formatIpv4(view, 4) }
    case AF_INET6[platform]:
      return { family: 'ipv6', address: formatIpv6(view, 8) }
    case hasLength(platform) ? AF_LINK : AF_PACKET:
      return decodeLink(view, platform)
    default:
      return undefined
  }
}

/** Where a sockaddr begins with its own length, the family is one byte; elsewhere it is two, in host order. */
function hasLength(platform: NodeJS.Platform): boolean {
  return !['linux', 'android', 'win32'].includes(platform)
}

function familyOf([first = 0, second = 0]: Uint8Array, platform: NodeJS.Platform): number {
  if (hasLength(platform)) return second
  return endianness() === 'LE' ? first | (second << 8) : (first << 8) | second
}

function decodeLink(view: DataView, platform: NodeJS.Platform): SocketAddress | undefined {
  // sockaddr_dl puts the interface's name before the address
  const length = view.getUint8(hasLength(platform) ? 6 : 11)
  const at = hasLength(platform) ? 8 + view.getUint8(5) : 12
  if (length !== MAC_LENGTH || at + MAC_LENGTH > view.byteLength) return undefined
  const address = formatBytes(view, at, MAC_LENGTH, ':')
  return address === '00:00:00:00:00:00' ? undefined : { family: 'mac', address }
}
