/** Names and addresses of hosts: getaddrinfo, getnameinfo. */
import koffi from 'koffi'
import { LabError } from '../errors.js'
import { type Address, parseAddress } from './address.js'
import { AF_INET, AF_UNSPEC, NI_NAMEREQD, SOCK_STREAM } from './constants.js'
import { bound } from './library.js'
import { quoted } from './notation.js'
import { traced } from './traced.js'

type Pointer = bigint | null
const getaddrinfo = bound<(host: string, service: null, hints: Buffer, list: [Pointer]) => number>(
  'int getaddrinfo(const char *, const char *, const void *, _Out_ void **)',
)
const freeaddrinfo = bound<(list: Pointer) => void>('void freeaddrinfo(void *)')
const getnameinfo = bound<
  (address: Buffer, size: number, host: Buffer, hostSize: number, service: null, none: number, flags: number) => number
>('int getnameinfo(const void *, uint, void *, uint, void *, uint, int)')

/** Where struct addrinfo keeps things: after four ints and a socklen_t, Linux has the address first, macOS the name. */
const AI_FAMILY = 4
const AI_SOCKTYPE = 8
const AI_ADDRLEN = 16
const AI_ADDR = process.platform === 'darwin' ? 32 : 24
const AI_NEXT = 40
const ADDRINFO_SIZE = 48

/**
 * The addresses of a host, given by name or by number, IPv4 first: the lab's servers listen on 127.0.0.1 unless told
 * otherwise, and a refused attempt on ::1 before it would be in every capture. Throws LabError when there is none.
 */
export function resolve(host: string): Address[] {
  const hints = Buffer.alloc(ADDRINFO_SIZE)
  hints.writeInt32LE(AF_UNSPEC, AI_FAMILY)
  hints.writeInt32LE(SOCK_STREAM, AI_SOCKTYPE)
  const list: [Pointer] = [null]
  // getaddrinfo returns its own error codes, positive on macOS: none of them is a -1 with errno
  let failure = 0
  traced({
    call: 'getaddrinfo',
    make: () => {
      failure = getaddrinfo(host, null, hints, list)
      return Math.abs(failure)
    },
    describe: () => [quoted(Buffer.from(host)), 'NULL', '{ai_socktype=SOCK_STREAM}', '…'],
  })
  if (failure !== 0) throw noSuchHost()
  const addresses = []
  for (let entry = list[0]; entry; entry = koffi.decode(entry, AI_NEXT, 'void *') as Pointer) {
    const length: number = koffi.decode(entry, AI_ADDRLEN, 'uint32_t')
    const address: bigint = koffi.decode(entry, AI_ADDR, 'void *')
    addresses.push(parseAddress(Buffer.from(koffi.view(address, length)), length))
  }
  freeaddrinfo(list[0])
  return addresses.sort((a, b) => Number(b.family === AF_INET) - Number(a.family === AF_INET))
}

/** The name of a host, or undefined where it has none. */
export function hostName(address: Address): string | undefined {
  const host = Buffer.alloc(1025)
  let failure = 0
  traced({
    call: 'getnameinfo',
    make: () => {
      failure = getnameinfo(address.bytes, address.bytes.length, host, host.length, null, 0, NI_NAMEREQD)
      return Math.abs(failure)
    },
    describe: () => [address.host, '…', 'NI_NAMEREQD'],
  })
  return failure === 0 ? host.toString('latin1', 0, host.indexOf(0)) : undefined
}

function noSuchHost(): LabError {
  return new LabError(
    'NO_HOST',
    'ERROR, no such host',
    'check the spelling, /etc/hosts and /etc/resolv.conf; an address in numbers, 192.168.56.10, always works',
  )
}
