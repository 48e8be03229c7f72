/** One data segment as the capture saw it, and the pool that such records come from. */
import type { Packet } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'

/** Whose list of sightings a sighting is in. */
export interface SightingOwner {
  /** Gives the oldest sighting of its list back to the pool. */
  forgetOldest(): void
}

export class Sighting {
  /** the next younger one of the same owner */
  next: Sighting | undefined
  /** its neighbours among the sightings of all sessions */
  older: Sighting | undefined
  younger: Sighting | undefined
  owner: SightingOwner | undefined

  frame = 0
  /** ns since the session's first packet */
  time = 0
  sequence = 0
  /** sequence number after its last byte; SYN and FIN count as one each */
  end = 0
  acknowledgment = 0
  /** flags and window as on the wire, in one number */
  header = 0
  /** 0: none */
  identification = 0
  hasTimestamps = false
  timestampValue = 0
  timestampEcho = 0
  /** time to live, capture direction and interface, in one number: what differs where two capture points saw one frame */
  place = 0
  /** set when it was out of the ordinary */
  anomaly: Anomaly | undefined

  set(packet: Packet, time: number, end: number): void {
    const tcp = packet.tcp
    this.frame = packet.number
    this.time = time
    this.sequence = tcp.sequence
    this.end = end
    this.acknowledgment = tcp.acknowledgment
    this.header = (tcp.flags << 16) | tcp.window
    this.identification = packet.identification
    this.hasTimestamps = tcp.hasTimestamps
    this.timestampValue = tcp.timestampValue | 0
    this.timestampEcho = tcp.timestampEcho | 0
    this.place = placeOf(packet)
    this.anomaly = undefined
  }

  /** Nothing in the headers tells the two apart: one may be a copy of the other. */
  looksLike(other: Sighting): boolean {
    return (
      this.sequence === other.sequence &&
      this.end === other.end &&
      this.acknowledgment === other.acknowledgment &&
      this.header === other.header &&
      this.identification === other.identification &&
      this.hasTimestamps === other.hasTimestamps &&
      (!this.hasTimestamps ||
        (this.timestampValue === other.timestampValue && this.timestampEcho === other.timestampEcho))
    )
  }
}

export function placeOf(packet: Packet): number {
  return packet.timeToLive | (packet.direction << 8) | (packet.interfaceId << 10)
}

/** So many are kept, of all open sessions together: about 45 MB. The oldest is forgotten for a new one. */
const CAPACITY = 1 << 18

export class SightingPool {
  readonly #capacity: number
  #used = 0
  #free: Sighting | undefined
  #oldest: Sighting | undefined
  #youngest: Sighting | undefined

  constructor(capacity: number = CAPACITY) {
    this.#capacity = capacity
  }

  take(owner: SightingOwner): Sighting {
    // lists are in order of capture, so the oldest of all is the oldest of its owner
    if (this.#used >= this.#capacity) this.#oldest?.owner?.forgetOldest()
    this.#used++
    const sighting = this.#free ?? new Sighting()
    this.#free = sighting.next
    sighting.next = undefined
    sighting.owner = owner
    const before = this.#youngest
    sighting.older = before
    sighting.younger = undefined
    if (before === undefined) this.#oldest = sighting
    else before.younger = sighting
    this.#youngest = sighting
    return sighting
  }

  give(sighting: Sighting): void {
    const { older, younger } = sighting
    if (older === undefined) this.#oldest = younger
    else older.younger = younger
    if (younger === undefined) this.#youngest = older
    else younger.older = older
    sighting.owner = undefined
    sighting.anomaly = undefined
    sighting.next = this.#free
    this.#free = sighting
    this.#used--
  }
}

/** One pool serves all sessions: it holds nothing but room. */
export const sharedSightings: SightingPool = new SightingPool()
