/**
 * The data segments of one direction that the capture has seen lately, in the order of capture: what is in flight, and
 * what was acknowledged a few round trips ago at most, so that copies, retransmissions and overtaken segments can be
 * held against it.
 */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { type Packet, SYN } from '../../../packet.js'
import { record, type Slab } from '../../record.js'
import { type Anomaly, Order } from './anomaly.js'
import { packetsOf } from './offload.js'
import { byIdentification, byTimestamps, Sent } from './send-order.js'
import { NONE, Sighting, type SightingPool } from './sighting.js'
import type { TriesInVain } from './tries.js'

/** So many are kept of one direction: 4096 segments of 1460 bytes are 5.7 MiB in flight. The oldest is forgotten for a new one. */
const LIMIT = 4096
/** So many are kept at least, though they are acknowledged: few in a session without trouble, more in one with. */
export const KEPT = 16
const KEPT_IN_TROUBLE = 256

/**
 * What a session may spend on looking back: so many steps more with each segment, and no more than that in store. Only
 * one with thousands in flight and little else than retransmissions ever runs out.
 */
const STEPS = 256
const STEPS_IN_STORE = 1 << 16
/** So far back a segment that comes late is held against those that came before it. */
const LOOK_BACK = 64

const { next: NEXT, end: END } = Sighting.offsets

export interface Between {
  /** packets that were never seen */
  readonly unseen: number
  /** when the segment that ends at `top` came, and the first of those that were seen after it, ns; -1: none was */
  readonly after: number
  readonly since: number
}

export class Sightings extends record(
  [
    'oldest',
    'newest',
    'count',
    /** the direction has gaps, copies, retransmissions: what comes may have to do with what came a while ago */
    'isTroubled',
    'steps',
  ],
  [],
) {
  readonly #pool: SightingPool

  constructor(slab: Slab, pool: SightingPool) {
    super(slab)
    this.#pool = pool
  }

  /** A record for the next segment, filled: to be looked at, and added. */
  take(packet: Packet, time: number, end: number): Sighting {
    this.#pool.take(this.at)
    const { taken } = this.#pool
    taken.set(packet, time, end)
    return taken
  }

  /** `top`: the sequence number after the highest byte seen so far. */
  add(sighting: Sighting, top: number): void {
    const { newest } = this
    if (newest === NONE) this.oldest = sighting.at
    else this.#pool.slab.ints[newest + NEXT] = sighting.at
    sighting.older = newest
    sighting.top = top
    this.newest = sighting.at
    this.count++
    if (this.steps < STEPS_IN_STORE) this.steps += STEPS
  }

  forgetOldest(): void {
    const sighting = this.oldest
    if (sighting === NONE) return
    this.oldest = this.#pool.slab.ints[sighting + NEXT] ?? NONE
    if (this.oldest === NONE) this.newest = NONE
    this.count--
    if (this.isTroubled !== 0) this.#pool.untie(this.at, sighting)
    this.#pool.give(sighting, sighting, 1)
  }

  /** Forgets what is acknowledged, but for the latest. */
  trim(acknowledged: number): void {
    const kept = this.isTroubled !== 0 ? KEPT_IN_TROUBLE : KEPT
    while (this.count > kept) {
      const end = this.#pool.slab.ints[this.oldest + END] ?? 0
      if (sequenceAfter(end, acknowledged) && this.count <= LIMIT) return
      this.forgetOldest()
    }
  }

  clear(): void {
    if (this.oldest !== NONE) {
      if (this.isTroubled !== 0) this.#pool.untieAll(this.at)
      this.#pool.give(this.oldest, this.newest, this.count)
    }
    this.oldest = this.newest = NONE
    this.count = 0
    this.isTroubled = 0
    this.steps = STEPS_IN_STORE
  }

  /** The latest one. */
  get latest(): Sighting {
    const { other } = this.#pool
    other.at = this.newest
    return other
  }

  /**
   * What the sender numbered after the segment that ends at `top`, when that first came, and before `segment`. Undefined when that
   * segment is forgotten, or is a SYN, whose number does not count. `mss`: see packetSize. `tries` takes in what was out of the ordinary.
   * `clear`: what was numbered up to there, and never seen, was nothing beyond `top`; see IdentificationHabit.
   */
  between(top: number, segment: Sighting, mss: number, tries: TriesInVain, clear: number): Between | undefined {
    const { other } = this.#pool
    if (!this.#findFirstUpTo(top)) return undefined
    const first = other.numberAt(top, mss)
    const isClear = clear !== 0 && ((clear - first) & 0xffff) < ((segment.identification - first) & 0xffff)
    const from = isClear ? clear : first
    const after = other.time
    const span = (segment.identification - from) & 0xffff
    let unseen = 0
    let newest = 0
    let since = -1
    for (let at = this.oldest; at !== NONE && this.steps > 0; at = other.next) {
      this.steps--
      other.at = at
      const step = (other.identification - from) & 0xffff
      if (step === 0 || step >= span) continue
      if (since < 0) since = other.time
      const anomaly = this.#pool.anomalyOf(other)
      const packets = other.packets(mss)
      // a copy has no number of its own
      if (anomaly?.looksLikePrevious === true && packets === 1) continue
      const before = unseen
      unseen += step > newest ? step - newest - 1 : -packets
      newest = Math.max(newest, step + packets - 1)
      if (anomaly !== undefined) tries.add(anomaly, after, before, unseen)
    }
    unseen += span - newest - 1
    return { unseen, after, since }
  }

  /**
   * Calls `visit` with each of the latest sightings that came before `segment`, has bytes up to its own at most, and was sent after it by
   * its sender's numbers or clock. `counts`: the numbers tell; `mss`: see packetSize.
   */
  eachSentAfter(segment: Sighting, counts: boolean, mss: number, visit: (earlier: Sighting) => void): void {
    const { other } = this.#pool
    let left = Math.min(this.steps, LOOK_BACK)
    this.steps -= left
    for (let at = this.newest; at !== NONE && left > 0; left--) {
      other.at = at
      const isOldest = at === this.oldest
      at = other.older
      const isBefore = sequenceBefore(other.sequence, segment.end) && other.end !== other.sequence
      const isAfter =
        (counts && byIdentification(other, segment, mss) === Sent.after) || byTimestamps(other, segment) === Sent.after
      if (isBefore && isAfter) visit(other)
      if (isOldest) break
    }
    this.steps += left
  }

  /** Makes `other` stand for it. */
  #findFirstUpTo(top: number): boolean {
    const { other } = this.#pool
    for (let at = this.oldest; at !== NONE && this.steps > 0; at = other.next) {
      this.steps--
      other.at = at
      if (other.end === top) return ((other.header >>> 16) & SYN) === 0
    }
    return false
  }

  /**
   * Holds a segment against the others: those with its bytes, and those with later ones. From the newest back, until only such
   * are left as end before it. `mss`: see packetSize.
   */
  compare(segment: Sighting, anomaly: Anomaly, mss: number): void {
    const { other, previous } = this.#pool
    const { sequence, end } = segment
    const { oldest } = this
    let steps = this.steps
    let hasPrevious = false
    let at = this.newest
    while (at !== NONE && steps > 0) {
      steps--
      other.at = at
      if (!sequenceAfter(other.top, sequence)) break
      if (!sequenceBefore(other.sequence, end)) {
        anomaly.toLater.compare(segment, other, mss)
        if (anomaly.holeFrame !== 0 && hasByteAt(other, anomaly.holeBehind)) anomaly.isFollowed = true
      } else if (sequenceAfter(other.end, sequence) && other.end !== other.sequence) {
        if (!hasPrevious) previous.at = at
        hasPrevious = true
        anomaly.firstFrame = other.frame
        anomaly.firstTime = other.time
      }
      at = at === oldest ? NONE : other.older
    }
    this.steps = steps
    if (!hasPrevious) return
    anomaly.previousFrame = previous.frame
    anomaly.previousTime = previous.time
    anomaly.previousTimestamp = previous.timestampValue
    anomaly.echoesTheSame = previous.hasTimestamps && segment.timestampEcho === previous.timestampEcho
    anomaly.previousPlace = previous.place
    anomaly.previousFlags = previous.header >>> 16
    anomaly.previous = this.#pool.anomalyOf(previous)
    if (anomaly.previous !== undefined) anomaly.previous.again ??= anomaly
    anomaly.coversPrevious = isCovered(previous, segment, mss)
    anomaly.looksLikePrevious = segment.looksLike(previous, mss)
    anomaly.toPrevious = new Order()
    anomaly.toPrevious.compare(segment, previous, mss)
  }
}

/** Of what was one packet, its first bytes stand for all: no part of a packet arrives alone. */
function isCovered(previous: Sighting, segment: Sighting, mss: number): boolean {
  if (previous.sequence === segment.sequence && packetsOf(lengthOf(previous), mss, previous.hasTimestamps) === 1)
    return true
  return !sequenceBefore(previous.sequence, segment.sequence) && !sequenceAfter(previous.end, segment.end)
}

function lengthOf({ sequence, end }: Sighting): number {
  return sequenceDifference(end, sequence)
}

function hasByteAt({ sequence, end }: Sighting, at: number): boolean {
  return !sequenceAfter(sequence, at) && sequenceAfter(end, at)
}
