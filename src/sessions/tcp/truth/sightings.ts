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

export class Sightings implements SightingOwner {
  readonly #pool: SightingPool
  #oldest: Sighting | undefined
  #newest: Sighting | undefined
  #count = 0

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
  }

  forgetOldest(): void {
    const sighting = this.#oldest
    if (sighting === undefined) return
    this.#oldest = sighting.next
    if (this.#oldest === undefined) this.#newest = undefined
    this.#count--
    this.#pool.give(sighting)
  }

  /** Forgets what is acknowledged and was captured before `time`. */
  trim(acknowledged: number, time: number): void {
    for (;;) {
      const sighting = this.#oldest
      if (sighting === undefined) return
      const isNeeded = sequenceAfter(sighting.end, acknowledged) || sighting.time > time
      if (isNeeded && this.#count <= LIMIT) return
      this.forgetOldest()
    }
  }

  clear(): void {
    while (this.#oldest !== undefined) this.forgetOldest()
  }

  /** Holds a segment against the others: those with its bytes, and those with later ones. */
  compare(segment: Sighting, anomaly: Anomaly): void {
    let previous: Sighting | undefined
    for (let other = this.#oldest; other !== undefined; other = other.next) {
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
    anomaly.looksLikePrevious = segment.looksLike(previous)
    anomaly.toPrevious = new Order()
    anomaly.toPrevious.compare(segment, previous)
  }
}
