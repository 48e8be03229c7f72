/** Addresses as strace prints them: behind a descriptor (-yy), and as the structures that calls are given. */
import type { Call, CallTransport } from '../call.js'

export type Ends = Pick<Call, 'transport' | 'local' | 'peer' | 'inode' | 'peerInode' | 'object'>

/** strace's names of the sockets that have a timeline. Others (`NETLINK`, `RAW`, …) are objects. */
const TRANSPORTS: ReadonlyMap<string, CallTransport> = new Map([
  ['TCP', 'tcp'],
  ['TCPv6', 'tcp'],
  ['MPTCP', 'tcp'],
  ['MPTCPv6', 'tcp'],
  ['UDP', 'udp'],
  ['UDPv6', 'udp'],
  ['UNIX', 'unix'],
  ['UNIX-STREAM', 'unix'],
  ['UNIX-SEQPACKET', 'unix'],
  ['UNIX-DGRAM', 'unix-datagram'],
])

/**
 * What stands between the angle brackets of a descriptor: `TCP:[127.0.0.1:51717->127.0.0.1:40000]`, `TCP:[16643]` of a
 * socket without a name yet, `UNIX-STREAM:[16708->16704,"/tmp/socket"]`, a path.
 */
export function endsOf(annotation: string): Ends {
  const match = /^([\w-]+):\[(.*)\]$/.exec(annotation)
  // with -y instead of -yy
  if (match?.[1] === 'socket') return { inode: Number(match[2]) }
  const transport = match === null ? undefined : TRANSPORTS.get(match[1] ?? '')
  if (transport === undefined) return { object: annotation }
  const inside = match?.[2] ?? ''
  return transport.startsWith('unix') ? unixEnds(transport, inside) : internetEnds(transport, inside)
}

function internetEnds(transport: CallTransport, inside: string): Ends {
  if (/^\d+$/.test(inside)) return { transport, inode: Number(inside) }
  const [local = '', peer] = inside.split('->')
  const end = unmapped(local)
  return peer === undefined ? { transport, local: end } : { transport, local: end, peer: unmapped(peer) }
}

function unixEnds(transport: CallTransport, inside: string): Ends {
  const match = /^(\d+)(?:->(\d+))?(?:,(.*))?$/.exec(inside)
  if (match === null) return { transport }
  const [, inode, peerInode, path] = match
  return {
    transport,
    inode: Number(inode),
    ...(peerInode !== undefined && { peerInode: Number(peerInode) }),
    local: path === undefined ? '' : unquoted(path),
  }
}

/** An IPv4 address that an IPv6 socket writes as ::ffff:a.b.c.d (RFC 4291 §2.5.5.2) is IPv4 on the wire. */
function unmapped(name: string): string {
  const match = /^\[::ffff:(\d+\.\d+\.\d+\.\d+)\](:\d+)$/.exec(name)
  return match === null ? name : `${match[1]}${match[2]}`
}

/**
 * The address in a structure: `{sa_family=AF_INET, sin_port=htons(51717), sin_addr=inet_addr("127.0.0.1")}` is
 * `127.0.0.1:51717`. `structure` may hold others around it (msghdr's `msg_name`). Undefined for AF_UNSPEC and what is none.
 */
export function addressIn(structure: string): string | undefined {
  const inet = /sin_port=htons\((\d+)\), sin_addr=inet_addr\("([\d.]+)"\)/.exec(structure)
  if (inet !== null) return `${inet[2]}:${inet[1]}`
  const inet6 = /sin6_port=htons\((\d+)\)[^"}]{0,80}?(?:inet_pton\(AF_INET6, |sin6_addr=)"([0-9a-fA-F:.]+)"/.exec(
    structure,
  )
  if (inet6 !== null) return unmapped(`[${inet6[2]}]:${inet6[1]}`)
  const unix = /sun_path=(@?)("(?:[^"\\]|\\.)*")/.exec(structure)
  return unix === null ? undefined : `${unix[1]}${unquoted(unix[2] ?? '')}`
}

/** The text between the quotes, its escapes left as they are: a path with a line feed in it stays one line. */
function unquoted(text: string): string {
  const at = text.indexOf('"')
  const end = text.lastIndexOf('"')
  return end <= at ? text : text.slice(0, at) + text.slice(at + 1, end)
}
