/**
 * What a scenario can have a program do: each a call of the sockets API, or the few that always go together, made on the
 * node, one after the other, blocking as in C.
 */
import { LabError } from '../errors.js'
import { pauseFor } from '../pause.js'
import type { Address } from '../sockets/address.js'
import { internetAddress, withPort } from '../sockets/address.js'
import {
  AF_INET,
  IPPROTO_TCP,
  MSG_OOB,
  SHUT_WR,
  SO_KEEPALIVE,
  SO_LINGER,
  SO_RCVBUF,
  SO_REUSEADDR,
  SOCK_DGRAM,
  SOCK_STREAM,
  SOL_SOCKET,
  TCP_NODELAY,
  TCP_QUICKACK,
} from '../sockets/constants.js'
import { bound } from '../sockets/library.js'
import * as api from '../sockets/sockets.js'
import { traced } from '../sockets/traced.js'

const nativeAlarm = bound<(seconds: number) => number>('uint alarm(uint)')

export interface ListenOptions {
  readonly backlog?: number
  readonly reuseAddress?: boolean
  /** SO_RCVBUF, which accepted sockets inherit: the window that is offered */
  readonly receiveBuffer?: number
}

/** What is written: text, or so many bytes of it. */
export type Content = string | number

export const operations = {
  /** socket, setsockopt, bind, listen: returns the listening socket. */
  listen(host: string, port: number, options: ListenOptions): number {
    const address = addressOf(host, port)
    const socket = api.socket(address.family, SOCK_STREAM, 0)
    if (options.reuseAddress ?? true) api.setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, 1)
    if (options.receiveBuffer) api.setsockopt(socket, SOL_SOCKET, SO_RCVBUF, options.receiveBuffer)
    api.bind(socket, address)
    api.listen(socket, options.backlog ?? 5)
    return socket
  },
  accept: (listening: number): number => api.accept(listening).connected,
  /** socket, connect: returns the connected socket. */
  connect(host: string, port: number): number {
    const address = addressOf(host, port)
    const socket = api.socket(address.family, SOCK_STREAM, 0)
    api.connect(socket, address)
    return socket
  },
  /** socket and, with a port, bind: a socket for datagrams. */
  datagrams(port: number): number {
    const socket = api.socket(AF_INET, SOCK_DGRAM, 0)
    if (port > 0) api.bind(socket, addressOf('0.0.0.0', port))
    return socket
  },
  sendto: (socket: number, content: Content, host: string, port: number): number =>
    api.sendto(socket, bytesOf(content), 0, addressOf(host, port)),
  /** connect on a socket for datagrams: errors about what was sent come back to it. */
  connectTo: (socket: number, host: string, port: number): void => api.connect(socket, addressOf(host, port)),
  recvfrom: (socket: number, size: number): string => api.recvfrom(socket, size, 0).bytes.toString('latin1'),
  /** Writes all of it, in as many calls as it takes. */
  write(socket: number, content: Content): void {
    for (let rest = bytesOf(content); rest.length > 0; ) rest = rest.subarray(api.write(socket, rest))
  },
  /** A write for each of them, so many milliseconds apart by this program's own clock: no order is waited for between two. */
  writeApart(socket: number, contents: readonly Content[], milliseconds: number): void {
    for (const content of contents) {
      operations.write(socket, content)
      pauseFor(milliseconds)
    }
  },
  /** Urgent data. */
  sendUrgent: (socket: number, content: Content): number => api.send(socket, bytesOf(content), MSG_OOB),
  recvUrgent: (socket: number): string => api.recv(socket, 1, MSG_OOB).toString('latin1'),
  read: (socket: number, size: number): string => api.read(socket, size).toString('latin1'),
  /** Reads until `size` bytes are there or the stream ends; returns how many there were. */
  readFully(socket: number, size: number): number {
    let length = 0
    while (length < size) {
      const bytes = api.read(socket, Math.min(size - length, 8192))
      if (bytes.length === 0) break
      length += bytes.length
    }
    return length
  },
  shutdown: (socket: number): void => api.shutdown(socket, SHUT_WR),
  close: (socket: number): void => api.close(socket),
  noDelay: (socket: number): void => api.setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, 1),
  /** Acknowledgments wait for data to travel with, from now on, and not only once the kernel takes it for a dialogue. */
  delayAcks: (socket: number): void => api.setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, 0),
  keepAlive: (socket: number): void => api.setsockopt(socket, SOL_SOCKET, SO_KEEPALIVE, 1),
  /** SO_LINGER with no time to linger: close throws the connection away. */
  lingerZero: (socket: number): void => api.setsockopt(socket, SOL_SOCKET, SO_LINGER, LINGER_ZERO),
  /** SIGALRM after so many seconds: it ends the program. */
  alarm(seconds: number): void {
    traced({ call: 'alarm', make: () => nativeAlarm(seconds), describe: () => [String(seconds)] })
  },
}

export type Operations = typeof operations
export type OperationName = keyof Operations

/** struct linger { l_onoff = 1, l_linger = 0 } */
const LINGER_ZERO = Buffer.from(Int32Array.of(1, 0).buffer)

const LINE = 73

function bytesOf(content: Content): Buffer {
  if (typeof content === 'string') return Buffer.from(content)
  const lines = Array.from({ length: Math.ceil(content / LINE) + 1 }, (_, index) => `${line(index)}\n`)
  return Buffer.from(lines.join('')).subarray(0, content)
}

/** As chargen does it (RFC 864): the printable characters, each line one further. */
function line(index: number): string {
  return Array.from({ length: LINE - 1 }, (_, at) => String.fromCharCode(33 + ((index + at) % 94))).join('')
}

function addressOf(host: string, port: number): Address {
  const address = internetAddress(host, port)
  if (!address) throw new LabError('BAD_ADDRESS', `${host} is no address`, 'give it in numbers')
  return withPort(address, port)
}
