/**
 * One direction's data as the capture has seen it, and what the other end has said of it. Small, and nothing is
 * allocated, while every segment is the next one and is acknowledged in turn.
 */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { FIN, type Packet, SYN } from '../../../packet.js'
import type { Slab } from '../../record.js'
import { Anomaly } from './anomaly.js'
import { fillGap, noteSignals } from './circumstances.js'
import { FLOW_WORDS, FlowRecord, Plain, places, Rest, TTL_SHIFT } from './flow-record.js'
import { isLate, showsSentAgain } from './late.js'
import { Marks } from './marks.js'
import { LongSegments, packetSize, packetsOf } from './offload.js'
import { Reaction } from './reaction.js'
import type { Direction } from './result.js'
import { IdentificationHabit } from './send-order.js'
import type { Sighting, SightingPool } from './sighting.js'
import { Sightings } from './sightings.js'
import { Stamps } from './stamps.js'
import { LostTail } from './tail.js'
import { Trouble } from './trouble.js'
import { sentUnseen } from './unseen.js'

/** Nothing is sent again within this of what came before it, ns: it takes a round trip to find a loss. */
export const SHORTEST_PAUSE = 200e3
/** Bytes captured within this of their acknowledgment, and after it: the capture got the two in the wrong order. ns */
const CAPTURE_DISORDER = 1e6

const NONE: readonly Anomaly[] = []

/** What of a flow is no number, which few have. */
export interface Odd {
  readonly trouble: Trouble
  readonly tail: LostTail
}

export class Flow extends FlowRecord {
  readonly direction: Direction
  readonly sightings: Sightings
  readonly marks: Marks
  readonly identification: IdentificationHabit
  /** how soon the other end reacts to it */
  readonly answers: Reaction
  readonly stamps: Stamps
  readonly long: LongSegments
  readonly #rest: Rest
  readonly #pool: SightingPool
  /** by place of the flow's record */
  readonly #odd: Map<number, Odd>

  static override readonly words = FLOW_WORDS

  constructor(direction: Direction, slab: Slab, pool: SightingPool, odd: Map<number, Odd>) {
    super(slab)
    this.direction = direction
    this.#pool = pool
    this.#odd = odd
    this.sightings = new Sightings(slab, pool)
    this.marks = new Marks(slab)
    this.identification = new IdentificationHabit(slab)
    this.stamps = new Stamps(slab)
    this.answers = new Reaction(slab)
    this.long = new LongSegments(slab)
    this.#rest = new Rest(slab)
  }

  /** Stands for the flow whose record begins at `at`. */
  select(at: number): void {
    this.at = at
    this.sightings.at = at + places.sightings
    this.identification.at = at + places.identification
    this.stamps.at = at + places.stamps
    this.marks.at = at + places.marks
    this.#rest.at = at + places.rest
    this.answers.at = at + places.answers
    this.long.at = at + places.long
  }

  /** A packet of this direction has come. */
  get isKnown(): boolean {
    return this.#rest.isKnown !== 0
  }

  get takesSelective(): boolean {
    return this.#rest.takesSelective !== 0
  }

  get trouble(): Trouble | undefined {
    return this.sightings.isTroubled === 0 ? undefined : this.#odd.get(this.at)?.trouble
  }

  get tail(): LostTail | undefined {
    return this.sightings.isTroubled === 0 ? undefined : this.#odd.get(this.at)?.tail
  }

  /** Lets go of what it holds outside of its record. */
  release(): void {
    if (this.sightings.isTroubled !== 0) this.#odd.delete(this.at)
    this.sightings.clear()
    this.#rest.isKnown = this.plain = 0
  }

  /** Makes it new. */
  begin(): void {
    const rest = this.#rest
    rest.isKnown = 1
    rest.started = rest.knowsAcknowledged = rest.takesSelective = 0
    this.sightings.clear()
    this.marks.reset()
    this.identification.reset()
    this.answers.reset()
    this.long.reset()
    this.stamps.any = 0
    this.plain = this.segments = 0
    this.lastDataTime = this.lastAckTime = this.lastAdvanceTime = 0
    this.lastWindow = -1
    this.mss = -1
  }

  /** Nothing is missing, and no acknowledgment is awaited that would tell of anything. */
  get isQuiet(): boolean {
    return this.trouble?.isQuiet ?? true
  }

  /** Which segments may be plain from now on; `back` is the other direction. */
  notePlain(back: Flow): void {
    const rest = this.#rest
    const isAnswer = back.isKnown && back.#rest.started !== 0 && back.#rest.knowsAcknowledged !== 0 && back.isQuiet
    const { ttl } = this.marks
    if (rest.isKnown === 0 || !isAnswer || ttl < 0) this.plain = 0
    else {
      const data = rest.started !== 0 ? Plain.data : 0
      this.plain = (ttl << TTL_SHIFT) | Plain.acknowledgment | data
    }
  }

  /** Not judged yet, in the order of capture. */
  get anomalies(): readonly Anomaly[] {
    return this.trouble?.anomalies ?? NONE
  }

  /** Forgets all but the latest ones. */
  forgetAnomalies(latest: number): void {
    const trouble = this.trouble
    if (trouble !== undefined) trouble.anomalies = latest === 0 ? [] : trouble.anomalies.slice(-latest)
  }

  /** Any packet of this direction. `back` is the other direction, if it has begun. */
  passes(packet: Packet, time: number, back: Flow | undefined): void {
    const tcp = packet.tcp
    this.marks.observe(packet)
    this.identification.observe(packet, packetsOf(tcp.length, back?.mss ?? -1, tcp.hasTimestamps))
    if (this.identification.skipped < 0) this.tail?.turnsUp(packet)
    if ((tcp.flags & SYN) !== 0) {
      this.mss = tcp.mss
      this.#rest.takesSelective = tcp.sackPermitted ? 1 : 0
    }
    if (tcp.hasTimestamps) {
      this.answers.stamped(packet, time)
      this.stamps.add(tcp.timestampValue | 0, time)
    }
  }

  /** A segment with data, SYN or FIN, up to `end`. `back` is the other direction, if it has begun. */
  carries(packet: Packet, end: number, time: number, back: Flow | undefined): void {
    const tcp = packet.tcp
    const sequence = tcp.sequence
    const rest = this.#rest
    const isFirst = rest.started === 0
    const ahead = isFirst ? 0 : sequenceDifference(sequence, this.top)
    if (ahead < 0 && this.#turnsUp(sequence, end, time)) return
    const sighting = this.sightings.take(packet, time, end)
    this.segments++
    if (isFirst) {
      rest.started = 1
      rest.first = sequence
      rest.firstFrame = (tcp.flags & SYN) !== 0 ? 0 : packet.number
      rest.firstTime = time
      if (rest.knowsAcknowledged === 0) this.acknowledged = sequence
    }
    if (ahead < 0) this.answers.sentAgain(sequence, packet.number, time)
    else this.answers.sent(end, packet.number, time, (tcp.flags & SYN) !== 0)
    const mss = back?.mss ?? -1
    if (this.sightings.isTroubled !== 0 && isLate(this, packet)) showsSentAgain(this, sighting, mss, this.#pool)
    if (ahead < 0) this.#outOfTheOrdinary(sighting, packet, mss)
    else if (!isFirst) this.#goesOn(sighting, packet, ahead, back)
    if (isFirst || sequenceAfter(end, this.top)) this.top = end
    this.sightings.add(sighting, this.top)
    this.sightings.trim(this.acknowledged)
    this.lastDataTime = time
    if (mss >= 0 && tcp.length > mss) this.long.add(packet, mss)
  }

  /** New data, or what looks like it: `ahead` bytes beyond all that was seen. */
  #goesOn(sighting: Sighting, packet: Packet, ahead: number, back: Flow | undefined): void {
    const mss = back?.mss ?? -1
    if (this.sightings.isTroubled !== 0 || sighting.time - this.lastDataTime > SHORTEST_PAUSE) {
      const unseen = sentUnseen(this, sighting, packet, back)
      const anomaly = unseen === undefined ? undefined : this.#outOfTheOrdinary(sighting, packet, mss)
      if (unseen !== undefined && anomaly !== undefined) this.tail?.add(anomaly, unseen)
    }
    this.#showsGaps(sighting, packet, mss)
    if (ahead > 0) {
      const behind = endOfFirst(sighting, packet, mss)
      this.#troubled().holes.open(this.top, sighting.sequence, packet.number, sighting.time, behind)
    }
  }

  /**
   * A segment without data, SYN or FIN: its sequence number is that of what its sender sends next (RFC 9293 §3.10.4). Beyond what has
   * been seen, it shows a gap: what was sent last was lost, or is late.
   */
  reaches(packet: Packet, time: number): void {
    const { sequence } = packet.tcp
    if (this.#rest.started === 0 || !sequenceAfter(sequence, this.top)) return
    const sighting = this.sightings.take(packet, time, sequence)
    this.#troubled().holes.open(this.top, sequence, packet.number, time, sequence, false)
    this.top = sequence
    this.sightings.add(sighting, sequence)
    this.sightings.trim(this.acknowledged)
  }

  /** A packet from the other end, with an acknowledgment of this direction's data. */
  isAcknowledged(packet: Packet, time: number): void {
    const tcp = packet.tcp
    this.answers.answered(packet, time)
    const acknowledgment = tcp.acknowledgment
    const ahead = sequenceDifference(acknowledgment, this.acknowledged)
    const rest = this.#rest
    const wasKnown = rest.knowsAcknowledged !== 0
    const before = this.acknowledged
    if (!wasKnown || ahead > 0) {
      rest.knowsAcknowledged = 1
      this.acknowledged = acknowledgment
      this.lastAdvanceTime = time
      if (rest.started !== 0) this.#advance(acknowledgment, packet.number)
    } else if (ahead === 0 && this.#isDuplicate(tcp.length, tcp.flags, tcp.window, tcp.sackBlocks)) {
      this.#troubled().duplicateAck(packet.number, time)
    }
    if (tcp.window === 0 && (tcp.flags & SYN) === 0) this.#troubled().shutWindow(packet.number, time)
    if (tcp.sackBlocks > 0) this.#isSelected(packet, this.#troubled(), time)
    this.trouble?.hear(packet, before, this.top, time)
    this.lastWindow = tcp.window
    this.lastAckTime = time
  }

  /** Its first selective acknowledgment is what has come last (RFC 2018 §4): the newest data, seldom. */
  #isSelected({ number, tcp: { sack } }: Packet, trouble: Trouble, time: number): void {
    const { latest } = this.sightings
    const { frame, end } = latest
    if (this.sightings.count === 0 || frame === trouble.selectedFrame || latest.hasAnomaly || end !== this.top) return
    if (sequenceBefore(latest.sequence, sack[0] ?? 0) || sequenceAfter(end, sack[1] ?? 0)) return
    trouble.selectedFrame = frame
    this.answers.selected(latest.time, frame, time, number)
  }

  #advance(acknowledgment: number, frame: number): void {
    this.trouble?.advance(acknowledgment, frame)
    const unseen = sequenceDifference(acknowledgment, this.top)
    if (unseen > 0) {
      this.#troubled().miss(this.top, unseen, frame)
      this.top = acknowledgment
    }
    this.sightings.trim(acknowledgment)
  }

  /** RFC 5681 §2. A duplicate that carries selective acknowledgments may change the window. */
  #isDuplicate(length: number, flags: number, window: number, sackBlocks: number): boolean {
    if (length > 0 || (flags & (SYN | FIN)) !== 0 || !sequenceAfter(this.top, this.acknowledged)) return false
    return window === this.lastWindow || sackBlocks > 0
  }

  /** What comes from before the first segment seen, and has not been acknowledged, fills a gap that there was when the capture began. */
  #precedes(anomaly: Anomaly): void {
    const { first, firstFrame, firstTime, knowsAcknowledged } = this.#rest
    const isAcknowledged = knowsAcknowledged !== 0 && !sequenceAfter(anomaly.end, this.acknowledged)
    if (firstFrame === 0 || isAcknowledged || !sequenceBefore(anomaly.sequence, first)) return
    anomaly.holeFrame = firstFrame
    anomaly.holeTime = firstTime
    anomaly.isOfBeginning = true
  }

  /** Its receiver has data beyond gaps that so far only a segment without data had shown. */
  #showsGaps(sighting: Sighting, packet: Packet, mss: number): void {
    const holes = this.trouble?.holes
    if (holes?.hasUnknown !== true) return
    holes.becomeKnown(sighting.sequence, endOfFirst(sighting, packet, mss), packet.number, sighting.time)
  }

  #troubled(): Trouble {
    const known = this.trouble
    if (known !== undefined) return known
    const trouble = new Trouble(this.direction)
    this.sightings.isTroubled = 1
    this.#odd.set(this.at, { trouble, tail: new LostTail() })
    return trouble
  }

  #turnsUp(start: number, end: number, time: number): boolean {
    return time - this.lastAckTime < CAPTURE_DISORDER && this.trouble?.turnsUp(start, end) === true
  }

  #outOfTheOrdinary(sighting: Sighting, packet: Packet, mss: number): Anomaly | undefined {
    const trouble = this.#troubled()
    const anomaly = new Anomaly(
      sighting,
      this.direction,
      packet.tcp.length,
      packet.tcp.flags,
      !sequenceBefore(sighting.sequence, this.top),
    )
    fillGap(anomaly, trouble)
    this.#showsGaps(sighting, packet, mss)
    this.sightings.compare(sighting, anomaly, mss)
    if (anomaly.holeFrame === 0 && anomaly.previousFrame === 0) this.#precedes(anomaly)
    const looksTwice = anomaly.looksLikePrevious && anomaly.place !== anomaly.previousPlace
    if (looksTwice && anomaly.holeFrame === 0) {
      trouble.capturedTwice.push(anomaly.frame)
      return undefined
    }
    anomaly.acknowledged = this.acknowledged
    anomaly.top = this.top
    anomaly.lastDataTime = this.lastDataTime
    anomaly.lastAckTime = this.lastAckTime
    anomaly.lastAdvanceTime = this.lastAdvanceTime
    noteSignals(anomaly, trouble)
    this.#pool.tie(sighting, anomaly)
    trouble.add(anomaly)
    return anomaly
  }
}

/**
 * The end of the packet that shows a gap. What was sent behind it may have been put together with it.
 */
function endOfFirst({ sequence, end }: Sighting, { tcp }: Packet, mss: number): number {
  const isOne = packetsOf(tcp.length, mss, tcp.hasTimestamps) === 1
  return isOne ? end : (sequence + packetSize(mss, tcp.hasTimestamps)) | 0
}
