/** IPv4 and IPv6 packets with what can stand in them: options, extension headers, fragments, and lengths that lie. */
import type { Random } from '../../support/random.js'
import { type Bytes, filler, mostly, noise, u16, u32 } from './bytes.js'
import { tcp } from './tcp.js'

/** Hosts, by their last byte. */
const HOSTS = [1, 2, 3, 10, 255] as const

const PORTS = [40001, 40002, 50001, 50002, 45000] as const

/** Where each connection is, so that segments mostly follow one another. */
export class Traffic {
  readonly #next = new Map<string, number>()

  /** A segment between two ports, mostly the next one. */
  segment(random: Random, hosts: string, length: number) {
    const source = random.pick(PORTS)
    const destination = random.pick(PORTS)
    const there = `${hosts} ${source} ${destination}`
    const back = `${hosts.split(' ').reverse().join(' ')} ${destination} ${source}`
    const sequence = this.#next.get(there) ?? random.pick([0xffff_ff00, 1, random.bits()])
    this.#next.set(there, (sequence + length) >>> 0)
    const acknowledgment = this.#next.get(back) ?? random.bits()
    return { source, destination, sequence: random.chance(0.1) ? sequence - length : sequence, acknowledgment }
  }
}

/** Application bytes that say nothing. */
export function payload(random: Random): Bytes {
  return filler(random.pick([0, 0, 1, 5, 10, 30, 60, 200]))
}

export function udp(random: Random, data: Bytes, version: 4 | 6): Bytes {
  const length = mostly(random, 8 + data.length, 65536, version === 6 ? 0.9 : 0.93)
  const [source, destination] = [random.pick(PORTS), random.pick(PORTS)]
  return [...u16(source), ...u16(destination), ...u16(length), ...u16(random.below(65536)), ...data]
}

const ICMP_TYPES = [0, 3, 3, 3, 4, 5, 8, 8, 9, 10, 11, 11, 12, 13, 14, 15, 16, 17, 18, 40, 42, 255] as const

function icmp(random: Random, traffic: Traffic, depth: number): Bytes {
  const type = random.pick(ICMP_TYPES)
  const head = [type, random.below(16), ...noise(random, 2), ...(random.chance(0.6) ? [0, 0, 0, 0] : noise(random, 4))]
  const isError = [3, 4, 5, 11, 12].includes(type)
  if (isError && depth < 2) return [...head, ...quoteOf(random, ipv4(random, traffic, depth + 1))]
  return [...head, ...payload(random)]
}

function icmpv6(random: Random, traffic: Traffic, depth: number): Bytes {
  const type = random.pick([1, 1, 2, 3, 4, 128, 129, 130, 131, 133, 134, 135, 136, 137, 143, 200] as const)
  const head = [type, random.below(8), ...noise(random, 2), ...(random.chance(0.6) ? [0, 0, 0, 0] : noise(random, 4))]
  if (type < 5 && depth < 2) return [...head, ...quoteOf(random, ipv6(random, traffic, depth + 1))]
  if (type >= 133 && type <= 137) return [...head, ...noise(random, random.pick([0, 4, 16, 32])), ...discovery(random)]
  return [...head, ...payload(random)]
}

/** Options of neighbour discovery: type, length in units of 8 bytes, data. */
function discovery(random: Random): Bytes {
  return Array.from({ length: random.below(3) }, () => {
    const eights = random.pick([1, 1, 1, 4, 0])
    return [random.pick([1, 2, 3, 5, 24, 200]), eights, ...noise(random, Math.max(0, 8 * eights - 2))]
  }).flat()
}

/** As much of a packet as routers quote: what RFC 792 asks for, all, or some odd part. */
function quoteOf(random: Random, packet: Bytes): Bytes {
  const header = ((packet[0] ?? 0) & 15) * 4
  return packet.slice(0, random.pick([header + 8, 28, 48, 128, packet.length, random.below(packet.length + 1)]))
}

const IP_OPTIONS = [7, 68, 82, 130, 131, 133, 134, 136, 137, 148, 149, 151, 25, 30, 94, 205] as const

/** Options of IPv4: source routes, record route and the like, with pointers and lengths that may lie. */
function ipv4Options(random: Random): Bytes {
  if (random.chance(0.75)) return []
  const bytes: number[] = []
  for (let index = random.below(3); index >= 0; index--) {
    if (random.chance(0.3)) bytes.push(1)
    const type = random.pick(IP_OPTIONS)
    const length = random.pick([3, 4, 7, 7, 11, 11, 8, 12])
    const pointer = type === 68 ? 5 : 4
    const one = [type, length, random.chance(0.6) ? pointer : random.below(16), ...noise(random, length - 3)]
    if (type === 148 && random.chance(0.7)) one.splice(0, one.length, 148, 4, 0, 0)
    // its tags are read by nobody here
    if (type === 134) one.splice(0, one.length, 134, 8, 0, 0, 0, 1, 1, 2)
    if (random.chance(0.1)) one[1] = random.pick([0, 1, 2, 3, 5, 39, 200])
    bytes.push(...one)
    if (random.chance(0.1)) bytes.push(0)
  }
  if (bytes.length > 40) bytes.length = 40
  while (bytes.length % 4 !== 0) bytes.push(0)
  return bytes
}

const IPV4_OTHERS = [2, 47, 50, 51, 89, 33, 132, 136, 0, 59, 253] as const

/** What an IPv4 packet carries, with its protocol number. */
function inIpv4(random: Random, traffic: Traffic, hosts: string, depth: number): [number, Bytes] {
  const kind = random.weighted({ tcp: 50, udp: 20, icmp: 15, tunnel: depth < 2 ? 3 : 0, other: 3 })
  switch (kind) {
    case 'tcp': {
      const data = payload(random)
      return [6, tcp(random, traffic.segment(random, hosts, data.length), data)]
    }
    case 'udp':
      return [17, udp(random, payload(random), 4)]
    case 'icmp':
      return [1, icmp(random, traffic, depth)]
    case 'tunnel':
      return random.chance(0.5) ? [4, ipv4(random, traffic, depth + 1)] : [41, ipv6(random, traffic, depth + 1)]
    case 'other':
      return [random.pick(IPV4_OTHERS), noise(random, random.below(60))]
  }
}

export function ipv4(random: Random, traffic: Traffic, depth = 0): Bytes {
  const [from, to] = [random.pick(HOSTS), random.pick(HOSTS)]
  const [protocol, data] = inIpv4(random, traffic, `${from} ${to}`, depth)
  const options = ipv4Options(random)
  const length = 20 + options.length + data.length
  const version = random.chance(0.99) ? 4 : random.below(16)
  const words = mostly(random, 5 + options.length / 4, 16, 0.98)
  const fragment = random.chance(0.94)
    ? random.pick([0, 0x4000])
    : random.pick([0x2000, 0x2000, 0x2001, 1, 4, 0x8000, 0x1fff])
  return [
    (version << 4) | words,
    random.pick([0, 0, 1, 0x10, 0xb8]),
    ...u16(mostly(random, length, 65536, 0.95)),
    ...u16(random.below(20)),
    ...u16(fragment),
    random.pick([64, 128, 1, 0, 255]),
    protocol,
    ...u16(random.below(65536)),
    ...[10, 0, 0, from],
    ...[10, 0, 0, to],
    ...options,
    ...data,
  ]
}

/** An extension header's number, and its bytes with `next` as what follows. */
type Extension = (random: Random, next: number) => readonly [number, Bytes]

function tlvs(random: Random): Bytes {
  const bytes: number[] = []
  for (let index = random.below(4); index > 0; index--) {
    const type = random.pick([0, 1, 1, 5, 7, 0x26, 0x30, 0x63, 0xc2, 0xc9, 0x8b, 0x3e])
    if (type === 0) bytes.push(0)
    else {
      const honest = new Map([
        [5, 2],
        [0xc2, 4],
        [0xc9, 16],
        [0x26, 6],
        [0x63, 4],
        [0x30, 4],
      ]).get(type)
      const length = honest ?? random.below(8)
      const data = type === 0xc2 ? u32(random.pick([70000, 100, 0, 65536])) : noise(random, length)
      bytes.push(type, mostly(random, length, 256, 0.95), ...data)
    }
  }
  while ((bytes.length + 2) % 8 !== 0) bytes.push(0)
  return bytes
}

const withOptions =
  (number: number): Extension =>
  (random, next) => {
    const list = tlvs(random)
    return [number, [next, mostly(random, (list.length + 2) / 8 - 1, 256, 0.97), ...list]]
  }

const routing: Extension = (random, next) => {
  const type = random.pick([0, 0, 2, 253, 4, 4, 253, 1])
  const addresses = random.pick([0, 1, 1, 2])
  const size = random.chance(0.95) ? 2 * addresses : random.below(6)
  const last = type === 4 && addresses > 0 ? addresses - 1 : random.below(4)
  return [43, [next, size, type, random.below(3), last, ...noise(random, 3), ...noise(random, 8 * size)]]
}

const fragmentHeader: Extension = (random, next) => {
  const offset = random.pick([0, 0, 0, 1, 8, 9, 0x10, 6])
  return [44, [next, random.chance(0.9) ? 0 : 7, ...u16(offset), ...u32(random.below(8))]]
}

const authentication: Extension = (random, next) => [
  51,
  [next, mostly(random, 4, 256, 0.95), 0, 0, ...u32(7), ...u32(1), ...noise(random, 12)],
]

const shim6: Extension = (random, next) => [140, [next, 0, random.pick([0x80, 0x00, 0xff]), ...noise(random, 5)]]
const mobility: Extension = (random, next) => [135, [next, 0, random.below(20), 0, ...noise(random, 4)]]
const hip: Extension = (random, next) => [139, [next, 4, random.below(20), 0x21, ...noise(random, 36)]]

const EXTENSIONS: readonly Extension[] = [
  withOptions(0),
  withOptions(60),
  withOptions(60),
  routing,
  routing,
  fragmentHeader,
  fragmentHeader,
  authentication,
  shim6,
  mobility,
  hip,
]

function inIpv6(random: Random, traffic: Traffic, hosts: string, depth: number): [number, Bytes] {
  const kind = random.weighted({ tcp: 40, udp: 20, icmp: 18, tunnel: depth < 2 ? 3 : 0, other: 3 })
  switch (kind) {
    case 'tcp': {
      const data = payload(random)
      return [6, tcp(random, traffic.segment(random, `6 ${hosts}`, data.length), data)]
    }
    case 'udp':
      return [17, udp(random, payload(random), 6)]
    case 'icmp':
      return [58, icmpv6(random, traffic, depth)]
    case 'tunnel':
      return random.chance(0.5) ? [4, ipv4(random, traffic, depth + 1)] : [41, ipv6(random, traffic, depth + 1)]
    case 'other':
      return [random.pick([59, 50, 1, 2, 253, 132, 136]), noise(random, random.below(40))]
  }
}

export function ipv6(random: Random, traffic: Traffic, depth = 0): Bytes {
  const [from, to] = [random.pick(HOSTS), random.pick(HOSTS)]
  let [next, data] = inIpv6(random, traffic, `${from} ${to}`, depth)
  for (let count = random.pick([0, 0, 0, 0, 1, 1, 2, 3]); count > 0; count--) {
    const [number, header] = random.pick(EXTENSIONS)(random, next)
    data = [...header, ...data]
    next = number
  }
  const address = (host: number) => [0xfd, 0, ...filler(13, 0), host]
  return [
    random.chance(0.99) ? 0x60 : random.below(256),
    ...noise(random, 3),
    ...u16(mostly(random, data.length, 65536, 0.94)),
    next,
    random.pick([64, 1, 0, 255]),
    ...address(from),
    ...address(to),
    ...data,
  ]
}
