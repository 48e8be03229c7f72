/**
 * Socket addresses: struct sockaddr_in, sockaddr_in6 and sockaddr_un, as the kernel wants them and as people write them.
 * macOS begins each with its length; Linux gives the family 16 bits instead.
 */
import { LabError } from '../errors.js'
import { AF_INET, AF_INET6, AF_UNIX } from './constants.js'
import { bound } from './library.js'

const inet_pton = bound<(family: number, text: string, address: Buffer) => number>(
  'int inet_pton(int, const char *, void *)',
)
const inet_ntop = bound<(family: number, address: Buffer, text: Buffer, size: number) => unknown>(
  'const char *inet_ntop(int, const void *, void *, uint)',
)

const macOS = process.platform === 'darwin'
const INET_SIZE = 16
const INET6_SIZE = 28
/** sun_path: 108 bytes on Linux, 104 on macOS, the final NUL among them */
const PATH_OFFSET = 2
const PATH_SIZE = macOS ? 104 : 108
/** room for whatever address the kernel returns */
export const SOCKADDR_MAX = PATH_OFFSET + PATH_SIZE

/** One end of a socket. `host` is numeric; a Unix-domain address has a `path`, '' when the socket was never bound. */
export interface Address {
  readonly family: number
  readonly host: string
  readonly port: number
  readonly path: string
  /** the struct sockaddr itself */
  readonly bytes: Buffer
}

function header(size: number, family: number): Buffer {
  const bytes = Buffer.alloc(size)
  if (macOS) {
    bytes.writeUInt8(size, 0)
    bytes.writeUInt8(family, 1)
  } else {
    bytes.writeUInt16LE(family, 0)
  }
  return bytes
}

/** An IPv4 or IPv6 address from its numeric text; undefined when it is neither. */
export function internetAddress(host: string, port: number): Address | undefined {
  const family = host.includes(':') ? AF_INET6 : AF_INET
  const bytes = header(family === AF_INET6 ? INET6_SIZE : INET_SIZE, family)
  bytes.writeUInt16BE(port, 2)
  if (inet_pton(family, host, addressPart(bytes, family)) !== 1) return undefined
  return { family, host, port, path: '', bytes }
}

/** A Unix-domain address. Throws LabError when the path is too long for one. */
export function unixAddress(path: string): Address {
  const length = Buffer.byteLength(path)
  if (length === 0 || length >= PATH_SIZE || path.includes('\0')) {
    throw new LabError(
      'PATH',
      `ERROR, bad socket path: ${JSON.stringify(path)}`,
      `a socket's path has 1 to ${PATH_SIZE - 1} bytes: choose a shorter one, in /tmp`,
    )
  }
  const bytes = header(PATH_OFFSET + length + 1, AF_UNIX)
  bytes.write(path, PATH_OFFSET)
  return { family: AF_UNIX, host: '', port: 0, path, bytes }
}

/** Reads the `length` bytes of address that the kernel wrote. */
export function parseAddress(buffer: Buffer, length: number): Address {
  const bytes = Buffer.from(buffer.subarray(0, Math.min(length, buffer.length)))
  const family = bytes.length < 2 ? AF_UNIX : macOS ? bytes.readUInt8(1) : bytes.readUInt16LE(0)
  if ((family === AF_INET && bytes.length >= INET_SIZE) || (family === AF_INET6 && bytes.length >= INET6_SIZE)) {
    return { family, host: numericHost(bytes, family), port: bytes.readUInt16BE(2), path: '', bytes }
  }
  const end = bytes.indexOf(0, PATH_OFFSET)
  const path = bytes.subarray(PATH_OFFSET, end < 0 ? bytes.length : end).toString()
  return { family: AF_UNIX, host: '', port: 0, path, bytes }
}

/** A copy of `address` with another port. */
export function withPort(address: Address, port: number): Address {
  const bytes = Buffer.from(address.bytes)
  bytes.writeUInt16BE(port, 2)
  return { ...address, port, bytes }
}

/** `127.0.0.1:80`, `[::1]:80`, or the path. */
export function formatAddress(address: Address): string {
  if (address.family === AF_UNIX) return address.path
  return address.family === AF_INET6 ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`
}

function addressPart(bytes: Buffer, family: number): Buffer {
  return family === AF_INET6 ? bytes.subarray(8, 24) : bytes.subarray(4, 8)
}

function numericHost(bytes: Buffer, family: number): string {
  const text = Buffer.alloc(64)
  inet_ntop(family, addressPart(bytes, family), text, text.length)
  return text.toString('latin1', 0, text.indexOf(0))
}
