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
import { Reaction } from './reaction.js'
import type { Direction, DirectionTruth, TruthOfSession, Vantage } from './result.js'
import { Scene } from './scene.js'
import { type SightingPool, sharedSightings } from './sighting.js'
import { findVantage } from './vantage.js'

/** When so many anomalies of one direction wait for the end, all are judged by what is known then, but for the latest. */
const UNJUDGED = 8192
const LATEST = 1024

export class TcpTruth {
  readonly #flows: readonly [Flow, Flow]
  /** of the end that sends direction 0, and of the other */
  readonly #reactions: readonly [Reaction, Reaction] = [new Reaction(), new Reaction()]
  readonly #judges: [Judge | undefined, Judge | undefined] = [undefined, undefined]
  #started = false
  #isLoopback = false

  constructor(pool: SightingPool = sharedSightings) {
    this.#flows = [new Flow(0, pool), new Flow(1, pool)]
  }

  /** Makes it new for another session, and lets go of what it held. */
  reset(): void {
    for (const flow of this.#flows) flow.reset()
    for (const reaction of this.#reactions) reaction.reset()
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
    const other = direction === 0 ? 1 : 0
    const flow = this.#flows[direction]
    const back = this.#flows[other]
    flow.passes(packet, time)
    // its receiver drops it, and its sender sends it again
    if (packet.transportChecksum === ChecksumStatus.bad) return
    const sender = this.#reactions[direction]
    const receiver = this.#reactions[other]
    if ((flags & ACK) !== 0) {
      sender.answered(packet, time)
      back.isAcknowledged(packet, time)
    }
    if (tcp.hasTimestamps) receiver.stamped(packet, time)
    if ((flags & SYN) !== 0) back.isOffered(tcp)
    const span = tcp.length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)
    if (span === 0 || (flags & RST) !== 0) return
    const end = (tcp.sequence + span) | 0
    if (flow.carries(packet, end, time)) receiver.sent(end, packet.number, time)
    else receiver.sentAgain(tcp.sequence)
    back.otherDataTime = time
    if (flow.anomalies.length > UNJUDGED) this.#settle(flow, this.#vantage(), LATEST)
  }

  /** All is told: the session is over, or the capture is. */
  finish(): TruthOfSession {
    const vantage = this.#vantage()
    const [first, second] = this.#flows
    const a = this.#settle(first, vantage, 0)
    const b = this.#settle(second, vantage, 0)
    return {
      vantage,
      segments: [...(a?.segments ?? []), ...(b?.segments ?? [])].sort((x, y) => x.frame - y.frame),
      capturedTwice: merge(
        first.trouble?.capturedTwice,
        second.trouble?.capturedTwice,
        a?.capturedTwice,
        b?.capturedTwice,
      ),
      lost: merge(a?.lost, b?.lost),
      missed: [...(first.trouble?.missed ?? []), ...(second.trouble?.missed ?? [])],
      directions: [summarize(first, a), summarize(second, b)],
    }
  }

  #vantage(): Vantage {
    return findVantage(this.#flows, this.#reactions, this.#isLoopback)
  }

  /** Judges the anomalies of a direction but for the latest, and forgets them. */
  #settle(flow: Flow, vantage: Vantage, latest: number): Judge | undefined {
    const anomalies = flow.anomalies
    if (anomalies.length > latest) {
      const judge = this.#judges[flow.direction] ?? new Judge()
      this.#judges[flow.direction] = judge
      judge.settle(anomalies.slice(0, anomalies.length - latest), new Scene(vantage, flow, this.#reactions))
      flow.forgetAnomalies(latest)
    }
    return this.#judges[flow.direction]
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
      offload: { segments: flow.longSegments, frame: flow.longFrame, longest: flow.longest, mss: flow.mss },
    }),
    ...(marks.unfilled > 0 && { partialChecksums: { packets: marks.unfilled, frame: marks.unfilledFrame } }),
  }
}
