/** The sockets API through koffi, on real sockets of this process. */
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { CallError } from '../../src/labs/errors.js'
import {
  type Address,
  formatAddress,
  internetAddress,
  parseAddress,
  unixAddress,
} from '../../src/labs/sockets/address.js'
import * as sys from '../../src/labs/sockets/constants.js'
import { resolve } from '../../src/labs/sockets/names.js'
import { quoted } from '../../src/labs/sockets/notation.js'
import { spawn } from '../../src/labs/sockets/process.js'
import * as sockets from '../../src/labs/sockets/sockets.js'
import { DescriptorSet, poll, select } from '../../src/labs/sockets/wait.js'
import { temporaryFolder } from './support.js'

const folder = temporaryFolder()
const open = new Set<number>()
afterEach(() => {
  for (const descriptor of open) sockets.close(descriptor)
  open.clear()
})

function kept(descriptor: number): number {
  open.add(descriptor)
  return descriptor
}

function close(descriptor: number): void {
  open.delete(descriptor)
  sockets.close(descriptor)
}

function loopback(host = '127.0.0.1'): Address {
  const address = internetAddress(host, 0)
  if (!address) throw new Error(`${host} is no address`)
  return address
}

/** A connected pair: blocking calls are safe, as the kernel completes handshakes by itself. */
function pair(address = loopback()) {
  const listening = kept(sockets.socket(address.family, sys.SOCK_STREAM, 0))
  sockets.bind(listening, address)
  sockets.listen(listening, 5)
  const client = kept(sockets.socket(address.family, sys.SOCK_STREAM, 0))
  sockets.connect(client, sockets.getsockname(listening))
  const { connected, peer } = sockets.accept(listening)
  return { listening, client, server: kept(connected), peer }
}

const errnoOf = (call: () => void): string => {
  try {
    call()
  } catch (error) {
    if (error instanceof CallError) return error.code
    throw error
  }
  return 'none'
}

describe('a stream', () => {
  test.each([
    ['IPv4', () => loopback()],
    ['IPv6', () => loopback('::1')],
    ['Unix-domain', () => unixAddress(join(folder, 'stream'))],
  ] as const)('over %s: both ends know each other, bytes go both ways, and end', (_, address) => {
    const { client, server, peer } = pair(address())
    expect(formatAddress(peer)).toBe(formatAddress(sockets.getsockname(client)))
    expect(formatAddress(sockets.getpeername(client))).toBe(formatAddress(sockets.getsockname(server)))

    expect(sockets.write(client, Buffer.from('there'))).toBe(5)
    expect(sockets.read(server, 100).toString()).toBe('there')
    expect(sockets.send(server, Buffer.from('and back'), 0)).toBe(8)
    expect(sockets.recv(client, 3, 0).toString()).toBe('and')
    expect(sockets.recv(client, 100, sys.MSG_PEEK).toString()).toBe(' back')
    expect(sockets.recv(client, 100, 0).toString()).toBe(' back')

    sockets.shutdown(client, sys.SHUT_WR)
    expect(sockets.read(server, 100)).toHaveLength(0)
    sockets.write(server, Buffer.from('half open'))
    expect(sockets.read(client, 100).toString()).toBe('half open')
  })

  test('urgent data goes past the rest', () => {
    const { client, server } = pair()
    sockets.send(client, Buffer.from('ordinary!'), sys.MSG_OOB)
    expect(sockets.recv(server, 100, sys.MSG_OOB).toString()).toBe('!')
    expect(sockets.recv(server, 100, 0).toString()).toBe('ordinary')
  })

  test('a lingering close of no time is a reset', () => {
    const { client, server } = pair()
    const linger = Buffer.alloc(8)
    linger.writeInt32LE(1)
    sockets.setsockopt(client, sys.SOL_SOCKET, sys.SO_LINGER, linger)
    close(client)
    expect(errnoOf(() => sockets.read(server, 1))).toBe('ECONNRESET')
  })

  test('writing to an end that is closed: the first is answered with a reset, the second is a broken pipe', () => {
    const { client, server } = pair()
    close(server)
    expect(sockets.write(client, Buffer.from('x'))).toBe(1)
    poll([client], 1000, sys.POLLERR)
    expect(errnoOf(() => sockets.write(client, Buffer.from('x')))).toMatch(/^(EPIPE|ECONNRESET)$/)
    expect(errnoOf(() => sockets.write(client, Buffer.from('x')))).toBe('EPIPE')
  })
})

describe('datagrams', () => {
  test.each<[string, (name: string) => Address]>([
    ['IPv4', () => loopback()],
    ['IPv6', () => loopback('::1')],
    ['Unix-domain', (name) => unixAddress(join(folder, name))],
  ])('over %s say who sent them, and are cut where the reader has no room', (_, address) => {
    const ends = ['one', 'two'].map((name) => {
      const descriptor = kept(sockets.socket(address(name).family, sys.SOCK_DGRAM, 0))
      sockets.bind(descriptor, address(name))
      return descriptor
    })
    const [one = -1, two = -1] = ends
    expect(sockets.sendto(one, Buffer.from('a datagram'), 0, sockets.getsockname(two))).toBe(10)
    expect(sockets.sendto(one, Buffer.alloc(0), 0, sockets.getsockname(two))).toBe(0)
    const { bytes, from } = sockets.recvfrom(two, 4, 0)
    expect(bytes.toString()).toBe('a da')
    expect(formatAddress(from)).toBe(formatAddress(sockets.getsockname(one)))
    // the rest is lost, and the next one is empty
    expect(sockets.recvfrom(two, 100, 0).bytes).toHaveLength(0)
  })
})

test('a program that cannot be started', () => {
  expect(errnoOf(() => spawn({ program: '/no/such/program', argv: ['program'] }))).toBe('ENOENT')
})

describe('errno', () => {
  test.each([
    ['EBADF', () => sockets.read(999_999, 1)],
    ['ENOTCONN', () => sockets.getpeername(kept(sockets.socket(sys.AF_INET, sys.SOCK_STREAM, 0)))],
    ['EINVAL', () => sockets.accept(kept(sockets.socket(sys.AF_INET, sys.SOCK_STREAM, 0)))],
    ['EAFNOSUPPORT', () => sockets.socket(250, sys.SOCK_STREAM, 0)],
    [
      'EISCONN',
      () => {
        const { client, listening } = pair()
        sockets.connect(client, sockets.getsockname(listening))
      },
    ],
    [
      'EAGAIN',
      () => {
        const { client } = pair()
        sockets.setNonBlocking(client)
        sockets.read(client, 1)
      },
    ],
  ])('%s', (name, call) => {
    expect(errnoOf(call)).toBe(name)
  })
})

test('options: a buffer that is asked for, and one that is read back', () => {
  const { client } = pair()
  sockets.setsockopt(client, sys.SOL_SOCKET, sys.SO_RCVBUF, 8192)
  expect(sockets.getsockopt(client, sys.SOL_SOCKET, sys.SO_RCVBUF)).toBeGreaterThanOrEqual(8192)
  sockets.setsockopt(client, sys.IPPROTO_TCP, sys.TCP_NODELAY, 1)
  expect(sockets.getsockopt(client, sys.IPPROTO_TCP, sys.TCP_NODELAY)).not.toBe(0)
})

describe('waiting for several descriptors', () => {
  test('select leaves only those that are ready', () => {
    const first = pair()
    const second = pair()
    sockets.write(second.client, Buffer.from('x'))
    const readers = new DescriptorSet()
    const writers = new DescriptorSet()
    for (const descriptor of [first.server, second.server]) readers.add(descriptor)
    writers.add(first.client)
    expect(select(readers, writers)).toBe(2)
    expect(readers.list()).toEqual([second.server])
    expect(writers.list()).toEqual([first.client])
  })

  test('select comes back empty when the time is over', () => {
    const { server } = pair()
    const readers = new DescriptorSet()
    readers.add(server)
    expect(select(readers, new DescriptorSet(), 1)).toBe(0)
    expect(readers.list()).toEqual([])
  })

  test('an fd_set has room for 1024 descriptors, and takes no other', () => {
    const set = new DescriptorSet()
    expect([0, 63, 64, 1023].map((descriptor) => set.add(descriptor))).toEqual([true, true, true, true])
    expect(set.add(1024)).toBe(false)
    expect(set.list()).toEqual([0, 63, 64, 1023])
  })

  test('poll tells readable, writable and broken apart', () => {
    const { client, server } = pair()
    expect(poll([client, server], 0, sys.POLLIN | sys.POLLOUT)).toEqual(
      [client, server].map((descriptor) => ({ descriptor, readable: false, writable: true, broken: false })),
    )
    sockets.write(client, Buffer.from('x'))
    expect(poll([server], -1)).toEqual([{ descriptor: server, readable: true, writable: false, broken: false }])
  })
})

describe('addresses', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1:80'],
    ['::1', '[::1]:80'],
    ['2001:db8::0:0:1', '[2001:db8::1]:80'],
  ])('%s', (host, text) => {
    const address = internetAddress(host, 80)
    if (!address) throw new Error('refused')
    expect(formatAddress(parseAddress(address.bytes, address.bytes.length))).toBe(text)
  })

  test.each(['', '1.2.3', '256.0.0.1', 'localhost', ':::', '1.2.3.4 '])('%j is none', (host) => {
    expect(internetAddress(host, 80)).toBeUndefined()
  })

  test('what the kernel returns may be shorter than an address', () => {
    for (let length = 0; length < 16; length++) {
      expect(formatAddress(parseAddress(Buffer.alloc(16), length))).toBe('')
    }
  })

  test('a name has addresses, IPv4 before IPv6', () => {
    const families = resolve('localhost').map(({ family }) => family)
    expect(families).toContain(sys.AF_INET)
    expect(families).toEqual([...families].sort((a, b) => Number(b === sys.AF_INET) - Number(a === sys.AF_INET)))
  })
})

describe('data in the log of calls', () => {
  test.each([
    ['hello\n', '"hello\\n"'],
    ['"\\', '"\\"\\\\"'],
    ['\x1b[2J\0é', '"\\x1b[2J\\x00\\xc3\\xa9"'],
    ['x'.repeat(65), `"${'x'.repeat(64)}"...`],
  ])('%j is written as C writes it', (text, literal) => {
    expect(quoted(Buffer.from(text))).toBe(literal)
  })
})
