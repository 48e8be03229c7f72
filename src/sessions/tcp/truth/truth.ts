/**
 * What really happened in a TCP session: where it was captured, and what each segment was that is not simply the next
 * one. `observe` takes the packets in as they come; `finish` judges, because a verdict may need what comes later.
 *
 * Memory: what is in flight and was a moment ago (sightings.ts, sighting.ts), and what is out of the ordinary (judge.ts).
 */
import { ChecksumStatus } from '../../../decode/checksums.js'
import { ACK, FIN, type Packet, RST, SYN } from '../../../packet.js'
import { CACHE_LINE, record, Slab } from '../../record.js'
import { Flow } from './flow.js'
import type { Odd } from './flow-state.js'
import { Judge } from './judge.js'
import { PlainSegments } from './plain.js'
import type { Direction, DirectionTruth, TruthOfSession, Vantage } from './result.js'
import { Scene } from './scene.js'
import { SightingPool } from './sighting.js'
import { Sightings } from './sightings.js'
import { findVantage } from './vantage.js'

/** When so many anomalies of one direction wait for the end, all are judged by what is known then, but for the latest. */
const UNJUDGED = 8192
const LATEST = 1024

const NONE: readonly never[] = []

const Fields = record(['isLoopback'], [])

// where the parts of a session's record begin: each flow at a cache line, what is the session's own in what is left behind the first
const OWN = Flow.words
const FLOW_1 = Math.ceil((OWN + Fields.words) / CACHE_LINE) * CACHE_LINE
const WORDS = FLOW_1 + Flow.words

/** What is kept of all open sessions. */
export class TruthMemory {
  readonly slab = new Slab(WORDS)
  readonly pool: SightingPool
  readonly odd = new Map<number, Odd>()
  /** by place of the flow's record: what has been judged already */
  readonly judges = new Map<number, Judge>()

  /** @param capacity sightings that are kept at most */
  constructor(capacity?: number) {
    this.pool = new SightingPool((list) => {
      lists.at = list
      lists.forgetOldest()
    }, capacity)
    const lists = new Sightings(this.slab, this.pool)
  }
}

/** Stands for one session at a time: `select` says for which. */
export class TcpTruth extends Fields {
  readonly #memory: TruthMemory
  readonly #flows: readonly [Flow, Flow]
  readonly #plain: PlainSegments
  #slot = 0

  /** Stands for the session in slot 0. */
  constructor(memory: TruthMemory = new TruthMemory()) {
    super(memory.slab)
    this.#memory = memory
    const { slab, pool, odd } = memory
    this.#flows = [new Flow(0, slab, pool, odd), new Flow(1, slab, pool, odd)]
    this.#plain = new PlainSegments(slab, pool)
    this.select(0)
  }

  /** Stands for the session in `slot` from now on. */
  select(slot: number): this {
    const at = this.slab.offset(slot)
    this.at = at + OWN
    this.#slot = slot
    this.#flows[0].select(at)
    this.#flows[1].select(at + FLOW_1)
    return this
  }

  /** A session begins in `slot`; `isLoopback`: as for `reset`. */
  begin(slot: number, isLoopback: boolean): void {
    this.select(slot).reset(isLoopback)
  }

  /** The session in `slot` is let go, and with it all that was kept of it: what happened. */
  end(slot: number): TruthOfSession {
    const truth = this.select(slot).finish()
    this.release()
    return truth
  }

  /** Makes it new for another session; `isLoopback`: its first packet was captured on a loopback interface. */
  reset(isLoopback = false): void {
    this.release()
    this.isLoopback = isLoopback ? 1 : 0
  }

  /** Lets go of what it held. */
  release(): void {
    this.slab.reserve(this.#slot)
    for (const flow of this.#flows) {
      // what has been judged is trouble
      if (flow.trouble !== undefined) this.#memory.judges.delete(flow.at)
      flow.release()
    }
  }

  /** Takes in the next packet of the session in `slot`: as `observe` of that session does, but sooner where it is plain. */
  take(slot: number, packet: Packet, direction: Direction, time: number): void {
    const at = this.slab.offset(slot)
    const forward = direction === 0 ? at : at + FLOW_1
    const back = direction === 0 ? at + FLOW_1 : at
    if (this.#plain.take(forward, back, packet, time)) return
    this.select(slot).observe(packet, direction, time)
    this.#notePlain()
  }

  /** A router says that a packet of the session in `slot`, whose data begins at `sequence`, was too big, and is dropped. */
  isTooBig(slot: number, direction: Direction, sequence: number, frame: number, time: number): void {
    this.select(slot).#flow(direction).isTooBig(sequence, frame, time)
    this.#notePlain()
  }

  #notePlain(): void {
    const [first, second] = this.#flows
    first.notePlain(second)
    second.notePlain(first)
  }

  /** Takes in the next packet, whose TCP header is decoded. `time` is in ns since the session's first packet. */
  observe(packet: Packet, direction: Direction, time: number): void {
    const tcp = packet.tcp
    const flags = tcp.flags
    const flow = this.#flow(direction)
    const other = this.#flows[direction === 0 ? 1 : 0]
    const back = other.isKnown ? other : undefined
    flow.passes(packet, time, back)
    // its receiver drops it, and its sender sends it again; where none has ever fitted, packets were changed after they had arrived
    if (packet.transportChecksum === ChecksumStatus.bad && flow.marks.hasFitted !== 0) {
      if (tcp.length > 0) flow.isDamaged(tcp.sequence, (tcp.sequence + tcp.length) | 0)
      return
    }
    const span = tcp.length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)
    if ((span === 0 || (flags & RST) !== 0) && flow.isBareAgain(packet, time, back)) return
    if (back !== undefined && (flags & ACK) !== 0) back.isAcknowledged(packet, time)
    if ((flags & RST) !== 0) return
    if (span === 0) {
      flow.reaches(packet, time, back)
      return
    }
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
    const directions = [summarize(first, a), summarize(second, b)] as const
    // most sessions have no trouble
    if (troubleOfA === undefined && troubleOfB === undefined) {
      return { vantage, segments: NONE, capturedTwice: NONE, lost: NONE, missed: NONE, directions }
    }
    return {
      vantage,
      segments: [...(a?.segments ?? []), ...(b?.segments ?? [])].sort((x, y) => x.frame - y.frame),
      capturedTwice: merge(troubleOfA?.capturedTwice, troubleOfB?.capturedTwice, a?.capturedTwice, b?.capturedTwice),
      lost: merge(a?.lost, b?.lost),
      missed: [...(troubleOfA?.missed ?? []), ...(troubleOfB?.missed ?? [])],
      directions,
    }
  }

  #flow(direction: Direction): Flow {
    const flow = this.#flows[direction]
    if (!flow.isKnown) flow.begin()
    return flow
  }

  #vantage(): Vantage {
    return findVantage(this.#flow(0), this.#flow(1), this.isLoopback !== 0)
  }

  /** Judges the anomalies of a direction but for the latest, and forgets them. */
  #settle(flow: Flow, vantage: Vantage, latest: number): Judge | undefined {
    const { judges } = this.#memory
    const { anomalies } = flow
    if (anomalies.length > latest) {
      const judge = judges.get(flow.at) ?? new Judge()
      judges.set(flow.at, judge)
      const scene = new Scene(vantage, flow, this.#flow(flow.direction === 0 ? 1 : 0))
      judge.settle(anomalies.slice(0, anomalies.length - latest), scene)
      flow.forgetAnomalies(latest)
    }
    return judges.get(flow.at)
  }
}

function merge(...lists: (readonly number[] | undefined)[]): number[] {
  const all: number[] = []
  for (const list of lists) if (list !== undefined) for (const frame of list) all.push(frame)
  return all.sort((a, b) => a - b)
}

function summarize(flow: Flow, judge: Judge | undefined): DirectionTruth {
  const { marks, long } = flow
  const lackedBytes = flow.trouble?.holes.lackedBytes ?? 0
  return {
    retransmissions: judge?.retransmissions ?? 0,
    needless: judge?.needless ?? 0,
    outOfOrder: judge?.outOfOrder ?? 0,
    duplicates: judge?.duplicates ?? 0,
    unlisted: judge?.unlisted ?? 0,
    missedBytes: flow.trouble?.missedBytes ?? 0,
    ...(lackedBytes > 0 && { lackedBytes }),
    ...(long.count > 0 && {
      offload: { segments: long.count, frame: long.frame, longest: long.longest, mss: long.longerThan },
    }),
    ...(marks.unfilled > 0 && { partialChecksums: { packets: marks.unfilled, frame: marks.unfilledFrame } }),
  }
}
