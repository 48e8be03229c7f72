/** Frames of the links that the project reads, each a random packet of the protocols above. */
import type { Random } from '../../support/random.js'
import { type Bytes, filler, mostly, noise, u16, u16le, u32, u32le } from './bytes.js'
import { ipv4, ipv6, type Traffic } from './ip.js'

/** A frame as it was sent. */
export type Frame = (random: Random, traffic: Traffic) => Bytes

const mac = (random: Random) => [0x02, 0, 0, 0, 0, random.below(4)]

function arp(random: Random): Bytes {
  const operation = random.pick([1, 1, 2, 2, 3, 4, 8, 9, 10, 0, 25])
  const [hardware, protocol] = random.chance(0.9) ? [6, 4] : [random.below(9), random.below(9)]
  return [
    ...u16(random.chance(0.9) ? 1 : random.pick([6, 16, 19, 24, 32])),
    ...u16(random.chance(0.95) ? 0x0800 : 0x86dd),
    ...[hardware, protocol],
    ...u16(operation),
    ...noise(random, 2 * (hardware + protocol)),
  ]
}

/** A network packet and the EtherType that names it. */
function network(random: Random, traffic: Traffic): [number, Bytes] {
  switch (random.weighted({ ipv4: 60, ipv6: 35, arp: 6, other: 2, swapped: 1 })) {
    case 'ipv4':
      return [0x0800, ipv4(random, traffic)]
    case 'ipv6':
      return [0x86dd, ipv6(random, traffic)]
    case 'arp':
      return [random.chance(0.9) ? 0x0806 : 0x8035, arp(random)]
    case 'other':
      return [random.pick([0x88cc, 0x9000, 0x888e, 0x1234, 0x600]), noise(random, random.below(50))]
    case 'swapped':
      return [0x86dd, ipv4(random, traffic)]
  }
}

/** The packet after its type field, with tags and LLC where there are some. */
function typed(random: Random, traffic: Traffic, depth = 0): Bytes {
  if (depth < 4 && random.chance(depth === 0 ? 0.15 : 0.3)) {
    const tag = random.pick([0x8100, 0x8100, 0x8100, 0x9100, 0x88a8])
    return [...u16(tag), ...u16(random.pick([1, 2, 0, 0xfff, 0xe001])), ...typed(random, traffic, depth + 1)]
  }
  if (random.chance(0.07)) {
    const data = llc(random, traffic)
    return [...u16(mostly(random, data.length, 0x600, 0.9)), ...data]
  }
  const [type, data] = network(random, traffic)
  return [...u16(type), ...data]
}

function llc(random: Random, traffic: Traffic): Bytes {
  const [type, data] = network(random, traffic)
  switch (random.weighted({ snap: 10, bridged: 2, other: 2, ip: 3, control: 2, stp: 1 })) {
    case 'snap':
      return [0xaa, 0xaa, 3, 0, 0, 0, ...u16(type), ...data]
    case 'bridged':
      return [0xaa, 0xaa, 3, 0, 0, 0xf8, ...u16(type), ...data]
    case 'other':
      return [0xaa, 0xaa, 3, ...noise(random, 5), ...data]
    case 'ip':
      return [6, 6, 3, ...ipv4(random, traffic)]
    case 'control':
      return [random.pick([6, 0xaa, 0x42, 0xf0, 0xfe]), random.below(256), random.below(256), ...data]
    case 'stp':
      return [0x42, 0x42, 3, ...filler(35, 0)]
  }
}

const ethernet: Frame = (random, traffic) => {
  const frame = [...mac(random), ...mac(random), ...typed(random, traffic)]
  if (frame.length < 60 && random.chance(0.8))
    return [...frame, ...filler(60 - frame.length, random.pick([0, 0, 0x20]))]
  return random.chance(0.05) ? [...frame, ...noise(random, random.below(12))] : frame
}

const cooked: Frame = (random, traffic) => {
  const [type, data] = random.chance(0.95) ? network(random, traffic) : [random.pick([1, 4, 3]), llc(random, traffic)]
  const hardware = random.chance(0.9) ? random.pick([1, 772]) : random.pick([512, 776, 778, 801, 824])
  return [
    ...u16(random.below(6)),
    ...u16(hardware),
    ...u16(random.pick([6, 6, 0, 8])),
    ...noise(random, 8),
    ...u16(type),
    ...data,
  ]
}

const cooked2: Frame = (random, traffic) => {
  const [type, data] = network(random, traffic)
  const hardware = random.chance(0.9) ? random.pick([1, 772]) : random.pick([776, 778, 801, 824])
  return [
    ...[...u16(type), 0, 0, ...u32(random.below(9)), ...u16(hardware)],
    ...[random.below(6), random.pick([6, 6, 0, 8]), ...noise(random, 8), ...data],
  ]
}

function family(random: Random, version: 4 | 6): number {
  if (random.chance(0.03)) return random.pick([0, 1, 7, 99, 0x0800, 0x86dd])
  return version === 4 ? 2 : random.pick([10, 24, 28, 30])
}

const ip = (random: Random, traffic: Traffic, version: 4 | 6) =>
  version === 4 ? ipv4(random, traffic) : ipv6(random, traffic)

const version = (random: Random) => (random.chance(0.6) ? 4 : 6)

const loopback: Frame = (random, traffic) => {
  const which = version(random)
  const write = random.chance(0.5) ? u32le : u32
  return [...write(family(random, which)), ...ip(random, traffic, which)]
}

const openLoopback: Frame = (random, traffic) => {
  const which = version(random)
  return [...u32(family(random, which)), ...ip(random, traffic, which)]
}

const raw: Frame = (random, traffic) => ip(random, traffic, version(random))

/** By LINKTYPE_. */
export const links: ReadonlyMap<number, Frame> = new Map([
  [1, ethernet],
  [0, loopback],
  [12, raw],
  [101, raw],
  [108, openLoopback],
  [113, cooked],
  [228, (random, traffic) => ip(random, traffic, random.chance(0.95) ? 4 : 6)],
  [229, (random, traffic) => ip(random, traffic, random.chance(0.95) ? 6 : 4)],
  [276, cooked2],
])

export { u16le }
