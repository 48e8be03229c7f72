/** TCP segments (RFC 9293) with options of every kind, whole and not. */
import type { Random } from '../../support/random.js'
import { type Bytes, filler, mostly, noise, u16, u32 } from './bytes.js'

const EXPERIMENTAL_FAST_OPEN = 0xf989

/** Kind, honest length of the data. */
const lengths = {
  mss: [2, 2],
  windowScale: [3, 1],
  sackPermitted: [4, 0],
  sack: [5, 8],
  echo: [6, 4],
  echoReply: [7, 4],
  timestamps: [8, 8],
  partialOrder: [9, 0],
  connectionCount: [11, 4],
  checksumRequest: [14, 1],
  scps: [20, 2],
  negativeAcknowledgment: [21, 4],
  corruption: [23, 0],
  md5: [19, 16],
  quickStart: [27, 6],
  userTimeout: [28, 2],
  authentication: [29, 14],
  fastOpen: [34, 8],
  encryption: [69, 5],
  accurateEcn: [172, 9],
  experiment: [253, 4],
  otherExperiment: [254, 6],
  unknown: [200, 5],
} as const

/** Honest lengths of the data of Multipath TCP's options, subtype by subtype (RFC 8684 §3, RFC 6824). */
const multipathLengths: readonly (readonly number[])[] = [
  [2, 10, 18, 20, 22, 6], // MP_CAPABLE
  [14, 22], // MP_JOIN; of 12 bytes tshark 4.0 asserts what is not so
  [2, 6, 10, 14, 18, 22, 24, 26], // DSS
  [6, 8, 14, 16, 20, 22, 28], // ADD_ADDR
  [2, 3, 5], // REMOVE_ADDR
  [1, 2], // MP_PRIO
  [10], // MP_FAIL
  [10], // MP_FASTCLOSE
  [2], // MP_TCPRST
  [2],
  [2],
]

function multipath(random: Random): Bytes {
  const subtype = random.below(random.chance(0.1) ? 16 : multipathLengths.length)
  const length = random.pick(multipathLengths[subtype] ?? [2])
  const data = [...noise(random, random.chance(0.1) ? random.below(30) : length)]
  if (data.length > 0) data[0] = (subtype << 4) | random.pick([0, 1, 4, 6, random.below(16)])
  return [30, 2 + data.length, ...data]
}

function option(random: Random, sequence: number): Bytes {
  if (random.chance(0.2)) return multipath(random)
  const name = random.pick(Object.keys(lengths) as (keyof typeof lengths)[])
  const [kind, length] = lengths[name]
  if (name === 'sack') return sack(random, sequence)
  if (name === 'experiment' && random.chance(0.5)) return [kind, 4 + 4, ...u16(EXPERIMENTAL_FAST_OPEN), 1, 2, 3, 4]
  if (name === 'fastOpen') {
    const cookie = random.pick([0, 4, 8, 16, 3, 1])
    return [kind, 2 + cookie, ...noise(random, cookie)]
  }
  if (name === 'windowScale') return [kind, 3, random.pick([0, 7, 14, 15, 255])]
  return [kind, 2 + length, ...noise(random, length)]
}

function sack(random: Random, sequence: number): Bytes {
  const blocks = random.pick([1, 1, 2, 3, 4])
  const edges = Array.from({ length: 2 * blocks }, (_, index) => u32(sequence + 1000 * (index + 1)))
  return [5, 2 + 8 * blocks, ...edges.flat()]
}

/** Options as they are sent, and some whose length does not fit them, the header, or anything. */
export function options(random: Random, sequence: number): Bytes {
  const kinds = random.pick([0, 0, 0, 1, 1, 2, 3, 4])
  const bytes: number[] = []
  for (let index = 0; index < kinds; index++) {
    if (random.chance(0.3)) bytes.push(...filler(random.below(4), 1))
    const one = [...option(random, sequence)]
    if (random.chance(0.06)) one[1] = random.pick([0, 1, 2, 3, (one[1] ?? 0) - 1, (one[1] ?? 0) + 1, 40, 255])
    if (random.chance(0.03)) one.length = random.below(one.length)
    bytes.push(...one)
    if (random.chance(0.04)) bytes.push(0)
  }
  if (bytes.length > 40) bytes.length = 40
  while (bytes.length % 4 !== 0) bytes.push(random.chance(0.8) ? 1 : 0)
  return bytes
}

export interface Place {
  readonly source: number
  readonly destination: number
  readonly sequence: number
  readonly acknowledgment: number
}

export const FLAGS = [
  0x02, 0x12, 0x10, 0x10, 0x10, 0x18, 0x18, 0x11, 0x04, 0x14, 0x00, 0x29, 0x03, 0xc2, 0x152,
] as const

export function tcp(random: Random, place: Place, payload: Bytes): Bytes {
  const flags = random.pick(FLAGS)
  const list = options(random, place.acknowledgment)
  const offset = mostly(random, 5 + list.length / 4, 16, 0.95)
  return [
    ...u16(place.source),
    ...u16(place.destination),
    ...u32(place.sequence),
    ...u32(random.chance(0.9) || (flags & 0x10) !== 0 ? place.acknowledgment : 0),
    ...u16((offset << 12) | flags),
    ...u16(random.pick([0, 1, 1000, 29200, 65535])),
    ...u16(random.below(65536)),
    ...u16(random.chance(0.9) ? 0 : random.below(65536)),
    ...list,
    ...payload,
  ]
}
