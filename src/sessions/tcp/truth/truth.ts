/**
 * What really happened in a TCP session: where it was captured, and what each segment was that is not simply the next
 * one. `observe` takes the packets in as they come, `finish` judges, because a verdict may need what comes later.
 */
import { ChecksumStatus } from '../../../decode/checksums.js'
import { ACK, FIN, type Packet, RST, SYN } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import { CauseFinder } from './cause.js'
import { Flow } from './flow.js'
import { JudgedSegment } from './judged.js'
import { isLoopback } from './loopback.js'
import { judgeNeed } from './need.js'
import { Reaction } from './reaction.js'
import type { Direction, DirectionTruth, SegmentTruth, TruthOfSession, Vantage } from './result.js'
import { Scene } from './scene.js'
import { type SightingPool, sharedSightings } from './sighting.js'
import { learnTiming, sinceAsked, wait } from './timing.js'
import { isCopyByHeader, isSecondSight, judge } from './verdict.js'
import { findVantage } from './vantage.js'

export class TcpTruth {
  readonly #flows: readonly [Flow, Flow]
  readonly #reactions: readonly [Reaction, Reaction] = [new Reaction(), new Reaction()]
  #isLoopback = false
  #started = false

  constructor(pool: SightingPool = sharedSightings) {
    this.#flows = [new Flow(0, pool), new Flow(1, pool)]
  }

  /** Makes it new for another session, and lets go of what it held. */
  reset(): void {
    this.#flows[0].reset()
    this.#flows[1].reset()
    this.#reactions[0].reset()
    this.#reactions[1].reset()
    this.#started = this.#isLoopback = false
  }

  /** `time` is in ns since the session's first packet. */
  observe(packet: Packet, direction: Direction, time: number): void {
    const tcp = packet.tcp
    const flags = tcp.flags
    const other = direction === 0 ? 1 : 0
    const flow = this.#flows[direction]
    const back = this.#flows[other]
    const sender = this.#reactions[direction]
    const receiver = this.#reactions[other]
    if (!this.#started) {
      this.#started = true
      this.#isLoopback = isLoopback(packet)
    }
    flow.passes(packet, time)
    sender.answered(packet, time)
    if (tcp.hasTimestamps) receiver.stamped(packet, time)
    const memory = this.#memory()
    if ((flags & ACK) !== 0) back.isAcknowledged(packet, time, memory)
    if ((flags & RST) !== 0 || packet.transportChecksum === ChecksumStatus.bad) return
    let end = (tcp.sequence + tcp.length) | 0
    if ((flags & SYN) !== 0) {
      end = (end + 1) | 0
      back.mss = tcp.mss
      back.selective = tcp.sackPermitted
    }
    if ((flags & FIN) !== 0) end = (end + 1) | 0
    if (end === tcp.sequence) return
    back.otherDataTime = time
    if (flow.carries(packet, end, time, memory)) receiver.sent(end, packet.number, time)
    else receiver.sentAgain(tcp.sequence)
  }

  /** Everything is told; the session is over, or the capture is. */
  finish(): TruthOfSession {
    const vantage = findVantage(this.#flows, this.#reactions, this.#isLoopback)
    const segments: SegmentTruth[] = []
    const capturedTwice: number[] = []
    const lost: number[] = []
    const directions = this.#flows.map((flow) => this.#judge(flow, vantage, segments, capturedTwice, lost))
    return {
      vantage,
      segments: segments.sort((a, b) => a.frame - b.frame),
      capturedTwice: capturedTwice.sort((a, b) => a - b),
      lost: lost.sort((a, b) => a - b),
      missed: this.#flows.flatMap((flow) => flow.trouble?.missed ?? []),
      directions: [directions[0] as DirectionTruth, directions[1] as DirectionTruth],
      unlisted: 0,
    }
  }

  #judge(flow: Flow, vantage: Vantage, segments: SegmentTruth[], twice: number[], lost: number[]): DirectionTruth {
    const trouble = flow.trouble
    const anomalies = trouble?.anomalies ?? []
    let scene = new Scene(vantage, flow, this.#reactions, { answerAfter: 0, copyWithin: 0, copyUnlessAskedBefore: 0 })
    scene = new Scene(vantage, flow, this.#reactions, learnTiming(anomalies, scene.senderReaction, (a) => isCopyByHeader(a, scene)))
    const rulings = anomalies.map((a) => {
      const r = judge(a, scene)
      if (r.verdict === 'out-of-order' && a.previous !== undefined) a.previous.original = a
      return r
    })
    const causes = new CauseFinder()
    let retransmissions = 0, needless = 0, outOfOrder = 0, duplicates = 0
    for (const f of trouble?.capturedTwice ?? []) twice.push(f)
    anomalies.forEach((a, i) => {
      const r = rulings[i]
      if (r === undefined) return
      if (isSecondSight(a, scene)) { twice.push(a.frame); return }
      if (r.verdict === '') return
      const re = r.verdict === 'retransmission'
      const why = re ? causes.find(a, scene) : undefined
      const need = re ? judgeNeed(a, scene) : undefined
      if (re) retransmissions++
      if (need?.needed === false) needless++
      if (r.verdict === 'out-of-order') outOfOrder++
      if (r.verdict === 'duplicate') duplicates++
      if (need?.needed === true && !scene.isAtReceiver && a.previousFrame !== 0) lost.push(a.previousFrame)
      segments.push(new JudgedSegment(a, r, why, need, a.holeFrame ? wait(a) : sinceAsked(a)))
    })
    return { retransmissions, needless, outOfOrder, duplicates, missedBytes: trouble?.missedBytes ?? 0 }
  }

  flows_() { return this.#flows }
  debug() { return [this.#reactions.map(r => [r.samples, r.shortest / 1e6, r.typical() / 1e6]), this.#flows.map(f => { const sc = new Scene({ place: 'unknown', evidence: [] }, f, this.#reactions, { answerAfter: 0, copyWithin: 0, copyUnlessAskedBefore: 0 }); return [sc.tick, learnTiming(f.trouble?.anomalies ?? [], sc.senderReaction, a => isCopyByHeader(a, sc))] })] }

  /** For how long a segment is worth remembering once it is acknowledged, ns: four round trips, or 50 ms where that is more. */
  #memory(): number {
    const [a, b] = this.#reactions
    const fourTrips = 4 * (a.average + b.average)
    return fourTrips > 50e6 ? fourTrips : 50e6
  }
}
