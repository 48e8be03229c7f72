/**
 * The sockets that the C library opens for itself, behind a program's back: nobody wrote these calls, and nobody is accused
 * for them. `getaddrinfo` asks nscd and the name servers, and then probes each address: it connects a UDP socket, asks for
 * its own address and closes it without having sent anything (RFC 6724 needs the source address).
 */
import type { CallTransport } from '../call.js'

interface Seen {
  readonly transport: CallTransport
  readonly calls: readonly { readonly call: string; readonly arguments: readonly string[]; readonly peer?: string }[]
}

const SERVICES =
  /^\/(?:var\/)?run\/(?:nscd\/|systemd\/|dbus\/|user\/|avahi-daemon\/|nslcd\/|sssd\/|docker\.sock)|^\/var\/lib\/sss\/|^\/dev\/log$/
const TRANSFERS: ReadonlySet<string> = new Set([
  ...[
    'read',
    'write',
    'readv',
    'writev',
    'send',
    'recv',
    'sendto',
    'recvfrom',
    'sendmsg',
    'recvmsg',
    'sendmmsg',
    'recvmmsg',
  ],
])

export function isLibrarys({ transport, calls }: Seen): boolean {
  if (transport === 'unix' || transport === 'unix-datagram') return calls.some(({ peer }) => SERVICES.test(peer ?? ''))
  const connects = calls.some(({ call }) => call === 'connect')
  if (!connects || calls.some(({ call }) => call === 'bind')) return false
  const opening = calls.find(({ call }) => call === 'socket')?.arguments[1] ?? ''
  // what a name server is asked: glibc's, musl's and Go's resolvers all open their sockets so
  const asksNames = calls.some((call) => call.peer?.endsWith(':53')) && opening.includes('SOCK_CLOEXEC')
  if (transport === 'tcp') return asksNames
  return asksNames || !calls.some(({ call }) => TRANSFERS.has(call))
}
