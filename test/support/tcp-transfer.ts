/**
 * Transfers as a capture in the middle of a bad network sees them, from a seed: two endpoints that send as TCPs do, a wire
 * that loses, reorders and duplicates, receivers that close their windows, keep-alives, SACK, fast open, ends of all
 * kinds, and the same ports used again. What `walk` does to the rules one by one, this does to them in their usual company.
 */
import { ACK, FIN, PSH, RST, SYN } from '../../src/packet.js'
import { Random } from './random.js'
import type { Segment } from './tcp-segments.js'

interface Conditions {
  readonly loss: number
  readonly reordering: number
  readonly duplication: number
  /** nanoseconds, one way */
  readonly delay: number
  readonly segmentSize: number
  /** segments in flight, at most */
  readonly flight: number
  readonly segments: number
  readonly scale: number | undefined
  readonly hasSack: boolean
  readonly ending: 'fin' | 'reset' | 'none'
}

interface End {
  readonly address: number
  readonly port: number
  next: number
  acknowledged: number
  window: number
}

/** Segments that wait for their time to pass the capture. */
class Wire {
  readonly passed: Segment[] = []
  readonly #random: Random
  readonly #conditions: Conditions

  constructor(random: Random, conditions: Conditions) {
    this.#random = random
    this.#conditions = conditions
  }

  /** Sends a segment at `time`; true when it arrives. The capture may see it even if it is lost after. */
  send(from: End, to: End, time: number, fields: Partial<Segment>): boolean {
    const { loss, reordering, duplication } = this.#conditions
    const segment: Segment = {
      time: BigInt(Math.round(time)),
      source: from.address,
      sourcePort: from.port,
      destination: to.address,
      destinationPort: to.port,
      sequence: from.next,
      acknowledgment: from.acknowledged,
      flags: ACK,
      window: from.window,
      length: 0,
      ...fields,
    }
    const late = this.#random.chance(reordering) ? BigInt(this.#random.below(4_000_000)) : 0n
    const isLost = this.#random.chance(loss)
    if (!isLost || this.#random.chance(0.5)) this.passed.push({ ...segment, time: segment.time + late })
    if (this.#random.chance(duplication)) this.passed.push({ ...segment, time: segment.time + late + 30_000n })
    return !isLost
  }
}

/** One session after the other between the same hosts, some with the ports of the one before. */
export function transfers(seed: number, sessions = 4): Segment[] {
  const random = new Random(seed)
  const all: Segment[] = []
  let start = 1_700_000_000_000_000_000n
  let port = 40_000
  for (let session = 0; session < sessions; session++) {
    if (!random.chance(0.4)) port++
    const segments = transfer(random, port)
    for (const segment of segments) all.push({ ...segment, time: segment.time + start })
    // the next session begins after this one, or in the middle of it
    let end = 0n
    for (const { time } of segments) if (time > end) end = time
    start += random.chance(0.7) ? end + 1_000_000n : end / 2n
  }
  return all.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0))
}

function conditionsOf(random: Random): Conditions {
  return {
    loss: random.pick([0, 0.01, 0.05, 0.2]),
    reordering: random.pick([0, 0.02, 0.2]),
    duplication: random.pick([0, 0.01, 0.1]),
    delay: random.pick([20_000, 1_000_000, 15_000_000, 100_000_000]),
    segmentSize: random.pick([1, 100, 536, 1448, 1460, 30_000]),
    flight: random.pick([2, 10, 60]),
    segments: random.pick([0, 3, 50, 300]),
    scale: random.pick([undefined, 0, 7, 10]),
    hasSack: random.chance(0.7),
    ending: random.pick(['fin', 'fin', 'reset', 'none'] as const),
  }
}

function transfer(random: Random, port: number): Segment[] {
  const conditions = conditionsOf(random)
  const wire = new Wire(random, conditions)
  const isn = () => random.pick([random.bits(), random.bits(), 0xffff_ff00, 0])
  const client: End = { address: 1, port, next: isn(), acknowledged: 0, window: 64_240 }
  const server: End = { address: 2, port: 5001, next: isn(), acknowledged: 0, window: 65_160 }
  // some captures begin in the middle
  const time = random.chance(0.85) ? handshake(random, conditions, wire, client, server) : begun(client, server)
  const [sender, receiver] = random.chance(0.5) ? [client, server] : [server, client]
  end(random, conditions, wire, client, server, stream(random, conditions, wire, sender, receiver, time))
  return wire.passed
}

function begun(client: End, server: End): number {
  client.acknowledged = server.next
  server.acknowledged = client.next
  return 0
}

/** Returns the time when the client may send. */
function handshake(random: Random, conditions: Conditions, wire: Wire, client: End, server: End): number {
  const scale = conditions.scale === undefined ? {} : { scale: conditions.scale }
  const fastOpen = random.chance(0.15) ? { cookie: 8, length: random.pick([0, 200]) } : {}
  let time = 0
  // the SYN is sent again until it arrives, and so is the answer
  for (let tries = 0; tries < 4; tries++) {
    const sent = wire.send(client, server, time, { flags: SYN, acknowledgment: 0, ...scale, ...fastOpen })
    if (sent) break
    time += 1_000_000_000
  }
  const taken = random.chance(0.5) ? (fastOpen.length ?? 0) : 0
  server.acknowledged = (client.next + 1 + taken) >>> 0
  time += conditions.delay
  const answerScale = random.chance(0.9) ? scale : {}
  while (!wire.send(server, client, time, { flags: SYN | ACK, ...answerScale })) time += 1_000_000_000
  client.next = server.acknowledged
  client.acknowledged = server.next = (server.next + 1) >>> 0
  time += conditions.delay
  client.window = random.pick([502, 64_000, 1_000])
  wire.send(client, server, time, {})
  return time
}

/** A stream of data with cumulative ACKs and retransmissions. Returns the time of its end. */
function stream(random: Random, conditions: Conditions, wire: Wire, sender: End, receiver: End, begin: number): number {
  const { segmentSize: size, delay } = conditions
  const first = sender.next
  const arrived = new Set<number>()
  let time = begin
  let unacknowledged = 0
  let sent = 0
  let duplicates = 0
  let rounds = 0
  const place = (index: number) => (first + index * size) >>> 0
  const send = (index: number) => {
    sender.next = place(index)
    const flags = index % 7 === 6 || index === conditions.segments - 1 ? ACK | PSH : ACK
    if (wire.send(sender, receiver, time, { flags, length: size })) arrived.add(index)
  }
  while (unacknowledged < conditions.segments && rounds++ < 1000) {
    while (sent < conditions.segments && sent - unacknowledged < conditions.flight) {
      send(sent++)
      time += 12_000
    }
    time += delay
    // the receiver acknowledges what it has, again for each segment beyond a hole
    let next = unacknowledged
    while (arrived.has(next)) next++
    const beyond = [...arrived].filter((index) => index > next).sort((a, b) => a - b)
    receiver.acknowledged = place(next)
    const sack = conditions.hasSack ? blocksOf(beyond.slice(0, 3), place, size) : undefined
    for (let count = 0; count <= Math.min(beyond.length, 5); count++) {
      const isHeard = wire.send(receiver, sender, time, sack === undefined ? {} : { sack })
      if (isHeard && next > unacknowledged) unacknowledged = next
      else duplicates++
      time += 15_000
    }
    sender.next = place(sent)
    time = pauses(random, wire, sender, receiver, time, delay)
    if (unacknowledged < sent && duplicates >= 2) {
      time += duplicates >= 3 ? delay : 200_000_000
      duplicates = 0
      send(unacknowledged)
      sender.next = place(sent)
    }
  }
  sender.next = place(sent)
  receiver.acknowledged = sender.next
  return time
}

function blocksOf(indexes: readonly number[], place: (index: number) => number, size: number): number[] {
  return indexes.flatMap((index) => [place(index), (place(index) + size) >>> 0])
}

/** Now and then: a closed window and its probes, a window that moves, a silence with keep-alives. */
function pauses(random: Random, wire: Wire, sender: End, receiver: End, begin: number, delay: number): number {
  let time = begin
  if (random.chance(0.03)) {
    const window = receiver.window
    receiver.window = 0
    wire.send(receiver, sender, time, {})
    for (let probe = 0; probe < 3; probe++) {
      time += 200_000_000 << probe
      const length = random.below(2)
      wire.send(sender, receiver, time, length === 1 ? { length } : { sequence: (sender.next - 1) >>> 0 })
      wire.send(receiver, sender, time + delay, {})
    }
    receiver.window = window
    time += delay
    wire.send(receiver, sender, time, {})
  }
  if (random.chance(0.05)) {
    receiver.window = random.below(65_536)
    wire.send(receiver, sender, time, {})
  }
  if (random.chance(0.02)) {
    time += 60_000_000_000
    wire.send(sender, receiver, time, { sequence: (sender.next - 1) >>> 0, length: random.below(2) })
    wire.send(receiver, sender, time + delay, {})
  }
  return time
}

function end(random: Random, conditions: Conditions, wire: Wire, client: End, server: End, begin: number): void {
  const [first, second] = random.chance(0.5) ? [client, server] : [server, client]
  let time = begin + conditions.delay
  if (conditions.ending === 'reset') {
    wire.send(first, second, time, { flags: random.pick([RST, RST | ACK]), window: 0 })
    if (random.chance(0.5)) wire.send(second, first, time + 10_000, { flags: RST, acknowledgment: 0, window: 0 })
  }
  if (conditions.ending !== 'fin') return
  for (const [from, to] of [
    [first, second],
    [second, first],
  ] as const) {
    while (!wire.send(from, to, time, { flags: FIN | ACK })) time += 300_000_000
    from.next = (from.next + 1) >>> 0
    to.acknowledged = from.next
    time += conditions.delay
    if (random.chance(0.7)) wire.send(to, from, time, {})
  }
}
