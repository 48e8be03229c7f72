/**
 * How every call is made: the C function is called, -1 becomes a CallError with errno's name, and, when calls are logged,
 * the call is written down with the clock before and after it and both ends of its descriptor.
 */
import koffi from 'koffi'
import type { Call, CallTransport } from '../../calls/call.js'
import { isLogging, logCall, now } from '../call-log.js'
import { formatAddress, parseAddress, SOCKADDR_MAX } from './address.js'
import * as sys from './constants.js'
import { callError, errnoName } from './errno.js'
import { bound } from './library.js'

type NameCall = (descriptor: number, address: Buffer, length: Buffer) => number
const getsockname = bound<NameCall>('int getsockname(int, void *, void *)')
const getpeername = bound<NameCall>('int getpeername(int, void *, void *)')
const getsockopt = bound<(descriptor: number, level: number, name: number, value: Buffer, length: Buffer) => number>(
  'int getsockopt(int, int, int, void *, void *)',
)

export interface Traced {
  readonly call: string
  readonly descriptor?: number
  /** makes the call */
  readonly make: () => number
  /** the arguments as C writes them; asked after the call, so that what it filled in can be shown */
  readonly describe: (result: number) => string[]
  /** the other end, where the call itself names it (sendto, recvfrom, connect) */
  readonly peer?: () => string
  /** what the result alone does not say, as strace puts it */
  readonly detail?: () => string
}

/** Makes a call. Returns what it returned; throws CallError for -1. */
export function traced(call: Traced): number {
  if (!isLogging()) {
    const result = call.make()
    if (result < 0) throw callError(call.call, koffi.errno())
    return result
  }
  const entered = now()
  const result = call.make()
  const errno = result < 0 ? koffi.errno() : 0
  const returned = now()
  const on = call.call === 'accept' && result >= 0 ? result : call.descriptor
  // bind and connect give a socket the names it did not have, and accept uses a number that was another socket's before
  if (on !== undefined && NAMING.has(call.call)) ends.delete(on)
  const peer = call.peer?.()
  const record: Omit<Call, 'pid' | 'thread'> = {
    call: call.call,
    arguments: call.describe(result),
    result,
    ...(errno !== 0 && { errno: errnoName(errno) }),
    ...(call.descriptor !== undefined && { descriptor: call.descriptor }),
    ...(on !== undefined && endsOf(on)),
    ...(peer !== undefined && { peer }),
    ...(call.detail !== undefined && result > 0 && { detail: call.detail() }),
    entered,
    returned,
  }
  logCall(record)
  if (call.call === 'close' && call.descriptor !== undefined) ends.delete(call.descriptor)
  if (errno !== 0) throw callError(call.call, errno)
  return result
}

type Ends = Pick<Call, 'transport' | 'local' | 'peer' | 'peerProcess'>

const ends = new Map<number, Ends>()
const NAMING = new Set(['accept', 'bind', 'connect', 'sendto'])

/** What a descriptor is and its two ends, as the kernel knows them now; nothing for one that is no socket. */
function endsOf(descriptor: number): Ends {
  let known = ends.get(descriptor)
  if (!known) {
    known = askEnds(descriptor)
    ends.set(descriptor, known)
  }
  return known
}

function askEnds(descriptor: number): Ends {
  const type = option(descriptor, sys.SOL_SOCKET, sys.SO_TYPE)
  if (type === undefined) return {}
  const local = nameFrom(getsockname, descriptor)
  const peer = nameFrom(getpeername, descriptor)
  const unix = local?.family === sys.AF_UNIX
  const transport: CallTransport = type === sys.SOCK_STREAM ? (unix ? 'unix' : 'tcp') : unix ? 'unix-datagram' : 'udp'
  const peerProcess = transport === 'unix' && peer ? option(descriptor, sys.SOL_PEER, sys.SO_PEER_PROCESS) : undefined
  return {
    transport,
    ...(local && { local: formatAddress(local) }),
    ...(peer && { peer: formatAddress(peer) }),
    ...(peerProcess && { peerProcess }),
  }
}

function nameFrom(call: NameCall, descriptor: number) {
  const bytes = Buffer.alloc(SOCKADDR_MAX)
  const length = lengthOf(bytes)
  return call(descriptor, bytes, length) === 0 ? parseAddress(bytes, length.readUInt32LE(0)) : undefined
}

function option(descriptor: number, level: number, name: number): number | undefined {
  const value = Buffer.alloc(16)
  return getsockopt(descriptor, level, name, value, lengthOf(value)) === 0 ? value.readInt32LE(0) : undefined
}

/** A socklen_t that says how much room there is, and after the call how much was filled in. */
export function lengthOf(room: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32LE(room.length)
  return length
}
