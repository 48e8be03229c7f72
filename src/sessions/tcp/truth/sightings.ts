/**
 * The data segments of one direction that the capture has seen lately, in the order of capture: what is in flight, and
 * what was acknowledged a few round trips ago at most, so that copies, retransmissions and overtaken segments can be
 * held against it.
 */
import { sequenceAfter, sequenceBefore } from '../../../bytes/sequence.js'
import { type Anomaly, Order } from './anomaly.js'
import type { Sighting, SightingOwner, SightingPool } from './sighting.js'

/** So many are kept of one direction: 4096 segments of 1460 bytes are 5.7 MiB in flight. The oldest is forgotten for a new one. */
const LIMIT = 4096
/** So many are kept at least, though they are acknowledged: few in a session without trouble, more in one with. */
const KEPT = 16
const KEPT_IN_TROUBLE = 256

/**
 * What a session may spend on looking back: so many steps more with each segment, and no more than that in store. Only
 * one with thousands in flight and little else than retransmissions ever runs out.
 */
const STEPS = 256
const STEPS_IN_STORE = 1 << 16

export class Sightings implements SightingOwner {
  readonly #pool: SightingPool
  #oldest: Sighting | undefined
  #newest: Sighting | undefined
  #count = 0
  #steps = STEPS_IN_STORE
  /** the direction has gaps, copies, retransmissions: what comes may have to do with what came a while ago */
  isTroubled = false

  constructor(pool: SightingPool) {
    this.#pool = pool
  }

  /** A record for the next segment: to be filled, looked at, and added. */
  take(): Sighting {
    return this.#pool.take(this)
  }

  add(sighting: Sighting): void {
    if (this.#newest === undefined) this.#oldest = sighting
    else this.#newest.next = sighting
    this.#newest = sighting
    this.#count++
    if (this.#steps < STEPS_IN_STORE) this.#steps += STEPS
  }

  forgetOldest(): void {
    const sighting = this.#oldest
    if (sighting === undefined) return
    this.#oldest = sighting.next
    if (this.#oldest === undefined) this.#newest = undefined
    this.#count--
    this.#pool.give(sighting)
  }

  /** Forgets what is acknowledged, but for the latest. */
  trim(acknowledged: number): void {
    const kept = this.isTroubled ? KEPT_IN_TROUBLE : KEPT
    while (this.#count > kept) {
      const sighting = this.#oldest
      if (sighting === undefined) return
      if (sequenceAfter(sighting.end, acknowledged) && this.#count <= LIMIT) return
      this.forgetOldest()
    }
  }

  clear(): void {
    while (this.#oldest !== undefined) this.forgetOldest()
    this.isTroubled = false
    this.#steps = STEPS_IN_STORE
  }

  /** Holds a segment against the others: those with its bytes, and those with later ones. */
  compare(segment: Sighting, anomaly: Anomaly): void {
    let previous: Sighting | undefined
    for (let other = this.#oldest; other !== undefined && this.#steps > 0; other = other.next) {
      this.#steps--
      if (!sequenceBefore(other.sequence, segment.end)) anomaly.toLater.compare(segment, other)
      else if (sequenceAfter(other.end, segment.sequence)) {
        if (previous === undefined) {
          anomaly.firstFrame = other.frame
          anomaly.firstTime = other.time
        }
        previous = other
      }
    }
    if (previous === undefined) return
    anomaly.previousFrame = previous.frame
    anomaly.previousTime = previous.time
    anomaly.previousPlace = previous.place
    anomaly.previous = previous.anomaly
    anomaly.coversPrevious =
      !sequenceBefore(previous.sequence, segment.sequence) && !sequenceAfter(previous.end, segment.end)
    anomaly.looksLikePrevious = segment.looksLike(previous)
    anomaly.toPrevious = new Order()
    anomaly.toPrevious.compare(segment, previous)
  }
}
