/**
 * The sockets API, as <sys/socket.h> and <unistd.h> declare it. Each function makes the real call and blocks as the real
 * one does; where C returns -1 and sets errno, these throw CallError.
 */
import { type Address, formatAddress, parseAddress, SOCKADDR_MAX } from './address.js'
import * as sys from './constants.js'
import { bound } from './library.js'
import { quoted } from './notation.js'
import { lengthOf, traced } from './traced.js'

const native = {
  socket: bound<(domain: number, type: number, protocol: number) => number>('int socket(int, int, int)'),
  setsockopt: bound<(fd: number, level: number, name: number, value: Buffer, length: number) => number>(
    'int setsockopt(int, int, int, const void *, uint)',
  ),
  getsockopt: bound<(fd: number, level: number, name: number, value: Buffer, length: Buffer) => number>(
    'int getsockopt(int, int, int, void *, void *)',
  ),
  bind: bound<(fd: number, address: Buffer, length: number) => number>('int bind(int, const void *, uint)'),
  listen: bound<(fd: number, backlog: number) => number>('int listen(int, int)'),
  accept: bound<(fd: number, address: Buffer, length: Buffer) => number>('int accept(int, void *, void *)'),
  connect: bound<(fd: number, address: Buffer, length: number) => number>('int connect(int, const void *, uint)'),
  read: bound<(fd: number, buffer: Buffer, count: number) => number>('intptr_t read(int, void *, size_t)'),
  write: bound<(fd: number, buffer: Buffer, count: number) => number>('intptr_t write(int, const void *, size_t)'),
  send: bound<(fd: number, buffer: Buffer, count: number, flags: number) => number>(
    'intptr_t send(int, const void *, size_t, int)',
  ),
  recv: bound<(fd: number, buffer: Buffer, count: number, flags: number) => number>(
    'intptr_t recv(int, void *, size_t, int)',
  ),
  sendto: bound<(fd: number, buffer: Buffer, count: number, flags: number, to: Buffer, length: number) => number>(
    'intptr_t sendto(int, const void *, size_t, int, const void *, uint)',
  ),
  recvfrom: bound<(fd: number, buffer: Buffer, count: number, flags: number, from: Buffer, length: Buffer) => number>(
    'intptr_t recvfrom(int, void *, size_t, int, void *, void *)',
  ),
  shutdown: bound<(fd: number, how: number) => number>('int shutdown(int, int)'),
  close: bound<(fd: number) => number>('int close(int)'),
  getsockname: bound<(fd: number, address: Buffer, length: Buffer) => number>('int getsockname(int, void *, void *)'),
  getpeername: bound<(fd: number, address: Buffer, length: Buffer) => number>('int getpeername(int, void *, void *)'),
  fcntl: bound<(fd: number, command: number, type: 'int', argument: number) => number>('int fcntl(int, int, ...)'),
  dup: bound<(fd: number) => number>('int dup(int)'),
}

/** Makes a socket; returns its descriptor. */
export function socket(domain: number, type: number, protocol: number): number {
  return traced({
    call: 'socket',
    make: () => native.socket(domain, type, protocol),
    describe: () => [sys.constantName('family', domain), sys.constantName('type', type), String(protocol)],
  })
}

/** Sets an option whose value is an int, or a struct given as its bytes. */
export function setsockopt(descriptor: number, level: number, name: number, value: number | Buffer): void {
  const bytes = typeof value === 'number' ? Buffer.alloc(4) : value
  if (typeof value === 'number') bytes.writeInt32LE(value)
  traced({
    call: 'setsockopt',
    descriptor,
    make: () => native.setsockopt(descriptor, level, name, bytes, bytes.length),
    describe: () => [
      String(descriptor),
      sys.constantName('level', level),
      sys.optionName(level, name),
      typeof value === 'number' ? `[${value}]` : quoted(value),
      String(bytes.length),
    ],
  })
}

/** Reads an option whose value is an int. */
export function getsockopt(descriptor: number, level: number, name: number): number {
  const value = Buffer.alloc(4)
  traced({
    call: 'getsockopt',
    descriptor,
    make: () => native.getsockopt(descriptor, level, name, value, lengthOf(value)),
    describe: () => [
      String(descriptor),
      sys.constantName('level', level),
      sys.optionName(level, name),
      `[${value.readInt32LE(0)}]`,
      `[${value.length}]`,
    ],
  })
  return value.readInt32LE(0)
}

export function bind(descriptor: number, address: Address): void {
  traced({
    call: 'bind',
    descriptor,
    make: () => native.bind(descriptor, address.bytes, address.bytes.length),
    describe: () => [String(descriptor), describeAddress(address), String(address.bytes.length)],
  })
}

export function listen(descriptor: number, backlog: number): void {
  traced({
    call: 'listen',
    descriptor,
    make: () => native.listen(descriptor, backlog),
    describe: () => [String(descriptor), String(backlog)],
  })
}

/** Waits for a connection; returns the connected socket, a new descriptor, and who is at its other end. */
export function accept(descriptor: number): { connected: number; peer: Address } {
  const name = new NameBuffer()
  const connected = traced({
    call: 'accept',
    descriptor,
    make: () => native.accept(descriptor, name.bytes, name.length),
    describe: (result) => [String(descriptor), ...name.describe(result)],
  })
  return { connected, peer: name.address() }
}

export function connect(descriptor: number, address: Address): void {
  traced({
    call: 'connect',
    descriptor,
    make: () => native.connect(descriptor, address.bytes, address.bytes.length),
    describe: () => [String(descriptor), describeAddress(address), String(address.bytes.length)],
    peer: () => formatAddress(address),
  })
}

/** Reads at most `count` bytes; an empty buffer is the end of the file. */
export function read(descriptor: number, count: number): Buffer {
  const buffer = Buffer.allocUnsafe(count)
  const length = traced({
    call: 'read',
    descriptor,
    make: () => native.read(descriptor, buffer, count),
    describe: (result) => [String(descriptor), quoted(buffer.subarray(0, Math.max(result, 0))), String(count)],
  })
  return buffer.subarray(0, length)
}

/** Writes; returns how many bytes were taken, which may be fewer than there are. */
export function write(descriptor: number, bytes: Buffer): number {
  return traced({
    call: 'write',
    descriptor,
    make: () => native.write(descriptor, bytes, bytes.length),
    describe: () => [String(descriptor), quoted(bytes), String(bytes.length)],
  })
}

export function send(descriptor: number, bytes: Buffer, flags: number): number {
  return traced({
    call: 'send',
    descriptor,
    make: () => native.send(descriptor, bytes, bytes.length, flags),
    describe: () => [String(descriptor), quoted(bytes), String(bytes.length), sys.flagNames(flags)],
  })
}

export function recv(descriptor: number, count: number, flags: number): Buffer {
  const buffer = Buffer.allocUnsafe(count)
  const length = traced({
    call: 'recv',
    descriptor,
    make: () => native.recv(descriptor, buffer, count, flags),
    describe: (result) => [
      String(descriptor),
      quoted(buffer.subarray(0, Math.max(result, 0))),
      String(count),
      sys.flagNames(flags),
    ],
  })
  return buffer.subarray(0, length)
}

export function sendto(descriptor: number, bytes: Buffer, flags: number, to: Address): number {
  return traced({
    call: 'sendto',
    descriptor,
    make: () => native.sendto(descriptor, bytes, bytes.length, flags, to.bytes, to.bytes.length),
    describe: () => [
      String(descriptor),
      quoted(bytes),
      String(bytes.length),
      sys.flagNames(flags),
      describeAddress(to),
      String(to.bytes.length),
    ],
    peer: () => formatAddress(to),
  })
}

/** Waits for a datagram, keeps at most `count` bytes of it, and says who sent it. The rest of a longer one is lost. */
export function recvfrom(descriptor: number, count: number, flags: number): { bytes: Buffer; from: Address } {
  const buffer = Buffer.allocUnsafe(count)
  const name = new NameBuffer()
  const length = traced({
    call: 'recvfrom',
    descriptor,
    make: () => native.recvfrom(descriptor, buffer, count, flags, name.bytes, name.length),
    describe: (result) => [
      String(descriptor),
      quoted(buffer.subarray(0, Math.max(result, 0))),
      String(count),
      sys.flagNames(flags),
      ...name.describe(result),
    ],
    peer: () => formatAddress(name.address()),
  })
  return { bytes: buffer.subarray(0, length), from: name.address() }
}

export function shutdown(descriptor: number, how: number): void {
  traced({
    call: 'shutdown',
    descriptor,
    make: () => native.shutdown(descriptor, how),
    describe: () => [String(descriptor), sys.constantName('how', how)],
  })
}

export function close(descriptor: number): void {
  traced({ call: 'close', descriptor, make: () => native.close(descriptor), describe: () => [String(descriptor)] })
}

/** This end's address: for a client that never bound, what the kernel chose. */
export function getsockname(descriptor: number): Address {
  return named('getsockname', native.getsockname, descriptor)
}

/** The other end's address; a program started by inetd has no other way to learn its client. */
export function getpeername(descriptor: number): Address {
  return named('getpeername', native.getpeername, descriptor)
}

/** From now on, a call that would have to wait fails with EAGAIN instead. */
export function setNonBlocking(descriptor: number): void {
  const flags = traced({
    call: 'fcntl',
    descriptor,
    make: () => native.fcntl(descriptor, sys.F_GETFL, 'int', 0),
    describe: () => [String(descriptor), 'F_GETFL'],
  })
  traced({
    call: 'fcntl',
    descriptor,
    make: () => native.fcntl(descriptor, sys.F_SETFL, 'int', flags | sys.O_NONBLOCK),
    describe: () => [String(descriptor), 'F_SETFL', 'O_NONBLOCK'],
  })
}

/** A second descriptor for the same file. */
export function dup(descriptor: number): number {
  return traced({ call: 'dup', descriptor, make: () => native.dup(descriptor), describe: () => [String(descriptor)] })
}

function named(call: string, ask: typeof native.getsockname, descriptor: number): Address {
  const name = new NameBuffer()
  traced({
    call,
    descriptor,
    make: () => ask(descriptor, name.bytes, name.length),
    describe: (result) => [String(descriptor), ...name.describe(result)],
  })
  return name.address()
}

/** Room for an address that the kernel fills in, with the socklen_t beside it. */
class NameBuffer {
  readonly bytes = Buffer.alloc(SOCKADDR_MAX)
  readonly length = lengthOf(this.bytes)

  address(): Address {
    return parseAddress(this.bytes, this.length.readUInt32LE(0))
  }

  describe(result: number): string[] {
    if (result < 0) return ['…', '…']
    return [describeAddress(this.address()), `[${this.length.readUInt32LE(0)}]`]
  }
}

/** A struct sockaddr as strace writes it. */
function describeAddress(address: Address): string {
  if (address.family === sys.AF_UNIX) {
    return address.path ? `{sa_family=AF_UNIX, sun_path=${quoted(Buffer.from(address.path))}}` : '{sa_family=AF_UNIX}'
  }
  const family = sys.constantName('family', address.family)
  const [port, host] = address.family === sys.AF_INET6 ? ['sin6_port', 'sin6_addr'] : ['sin_port', 'sin_addr']
  return `{sa_family=${family}, ${port}=htons(${address.port}), ${host}="${address.host}"}`
}
