/**
 * One direction's data as the capture has seen it, and what the other end has said of it. Small, and nothing is
 * allocated, while every segment is the next one and is acknowledged in turn.
 */
import { sequenceAfter, sequenceDifference } from '../../../bytes/sequence.js'
import { FIN, type Packet, SYN } from '../../../packet.js'
import { Anomaly } from './anomaly.js'
import { Marks } from './marks.js'
import { Reaction } from './reaction.js'
import type { Direction } from './result.js'
import { IdentificationHabit } from './send-order.js'
import type { Sighting, SightingPool } from './sighting.js'
import { Sightings } from './sightings.js'
import { Trouble } from './trouble.js'

/** No sender probes for a lost tail sooner, ns: two round trips and the tick of a timer (RFC 8985 §7.2). */
const SHORTEST_PROBE = 4e6
/** Bytes captured within this of their acknowledgment, and after it: the capture got the two in the wrong order. ns */
const CAPTURE_DISORDER = 1e6

const NONE: readonly Anomaly[] = []

export class Flow {
  readonly direction: Direction
  readonly sightings: Sightings
  readonly marks = new Marks()
  readonly identification = new IdentificationHabit()
  /** how soon the other end reacts to it */
  readonly answers = new Reaction()
  trouble: Trouble | undefined

  started = false
  /** sequence number after the last byte seen */
  top = 0
  knowsAcknowledged = false
  acknowledged = 0
  /** packets with data, SYN or FIN */
  segments = 0
  lastDataTime = 0
  lastAckTime = 0
  /** when it was last acknowledged further than before */
  lastAdvanceTime = 0
  #lastWindow = -1
  /** the latest segment that may have been sent before, see #mayHaveBeenSentBefore */
  #suspect: Anomaly | undefined

  /** the TSval clock of its sender: a first and a latest reading, and when they were captured */
  hasTimestamps = false
  firstTimestamp = 0
  firstTimestampTime = 0
  lastTimestamp = 0
  lastTimestampTime = 0

  /** what its sender takes, as its SYN says: segments of so many bytes (-1: not known), and selective acknowledgments (RFC 2018) */
  mss = -1
  takesSelective = false
  /** segments longer than the other end takes, see Offload */
  longSegments = 0
  longerThan = 0
  longFrame = 0
  longest = 0

  constructor(direction: Direction, pool: SightingPool) {
    this.direction = direction
    this.sightings = new Sightings(pool)
  }

  reset(): void {
    this.sightings.clear()
    this.marks.reset()
    this.identification.reset()
    this.answers.reset()
    this.trouble = this.#suspect = undefined
    this.started = this.knowsAcknowledged = this.hasTimestamps = false
    this.segments = 0
    this.lastDataTime = this.lastAckTime = this.lastAdvanceTime = 0
    this.#lastWindow = -1
    this.mss = -1
    this.takesSelective = false
    this.longSegments = this.longest = 0
  }

  /** Not judged yet, in the order of capture. */
  get anomalies(): readonly Anomaly[] {
    return this.trouble === undefined ? NONE : this.trouble.anomalies
  }

  /** Forgets all but the latest ones. */
  forgetAnomalies(latest: number): void {
    const trouble = this.trouble
    if (trouble !== undefined) trouble.anomalies = latest === 0 ? [] : trouble.anomalies.slice(-latest)
  }

  /** Any packet of this direction. */
  passes(packet: Packet, time: number): void {
    this.marks.observe(packet)
    this.identification.observe(packet)
    if (this.#suspect !== undefined && this.identification.skipped < 0) {
      // what was missing before it was only late
      this.#suspect.skipped = 0
      this.#suspect = undefined
    }
    const tcp = packet.tcp
    if ((tcp.flags & SYN) !== 0) {
      this.mss = tcp.mss
      this.takesSelective = tcp.sackPermitted
    }
    if (tcp.hasTimestamps) {
      this.answers.stamped(packet, time)
      const timestamp = tcp.timestampValue | 0
      if (!this.hasTimestamps) {
        this.hasTimestamps = true
        this.firstTimestamp = timestamp
        this.firstTimestampTime = time
      }
      this.lastTimestamp = timestamp
      this.lastTimestampTime = time
    }
  }

  /** A segment with data, SYN or FIN, up to `end`. `back` is the other direction, if it has begun. */
  carries(packet: Packet, end: number, time: number, back: Flow | undefined): void {
    const tcp = packet.tcp
    const sequence = tcp.sequence
    const isFirst = !this.started
    const ahead = isFirst ? 0 : sequenceDifference(sequence, this.top)
    if (ahead < 0 && this.#turnsUp(sequence, end, time)) return
    const sighting = this.sightings.take()
    sighting.set(packet, time, end)
    this.segments++
    if (isFirst) {
      this.started = true
      if (!this.knowsAcknowledged) this.acknowledged = sequence
    }
    if (ahead < 0) this.answers.sentAgain(sequence)
    else this.answers.sent(end, packet.number, time, (tcp.flags & SYN) !== 0)
    if (ahead < 0 || (ahead === 0 && !isFirst && this.#mayHaveBeenSentBefore(time, back))) {
      this.#outOfTheOrdinary(sighting, packet)
    } else if (ahead > 0) this.#troubled().holes.open(this.top, sequence, packet.number, time)
    if (isFirst || sequenceAfter(end, this.top)) this.top = end
    this.sightings.add(sighting)
    this.sightings.trim(this.acknowledged)
    this.lastDataTime = time
    if (back !== undefined && back.mss >= 0 && tcp.length > back.mss) this.#long(packet, back.mss)
  }

  /** A packet from the other end, with an acknowledgment of this direction's data. */
  isAcknowledged(packet: Packet, time: number): void {
    const tcp = packet.tcp
    this.answers.answered(packet, time)
    const acknowledgment = tcp.acknowledgment
    const ahead = sequenceDifference(acknowledgment, this.acknowledged)
    const wasKnown = this.knowsAcknowledged
    if (!wasKnown || ahead > 0) {
      this.knowsAcknowledged = true
      this.acknowledged = acknowledgment
      this.lastAdvanceTime = time
      if (this.started) this.#advance(acknowledgment, packet.number)
    } else if (ahead === 0 && this.#isDuplicate(tcp.length, tcp.flags, tcp.window, tcp.sackBlocks)) {
      this.#troubled().duplicateAck(packet.number, time)
    }
    if (tcp.window === 0 && (tcp.flags & SYN) === 0) this.#troubled().shutWindow(packet.number, time)
    if (tcp.sackBlocks > 0) this.#troubled()
    this.trouble?.hear(packet, this.top, time)
    this.#lastWindow = tcp.window
    this.lastAckTime = time
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
    return window === this.#lastWindow || sackBlocks > 0
  }

  #troubled(): Trouble {
    this.sightings.isTroubled = true
    this.trouble ??= new Trouble(this.direction)
    return this.trouble
  }

  #turnsUp(start: number, end: number, time: number): boolean {
    return time - this.lastAckTime < CAPTURE_DISORDER && this.trouble?.turnsUp(start, end) === true
  }

  #outOfTheOrdinary(sighting: Sighting, packet: Packet): void {
    const trouble = this.#troubled()
    const anomaly = new Anomaly(
      sighting,
      this.direction,
      packet.tcp.length,
      packet.tcp.flags,
      sighting.sequence === this.top,
    )
    const hole = trouble.holes.at(sighting.sequence, sighting.end)
    if (hole !== undefined) {
      anomaly.holeFrame = hole.frame
      anomaly.holeTime = hole.time
      anomaly.signalFrame = hole.signalFrame
      anomaly.signalTime = hole.signalTime
      trouble.holes.fill(sighting.sequence, sighting.end)
    }
    this.sightings.compare(sighting, anomaly)
    const isSecondSight = hole === undefined && anomaly.looksLikePrevious && anomaly.place !== anomaly.previousPlace
    if (isSecondSight) {
      trouble.capturedTwice.push(anomaly.frame)
      return
    }
    anomaly.skipped = this.identification.skipped
    anomaly.acknowledged = this.acknowledged
    anomaly.top = this.top
    anomaly.selectiveFrame =
      trouble.hasSelective && sequenceAfter(trouble.selectiveEnd, sighting.end) ? trouble.selectiveFrame : 0
    if (anomaly.sequence === this.acknowledged) {
      anomaly.duplicateAcks = trouble.duplicateAcks
      anomaly.duplicateAckFrame = trouble.duplicateAckFrame
    }
    if (anomaly.firstFrame !== 0 && trouble.signalTime >= anomaly.firstTime) {
      anomaly.laterSignalFrame = trouble.signalFrame
    }
    anomaly.lastDataTime = this.lastDataTime
    anomaly.lastAckTime = this.lastAckTime
    anomaly.lastAdvanceTime = this.lastAdvanceTime
    const since = anomaly.previousFrame === 0 ? anomaly.holeTime : anomaly.previousTime
    if (trouble.zeroWindowFrame !== 0 && trouble.zeroWindowTime >= since) {
      anomaly.zeroWindowFrame = trouble.zeroWindowFrame
    }
    if (anomaly.isNext) this.#suspect = anomaly
    sighting.anomaly = anomaly
    trouble.add(anomaly)
  }

  /**
   * The next segment, after a pause and although all before it was acknowledged, with packets of its sender missing just
   * before it. They were no acknowledgments, if the other end has sent nothing that wanted one.
   */
  #mayHaveBeenSentBefore(time: number, back: Flow | undefined): boolean {
    return (
      this.identification.skipped > 0 &&
      time - this.lastDataTime > SHORTEST_PROBE &&
      this.acknowledged === this.top &&
      (back === undefined || back.lastDataTime < this.lastDataTime)
    )
  }

  #long(packet: Packet, mss: number): void {
    if (this.longSegments++ === 0) this.longFrame = packet.number
    this.longerThan = mss
    if (packet.tcp.length > this.longest) this.longest = packet.tcp.length
  }
}
