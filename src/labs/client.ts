/** A client from its socket to its end: what `main` of a client does in C. */
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { UsageError } from '../errors.js'
import { Connection } from './connection.js'
import { isDatagram } from './server.js'
import { serviceNamed } from './services/index.js'
import type { Exchange, Input } from './services/service.js'
import { type Address, unixAddress, withPort } from './sockets/address.js'
import { AF_UNIX, SOCK_DGRAM, SOCK_STREAM } from './sockets/constants.js'
import { resolve } from './sockets/names.js'
import { bind, close, connect, read, recv, recvfrom, send, sendto, socket } from './sockets/sockets.js'
import type { ClientTask, Report } from './task.js'

/** Runs a client to its end; returns its exit status. */
export function runClient(task: ClientTask, report: (report: Report) => void): number {
  const service = serviceNamed(task.service)
  const addresses = serverAddresses(task)
  if (!isDatagram(task.transport)) {
    if (!service.stream) throw new UsageError(`${task.service} has no streams: give --transport udp`)
    const { descriptor, address } = connectToFirst(addresses)
    const status = service.stream.talk(new Connection(descriptor, address), standardInput, task)
    close(descriptor)
    return status
  }
  const [address] = addresses
  if (!service.datagram || !address) throw new UsageError(`${task.service} has no datagrams`)
  const descriptor = socket(address.family, SOCK_DGRAM, 0)
  const path = address.family === AF_UNIX ? bindOwnName(descriptor, report) : undefined
  if (task.connected) connect(descriptor, address)
  const exchange = task.connected ? connectedExchange(descriptor) : unconnectedExchange(descriptor, address)
  const status = service.datagram.ask(exchange, standardInput, task)
  close(descriptor)
  if (path !== undefined) rmSync(path, { force: true })
  return status
}

/** Connects to the first of a host's addresses that answers; throws the last one's error when none does. */
function connectToFirst(addresses: readonly Address[]): { descriptor: number; address: Address } {
  let failure: unknown
  for (const address of addresses) {
    const descriptor = socket(address.family, SOCK_STREAM, 0)
    try {
      connect(descriptor, address)
      return { descriptor, address }
    } catch (error) {
      failure = error
      close(descriptor)
    }
  }
  throw failure
}

/** The tutorial's way: each datagram is addressed. An ICMP error never reaches such a socket. */
function unconnectedExchange(descriptor: number, address: Address): Exchange {
  return {
    send: (datagram) => void sendto(descriptor, datagram, 0, address),
    receive: (size) => recvfrom(descriptor, size, 0).bytes,
  }
}

/** connect on a datagram socket sends nothing: the kernel notes the address, and gives back errors about it. */
function connectedExchange(descriptor: number): Exchange {
  return {
    send: (datagram) => void send(descriptor, datagram, 0),
    receive: (size) => recv(descriptor, size, 0),
  }
}

/** A Unix-domain client must have a name of its own, or no answer can reach it. */
function bindOwnName(descriptor: number, report: (report: Report) => void): string {
  const path = join(tmpdir(), `synopsis-${process.pid}.sock`)
  bind(descriptor, unixAddress(path))
  report({ kind: 'bound', path })
  return path
}

function serverAddresses(task: ClientTask): Address[] {
  if (task.transport === 'unix' || task.transport === 'unix-datagram') return [unixAddress(task.host)]
  return resolve(task.host).map((address) => withPort(address, task.port))
}

const NEWLINE = 10
let unread: Buffer = Buffer.alloc(0)

const standardInput: Input = {
  readLine(limit) {
    for (;;) {
      const newline = unread.subarray(0, limit).indexOf(NEWLINE)
      if (newline >= 0 || unread.length >= limit) return take(newline < 0 ? limit : newline + 1)
      const more = read(0, 8192)
      if (more.length === 0) return take(unread.length)
      unread = Buffer.concat([unread, more])
    }
  },
  read(count) {
    return unread.length > 0 ? take(Math.min(count, unread.length)) : read(0, count)
  },
}

function take(length: number): Buffer {
  const taken = unread.subarray(0, length)
  unread = unread.subarray(length)
  return taken
}
