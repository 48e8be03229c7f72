/**
 * A connected stream socket, as the services see it. What may have to wait is a generator that yields what it waits for
 * before it makes the call. A model that serves one client at a time just goes on, and the call blocks; the select model
 * goes on when select says that the call will not block. So a service is written once, like a page of C, for all of them.
 */
import type { Address } from './sockets/address.js'
import { AF_UNIX } from './sockets/constants.js'
import { failedWith } from './sockets/errno.js'
import { hostName } from './sockets/names.js'
import { read, write } from './sockets/sockets.js'

export type Waiting<T> = Generator<'read' | 'write', T, void>

const NEWLINE = 10
/** bytes asked of the kernel at once where a service reads lines */
const CHUNK = 8192

export class Connection {
  readonly descriptor: number
  readonly peer: Address
  /** bytes read, and not yet asked for by `readLine` */
  private buffered: Buffer = Buffer.alloc(0)

  constructor(descriptor: number, peer: Address) {
    this.descriptor = descriptor
    this.peer = peer
  }

  /** One read: at most `count` bytes, none at the end of the file. */
  *read(count: number): Waiting<Buffer> {
    for (;;) {
      yield 'read'
      try {
        return read(this.descriptor, count)
      } catch (error) {
        if (!failedWith(error, 'EAGAIN', 'EINTR')) throw error
      }
    }
  }

  /** Reads to the end of a line, newline included, or to `limit` bytes; empty at the end of the file. */
  *readLine(limit: number): Waiting<Buffer> {
    for (;;) {
      const newline = this.buffered.indexOf(NEWLINE)
      const length = newline < 0 ? this.buffered.length : newline + 1
      if (newline >= 0 || length >= limit) return this.take(Math.min(length, limit))
      const more = yield* this.read(CHUNK)
      if (more.length === 0) return this.take(length)
      this.buffered = Buffer.concat([this.buffered, more])
    }
  }

  /** Writes all of it, in as many writes as it takes. */
  *write(bytes: Buffer): Waiting<void> {
    let rest = bytes
    while (rest.length > 0) {
      yield 'write'
      try {
        rest = rest.subarray(write(this.descriptor, rest))
      } catch (error) {
        if (!failedWith(error, 'EAGAIN', 'EINTR')) throw error
      }
    }
  }

  /** The client as the servers print it: `NAME (ADDRESS)`. */
  describePeer(): string {
    return describePeer(this.peer)
  }

  private take(length: number): Buffer {
    const taken = this.buffered.subarray(0, length)
    this.buffered = this.buffered.subarray(length)
    return taken
  }
}

export function describePeer(peer: Address): string {
  if (peer.family === AF_UNIX) return `this machine (${peer.path || 'unnamed socket'})`
  return `${hostName(peer) ?? 'unknown hostname'} (${peer.host})`
}

/** Carries out what a service does, waiting in the calls themselves. */
export function blocking<T>(work: Waiting<T>): T {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
  }
}
