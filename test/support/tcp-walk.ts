/**
 * Random walks of pairs of TCP endpoints, from a seed: mostly what TCPs do, mixed with what they should not, so that every
 * rule of an analysis meets every state. Numbers near the wrap and at 0, clocks that step back, ports used again.
 */
import { ACK, FIN, PSH, RST, SYN } from '../../src/packet.js'
import { Random } from './random.js'
import type { Segment } from './tcp-segments.js'

interface Sent {
  sequence: number
  length: number
  flags: number
}

/** One endpoint, as far as the walk cares: where it is, and what it has sent. */
interface End {
  address: number
  port: number
  initial: number
  /** what it would send next, and has acknowledged last */
  next: number
  acknowledged: number
  window: number
  scale: number | undefined
  sent: Sent[]
  last: Segment | undefined
}

interface Pair {
  ends: [End, End]
}

const STEPS = {
  data: 30,
  push: 10,
  acknowledge: 25,
  acknowledgePart: 5,
  repeat: 18,
  changeWindow: 6,
  closeWindow: 5,
  probe: 6,
  keepAlive: 6,
  resend: 14,
  resendTwisted: 6,
  skip: 6,
  acknowledgeUnseen: 5,
  selective: 8,
  multipath: 1,
  finish: 3,
  reset: 2,
  open: 3,
  openAgain: 2,
  openAnswer: 3,
  openElsewhere: 2,
  answerElsewhere: 1,
  fastOpen: 2,
  nonsense: 3,
}

const PAUSES = {
  none: 8,
  microseconds: 40,
  aroundReordering: 8,
  aroundFast: 8,
  roundTrip: 10,
  long: 4,
  back: 2,
}

/** `count` segments between `pairs` pairs of endpoints. */
export function walk(seed: number, count: number, pairs = 3): Segment[] {
  const random = new Random(seed)
  const all = Array.from({ length: pairs }, (_, index) => newPair(random, index))
  const segments: Segment[] = []
  // some captures begin at the very epoch, which is no time at all for some programs
  let time = random.chance(0.1) ? 0n : 1_600_000_000_000_000_000n + BigInt(random.below(1_000_000_000))
  while (segments.length < count) {
    const pair = random.pick(all)
    const from = random.chance(0.55) ? 0 : 1
    // most pairs begin as they should
    const segment = step(random, pair.ends[from], pair.ends[1 - from] as End, segments.length < pairs * 6)
    segment.time = time
    segments.push(segment)
    time += pause(random)
    if (time < 0n) time = 0n
  }
  return segments
}

function newPair(random: Random, index: number): Pair {
  const initial = () => (random.chance(0.3) ? random.pick([0, 1, -1, -2, -3000, -1460]) >>> 0 : random.bits())
  const end = (address: number, port: number): End => {
    const sequence = initial()
    const scale = random.chance(0.6) ? random.pick([0, 1, 7, 14, 15, 200]) : undefined
    return {
      address,
      port,
      initial: sequence,
      next: sequence,
      acknowledged: 0,
      window: 1000,
      scale,
      sent: [],
      last: undefined,
    }
  }
  // addresses in both orders, both at one host, and one endpoint that talks to itself
  const client = end(random.below(3), 40_000 + index)
  const server = end(random.below(3), random.chance(0.1) ? client.port : 50_000)
  return { ends: [client, server] }
}

function pause(random: Random): bigint {
  switch (random.weighted(PAUSES)) {
    case 'none':
      return 0n
    case 'microseconds':
      return BigInt(random.below(2_000_000))
    case 'aroundReordering':
      return 3_000_000n + BigInt(random.below(3) - 1)
    case 'aroundFast':
      return 20_000_000n + BigInt(random.below(3) - 1)
    case 'roundTrip':
      return BigInt(random.below(60_000_000))
    case 'long':
      return BigInt(random.below(4_000_000)) * 1000n
    case 'back':
      return -BigInt(random.below(30_000_000))
  }
}

function step(random: Random, from: End, to: End, isEarly: boolean): Segment {
  const base = make(from, to)
  const kind =
    isEarly && random.chance(0.7) ? random.pick(['open', 'openAnswer', 'acknowledge'] as const) : random.weighted(STEPS)
  switch (kind) {
    case 'data':
      return send(from, { ...base, length: lengthOf(random), flags: ACK })
    case 'push':
      return send(from, { ...base, length: lengthOf(random), flags: ACK | PSH })
    case 'acknowledge':
      return acknowledge(from, { ...base, acknowledgment: to.next })
    case 'acknowledgePart': {
      const earlier = to.sent.length > 0 ? random.pick(to.sent) : undefined
      const part = earlier === undefined ? 0 : random.below(earlier.length + 2)
      return acknowledge(from, { ...base, acknowledgment: ((earlier?.sequence ?? to.next) + part) >>> 0 })
    }
    case 'repeat':
      return from.last === undefined ? base : { ...from.last, length: 0, flags: ACK }
    case 'changeWindow':
      return acknowledge(from, { ...base, window: random.below(65536) })
    case 'closeWindow':
      return acknowledge(from, { ...base, window: 0, acknowledgment: random.chance(0.5) ? to.next : from.acknowledged })
    case 'probe':
      return random.chance(0.5) ? { ...base, length: 1 } : send(from, { ...base, length: 1 })
    case 'keepAlive':
      return { ...base, sequence: (from.next - 1) >>> 0, length: random.below(2) }
    case 'resend':
    case 'resendTwisted':
      return resend(random, from, base, kind === 'resendTwisted')
    case 'skip':
      from.next = (from.next + random.pick([1, 10, 1460, 0x7fff_ffff, 0x8000_0000])) >>> 0
      return send(from, { ...base, sequence: from.next, length: random.pick([0, 1, 100]) })
    case 'acknowledgeUnseen':
      return acknowledge(from, { ...base, acknowledgment: (to.next + random.pick([1, 500, 0x7fff_ffff])) >>> 0 })
    case 'selective':
      return { ...base, sack: sackOf(random, to), ...(random.chance(0.3) ? { length: 50 } : {}) }
    case 'multipath':
      return { ...(from.last ?? base), length: 0, flags: ACK, multipath: 2 + random.below(6) }
    case 'finish':
      return send(from, {
        ...base,
        flags: random.pick([FIN | ACK, FIN | ACK | PSH, FIN]),
        length: random.pick([0, 0, 20]),
      })
    case 'reset':
      return {
        ...base,
        flags: random.pick([RST, RST | ACK]),
        sequence: random.pick([from.next, to.acknowledged]),
        length: random.pick([0, 0, 9]),
      }
    case 'open':
      from.next = from.initial
      return open(random, from, {
        ...base,
        sequence: from.initial,
        acknowledgment: random.pick([0, 0, 0, 77]),
        flags: SYN,
      })
    case 'openAgain':
      return open(random, from, {
        ...base,
        sequence: from.initial,
        acknowledgment: 0,
        flags: random.pick([SYN, SYN | FIN, SYN | RST]),
      })
    case 'openAnswer':
      from.next = from.initial
      return open(random, from, {
        ...base,
        sequence: from.initial,
        acknowledgment: (to.initial + 1) >>> 0,
        flags: SYN | ACK,
      })
    case 'openElsewhere':
      from.next = from.initial = random.pick([random.bits(), (from.next + 100) >>> 0])
      return open(random, from, { ...base, sequence: from.initial, acknowledgment: 0, flags: SYN })
    case 'answerElsewhere':
      from.next = from.initial = random.bits()
      return open(random, from, { ...base, sequence: from.initial, acknowledgment: to.next, flags: SYN | ACK })
    case 'fastOpen':
      return fastOpen(random, from, to, base)
    case 'nonsense':
      return {
        ...base,
        sequence: random.pick([random.bits(), from.next, 0]),
        acknowledgment: random.pick([random.bits(), to.next, 0]),
        flags: random.below(64),
        window: random.pick([0, from.window, random.below(65536)]),
        length: random.pick([0, 1, 2, 300]),
        ...(random.chance(0.2) ? { scale: random.below(20) } : {}),
      }
  }
}

/** An empty segment at the place where `from` is. */
function make(from: End, to: End): Segment {
  return {
    time: 0n,
    source: from.address,
    sourcePort: from.port,
    destination: to.address,
    destinationPort: to.port,
    sequence: from.next,
    acknowledgment: from.acknowledged,
    flags: ACK,
    window: from.window,
    length: 0,
  }
}

function lengthOf(random: Random): number {
  return random.pick([1, 2, 3, 100, 536, 1000, 1460, 1460, 20_000])
}

function send(from: End, segment: Segment): Segment {
  from.sent.push({ sequence: segment.sequence, length: segment.length, flags: segment.flags })
  if (from.sent.length > 40) from.sent.splice(0, 20)
  const virtual = (segment.flags & (SYN | FIN)) !== 0 ? 1 : 0
  from.next = (segment.sequence + segment.length + virtual) >>> 0
  from.last = segment
  return segment
}

function acknowledge(from: End, segment: Segment): Segment {
  from.acknowledged = segment.acknowledgment
  from.window = segment.window
  from.last = segment
  return segment
}

function open(random: Random, from: End, segment: Segment): Segment {
  if (random.chance(0.9) && from.scale !== undefined) segment.scale = from.scale
  if (random.chance(0.1)) segment.length = 30
  from.acknowledged = segment.acknowledgment
  return send(from, segment)
}

function fastOpen(random: Random, from: End, to: End, base: Segment): Segment {
  from.next = from.initial
  const cookie = random.pick([0, 4, 8])
  if (random.chance(0.6)) {
    return send(from, {
      ...base,
      sequence: from.initial,
      acknowledgment: 0,
      flags: SYN,
      cookie,
      length: random.pick([0, 100]),
    })
  }
  const acknowledgment = (to.initial + random.pick([1, 101])) >>> 0
  return send(from, { ...base, sequence: from.initial, acknowledgment, flags: SYN | ACK, cookie })
}

function resend(random: Random, from: End, base: Segment, twisted: boolean): Segment {
  const earlier = from.sent.length > 0 ? random.pick(from.sent) : { sequence: from.next, length: 10, flags: ACK }
  const segment = { ...base, ...earlier }
  if (!twisted) return segment
  segment.sequence = (segment.sequence + random.pick([0, 1, -1, 50, -50])) >>> 0
  segment.length = random.pick([segment.length, 1, 2, segment.length + 10, 3000])
  return random.chance(0.5) ? send(from, segment) : segment
}

/** Blocks of what the other end has sent, as a receiver with holes would report them, or not at all like that. */
function sackOf(random: Random, to: End): number[] {
  const blocks: number[] = []
  const count = 1 + random.below(4)
  for (let block = 0; block < count; block++) {
    const earlier = to.sent.length > 0 ? random.pick(to.sent) : { sequence: to.next, length: 10 }
    const left = random.chance(0.1) ? random.bits() : earlier.sequence
    blocks.push(left, (left + earlier.length + (random.chance(0.1) ? -100 : 0)) >>> 0)
  }
  return blocks
}
