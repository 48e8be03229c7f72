/**
 * One direction's data as the capture has seen it, and what the other end has said of it. Small, and nothing is
 * allocated, while every segment is the next one and is acknowledged in turn.
 */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { Direction, FIN, type Packet, SYN } from '../../../packet.js'
import { directionAt } from '../../place.js'
import { Anomaly } from './anomaly.js'
import { fillGap, noteSignals } from './circumstances.js'
import { FlowState, isDoubledSoFar } from './flow-state.js'
import { isLate, showsSentAgain } from './late.js'
import { isHalved, packetSize, packetsOf } from './offload.js'
import type { Sighting } from './sighting.js'
import { LostTail } from './tail.js'
import { TooBig } from './too-big.js'
import { Trouble } from './trouble.js'
import { sentUnseen } from './unseen.js'

/** Nothing is sent again within this of what came before it, ns: it takes a round trip to find a loss. */
export const SHORTEST_PAUSE = 200e3
/** Bytes captured within this of their acknowledgment, and after it: the capture got the two in the wrong order. ns */
const CAPTURE_DISORDER = 1e6

/** RFC 7323 §2.3: a greater shift counts as this. */
const MAX_SCALE = 14

export class Flow extends FlowState {
  /** Any packet of this direction. `back` is the other direction, if it has begun. */
  passes(packet: Packet, time: number, back: Flow | undefined): void {
    const tcp = packet.tcp
    this.marks.observe(packet)
    if (this.rest.started !== 0 && !sequenceBefore(tcp.sequence, this.top)) this.identification.finds(packet)
    if (back !== undefined && back.rest.narrow !== 0) {
      if (isHalved(tcp.length, back.mss, back.rest.narrow, tcp.hasTimestamps)) this.rest.halves = 1
    }
    this.identification.observe(packet, packetsOf(tcp.length, this.cutTo(back), tcp.hasTimestamps, this.mss))
    if (this.identification.skipped < 0) this.tail?.turnsUp(packet)
    if ((tcp.flags & SYN) !== 0) {
      this.mss = tcp.mss
      this.rest.takesSelective = tcp.sackPermitted ? 1 : 0
      this.rest.windowScale = Math.max(0, Math.min(MAX_SCALE, tcp.windowScale))
      this.#opens(tcp.window)
    } else if (this.rest.narrow !== 0) this.#opens(Math.max(this.rest.narrow, tcp.window << this.rest.windowScale))
    if (tcp.hasTimestamps) {
      this.answers.stamped(packet, time)
      this.stamps.add(tcp.timestampValue | 0, time)
    }
  }

  /** The largest window so far. */
  #opens(window: number): void {
    this.rest.narrow = window < 2 * this.mss ? window : 0
  }

  /** A packet without any of that, which the capture has twice, as it has all others. */
  isBareAgain(packet: Packet, time: number, back: Flow | undefined): boolean {
    return isDoubledSoFar(this, back) && this.#troubled().isBareAgain(packet, time)
  }

  /** A segment with data, SYN or FIN, up to `end`. `back` is the other direction, if it has begun. */
  carries(packet: Packet, end: number, time: number, back: Flow | undefined): void {
    const tcp = packet.tcp
    const sequence = tcp.sequence
    const rest = this.rest
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
    const cut = this.cutTo(back)
    if (this.sightings.isTroubled !== 0 && isLate(this, packet)) showsSentAgain(this, sighting, cut, this.pool)
    if (ahead < 0) this.#outOfTheOrdinary(sighting, packet, cut)
    else if (!isFirst) this.#goesOn(sighting, packet, ahead, back)
    if (isFirst || sequenceAfter(end, this.top)) this.top = end
    this.sightings.add(sighting, this.top)
    this.sightings.trim(this.acknowledged)
    this.lastDataTime = time
    const mss = back?.mss ?? -1
    if (mss >= 0 && tcp.length > mss) this.long.add(packet, mss)
  }

  /** New data, or what looks like it: `ahead` bytes beyond all that was seen. */
  #goesOn(sighting: Sighting, packet: Packet, ahead: number, back: Flow | undefined): void {
    const mss = this.cutTo(back)
    if (this.sightings.isTroubled !== 0 || sighting.time - this.lastDataTime > SHORTEST_PAUSE) {
      const unseen = sentUnseen(this, sighting, packet, back)
      const anomaly = unseen === undefined ? undefined : this.#outOfTheOrdinary(sighting, packet, mss)
      if (unseen !== undefined && anomaly !== undefined) this.tail?.add(anomaly, sighting.packets(mss), unseen)
    }
    this.#showsGaps(sighting, packet, mss)
    if (ahead > 0) {
      const behind = endOfFirst(sighting, packet, mss)
      this.#troubled().holes.open(this.top, sighting.sequence, packet.number, sighting.time, behind)
    }
  }

  /**
   * A segment without data, SYN or FIN: its sequence number is that of what its sender sends next (RFC 9293 §3.10.4). Beyond what has
   * been seen, it shows a gap: what was sent last was lost, or is late. One that is late itself shows what had been sent before it, and
   * so what was sent again.
   */
  reaches(packet: Packet, time: number, back: Flow | undefined): void {
    const { sequence } = packet.tcp
    if (this.rest.started === 0) return
    const isBeyond = sequenceAfter(sequence, this.top)
    if (sequence === this.top) this.identification.clears(packet)
    if (!isBeyond && (this.sightings.isTroubled === 0 || !isLate(this, packet))) return
    const sighting = this.sightings.take(packet, time, sequence)
    if (isBeyond) {
      this.#troubled().holes.open(this.top, sequence, packet.number, time, sequence, false)
      this.top = sequence
    } else showsSentAgain(this, sighting, this.cutTo(back), this.pool)
    this.sightings.add(sighting, this.top)
    this.sightings.trim(this.acknowledged)
  }

  /** [start, end) was captured with a bad checksum. */
  isDamaged(start: number, end: number): void {
    this.#troubled().damage(start, end)
  }

  /** A router says that the packet of this direction whose data begins at `sequence` was too big, and is dropped. */
  isTooBig(sequence: number, frame: number, time: number): void {
    const trouble = this.#troubled()
    trouble.tooBig ??= new TooBig()
    trouble.tooBig.add(sequence, frame, time)
  }

  /** A packet from the other end, with an acknowledgment of this direction's data. */
  isAcknowledged(packet: Packet, time: number): void {
    const tcp = packet.tcp
    this.answers.answered(packet, time)
    const acknowledgment = tcp.acknowledgment
    const ahead = sequenceDifference(acknowledgment, this.acknowledged)
    const rest = this.rest
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

  /** RFC 5681 §2, RFC 6675 §2. A duplicate that carries selective acknowledgments may change the window. */
  #isDuplicate(length: number, flags: number, window: number, sackBlocks: number): boolean {
    if (length > 0 || (flags & (SYN | FIN)) !== 0) return false
    if (this.rest.started === 0 || !sequenceAfter(this.top, this.acknowledged)) return false
    return window === this.lastWindow || sackBlocks > 0
  }

  /** What comes from before the first segment seen, and has not been acknowledged, fills a gap that there was when the capture began. */
  #precedes(anomaly: Anomaly): void {
    const { first, firstFrame, firstTime, knowsAcknowledged } = this.rest
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
    this.odd.set(this.at, { trouble, tail: new LostTail() })
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
      anomaly.isSeenElsewhere = true
      this.pool.tie(sighting, anomaly)
      trouble.seeTwice(anomaly.frame)
      trouble.twice++
      if (isPassedOn(anomaly)) trouble.passedOn++
      return undefined
    }
    anomaly.acknowledged = this.acknowledged
    anomaly.top = this.top
    anomaly.lastDataTime = this.lastDataTime
    anomaly.lastAckTime = this.lastAckTime
    anomaly.lastAdvanceTime = this.lastAdvanceTime
    noteSignals(anomaly, trouble)
    this.pool.tie(sighting, anomaly)
    trouble.add(anomaly)
    return anomaly
  }
}

/** It was seen coming in, and is seen going out. */
function isPassedOn({ previousPlace, place }: Anomaly): boolean {
  return directionAt(previousPlace) === Direction.inbound && directionAt(place) === Direction.outbound
}

/**
 * The end of the packet that shows a gap. What was sent behind it may have been put together with it.
 */
function endOfFirst({ sequence, end }: Sighting, { tcp }: Packet, mss: number): number {
  const isOne = packetsOf(tcp.length, mss, tcp.hasTimestamps) === 1
  return isOne ? end : (sequence + packetSize(mss, tcp.hasTimestamps)) | 0
}
