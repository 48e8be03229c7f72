/**
 * What really happened in a TCP session: where it was captured, and what each segment was that is not simply the next
 * one. `observe` takes the packets in as they come; `finish` judges, because a verdict may need what comes later.
 *
 * Memory: what is in flight and was a moment ago (sightings.ts, sighting.ts), and what is out of the ordinary (judge.ts).
 */
import { ChecksumStatus } from '../../../decode/checksums.js'
import { ACK, FIN, type Packet, RST, SYN } from '../../../packet.js'
import { Flow } from './flow.js'
import { Judge } from './judge.js'
import { isLoopback } from './loopback.js'
import type { Direction, DirectionTruth, TruthOfSession, Vantage } from './result.js'
import { Scene } from './scene.js'
import { type SightingPool, sharedSightings } from './sighting.js'
import { findVantage } from './vantage.js'

/** When so many anomalies of one direction wait for the end, all are judged by what is known then, but for the latest. */
const UNJUDGED = 8192
const LATEST = 1024

export class TcpTruth {
  /** undefined until a packet of that direction comes: scans open many sessions that nobody answers */
  readonly #flows: [Flow | undefined, Flow | undefined] = [undefined, undefined]
  readonly #judges: [Judge | undefined, Judge | undefined] = [undefined, undefined]
  readonly #pool: SightingPool
  #started = false
  #isLoopback = false

  constructor(pool: SightingPool = sharedSightings) {
    this.#pool = pool
  }

  /** Makes it new for another session, and lets go of what it held. */
  reset(): void {
    for (const flow of this.#flows) flow?.reset()
    this.#judges[0] = this.#judges[1] = undefined
    this.#started = this.#isLoopback = false
  }

  /** Takes in the next packet, whose TCP header is decoded. `time` is in ns since the session's first packet. */
  observe(packet: Packet, direction: Direction, time: number): void {
    if (!this.#started) {
      this.#started = true
      this.#isLoopback = isLoopback(packet)
    }
    const tcp = packet.tcp
    const flags = tcp.flags
    const flow = this.#flow(direction)
    const back = this.#flows[direction === 0 ? 1 : 0]
    flow.passes(packet, time)
    // its receiver drops it, and its sender sends it again
    if (packet.transportChecksum === ChecksumStatus.bad) return
    if (back !== undefined && (flags & ACK) !== 0) back.isAcknowledged(packet, time)
    const span = tcp.length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)
    if (span === 0 || (flags & RST) !== 0) return
    flow.carries(packet, (tcp.sequence + span) | 0, time, back)
    if (flow.anomalies.length > UNJUDGED) this.#settle(flow, this.#vantage(), LATEST)
  }

  /** All is told: the session is over, or the capture is. */
  finish(): TruthOfSession {
    const vantage = this.#vantage()
    const first = this.#flow(0)
    const second = this.#flow(1)
    const a = this.#settle(first, vantage, 0)
    const b = this.#settle(second, vantage, 0)
    const [troubleOfA, troubleOfB] = [first.trouble, second.trouble]
    return {
      vantage,
      segments: [...(a?.segments ?? []), ...(b?.segments ?? [])].sort((x, y) => x.frame - y.frame),
      capturedTwice: merge(troubleOfA?.capturedTwice, troubleOfB?.capturedTwice, a?.capturedTwice, b?.capturedTwice),
      lost: merge(a?.lost, b?.lost),
      missed: [...(troubleOfA?.missed ?? []), ...(troubleOfB?.missed ?? [])],
      directions: [summarize(first, a), summarize(second, b)],
    }
  }

  #flow(direction: Direction): Flow {
    const flow = this.#flows[direction] ?? new Flow(direction, this.#pool)
    this.#flows[direction] = flow
    return flow
  }

  #vantage(): Vantage {
    return findVantage(this.#flow(0), this.#flow(1), this.#isLoopback)
  }

  /** Judges the anomalies of a direction but for the latest, and forgets them. */
  #settle(flow: Flow, vantage: Vantage, latest: number): Judge | undefined {
    const { anomalies, direction } = flow
    if (anomalies.length > latest) {
      const judge = this.#judges[direction] ?? new Judge()
      this.#judges[direction] = judge
      const scene = new Scene(vantage, flow, this.#flow(direction === 0 ? 1 : 0))
      judge.settle(anomalies.slice(0, anomalies.length - latest), scene)
      flow.forgetAnomalies(latest)
    }
    return this.#judges[direction]
  }
}

function merge(...lists: (readonly number[] | undefined)[]): number[] {
  const all: number[] = []
  for (const list of lists) if (list !== undefined) for (const frame of list) all.push(frame)
  return all.sort((a, b) => a - b)
}

function summarize(flow: Flow, judge: Judge | undefined): DirectionTruth {
  const { marks } = flow
  return {
    retransmissions: judge?.retransmissions ?? 0,
    needless: judge?.needless ?? 0,
    outOfOrder: judge?.outOfOrder ?? 0,
    duplicates: judge?.duplicates ?? 0,
    unlisted: judge?.unlisted ?? 0,
    missedBytes: flow.trouble?.missedBytes ?? 0,
    ...(flow.longSegments > 0 && {
      offload: { segments: flow.longSegments, frame: flow.longFrame, longest: flow.longest, mss: flow.longerThan },
    }),
    ...(marks.unfilled > 0 && { partialChecksums: { packets: marks.unfilled, frame: marks.unfilledFrame } }),
  }
}
