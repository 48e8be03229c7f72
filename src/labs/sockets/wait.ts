/** select and poll: waiting for several descriptors at once. */
import { FD_SETSIZE, POLLERR, POLLHUP, POLLIN, POLLOUT } from './constants.js'
import { bound } from './library.js'
import { traced } from './traced.js'

type Select = (count: number, read: Buffer, write: Buffer, except: null, timeout: Buffer | null) => number
const nativeSelect = bound<Select>('int select(int, void *, void *, void *, void *)')
const nativePoll = bound<(entries: Buffer, count: number, milliseconds: number) => number>(
  process.platform === 'darwin' ? 'int poll(void *, uint, int)' : 'int poll(void *, ulong, int)',
)

/** An fd_set: one bit a descriptor. Both systems lay it out as little-endian words, so bit n is bit n % 8 of byte n / 8. */
export class DescriptorSet {
  readonly bits = Buffer.alloc(FD_SETSIZE / 8)

  /** FD_SET. False for a descriptor that is too large for an fd_set; C would write past its end. */
  add(descriptor: number): boolean {
    if (descriptor >= FD_SETSIZE) return false
    this.bits.writeUInt8(this.bits.readUInt8(descriptor >> 3) | (1 << (descriptor & 7)), descriptor >> 3)
    return true
  }

  /** FD_ISSET */
  has(descriptor: number): boolean {
    return descriptor < FD_SETSIZE && (this.bits.readUInt8(descriptor >> 3) & (1 << (descriptor & 7))) !== 0
  }

  /** the descriptors in it, in order */
  list(): number[] {
    const members = []
    for (let descriptor = 0; descriptor < FD_SETSIZE; descriptor++) if (this.has(descriptor)) members.push(descriptor)
    return members
  }
}

/**
 * Waits until a descriptor of `readers` can be read or one of `writers` written, and leaves only the ready ones in the
 * sets. Returns how many are ready: 0 when `milliseconds` went by first.
 */
export function select(readers: DescriptorSet, writers: DescriptorSet, milliseconds?: number): number {
  const asked = [readers.list(), writers.list()]
  const count = Math.max(0, ...asked.flat().map((descriptor) => descriptor + 1))
  const timeout = milliseconds === undefined ? null : timeval(milliseconds)
  return traced({
    call: 'select',
    make: () => nativeSelect(count, readers.bits, writers.bits, null, timeout),
    describe: () => [
      String(count),
      ...asked.map((descriptors) => (descriptors.length > 0 ? `[${descriptors.join(' ')}]` : 'NULL')),
      'NULL',
      milliseconds === undefined ? 'NULL' : `${milliseconds} ms`,
    ],
    detail: () =>
      [['in', readers.list()] as const, ['out', writers.list()] as const]
        .flatMap(([way, ready]) => (ready.length > 0 ? [`${way} [${ready.join(' ')}]`] : []))
        .join(', '),
  })
}

export interface Polled {
  readonly descriptor: number
  readonly readable: boolean
  readonly writable: boolean
  /** an error is waiting, or the other end is gone */
  readonly broken: boolean
}

/** Waits for any of the descriptors to have something to read; all of them are answered. -1 ms: for ever. */
export function poll(descriptors: readonly number[], milliseconds: number, events = POLLIN): Polled[] {
  // struct pollfd: an int and two shorts
  const entries = Buffer.alloc(descriptors.length * 8)
  for (const [index, descriptor] of descriptors.entries()) {
    entries.writeInt32LE(descriptor, index * 8)
    entries.writeInt16LE(events, index * 8 + 4)
  }
  const found = (index: number) => entries.readInt16LE(index * 8 + 6)
  traced({
    call: 'poll',
    make: () => nativePoll(entries, descriptors.length, milliseconds),
    describe: () => [`[${descriptors.join(' ')}]`, String(descriptors.length), String(milliseconds)],
    detail: () => {
      const ready = descriptors.flatMap((fd, index) =>
        found(index) === 0 ? [] : [`{fd=${fd}, revents=${namesOf(found(index))}}`],
      )
      return `[${ready.join(', ')}]`
    },
  })
  return descriptors.map((descriptor, index) => {
    const got = found(index)
    return {
      descriptor,
      readable: (got & POLLIN) !== 0,
      writable: (got & POLLOUT) !== 0,
      broken: (got & (POLLERR | POLLHUP)) !== 0,
    }
  })
}

function namesOf(events: number): string {
  const names = Object.entries({ POLLIN, POLLOUT, POLLERR, POLLHUP })
  return names.flatMap(([name, bit]) => ((events & bit) !== 0 ? [name] : [])).join('|')
}

/** struct timeval: seconds and microseconds, eight bytes each (macOS reads four of the second, little end first). */
export function timeval(milliseconds: number): Buffer {
  const bytes = Buffer.alloc(16)
  bytes.writeBigInt64LE(BigInt(Math.floor(milliseconds / 1000)))
  bytes.writeBigInt64LE(BigInt((milliseconds % 1000) * 1000), 8)
  return bytes
}
