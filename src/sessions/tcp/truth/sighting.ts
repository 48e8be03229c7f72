/** One data segment as the capture saw it, and the pool that such records come from. */
import type { Packet } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'

export class Sighting {
  next: Sighting | undefined
  frame = 0
  /** ns since the session's first packet */
  time = 0
  sequence = 0
  /** sequence number after its last byte; SYN and FIN count as one each */
  end = 0
  acknowledgment = 0
  /** flags and window as on the wire, in one number */
  header = 0
  /** IP identification; 0: none */
  identification = 0
  timestampValue = 0
  timestampEcho = 0
  /** time to live, capture direction and interface, in one number: what differs where two capture points saw one frame */
  place = 0
  /** set when it was out of the ordinary */
  anomaly: Anomaly | undefined

  set(packet: Packet, time: number, end: number): void {
    const tcp = packet.tcp
    this.next = undefined
    this.frame = packet.number
    this.time = time
    this.sequence = tcp.sequence
    this.end = end
    this.acknowledgment = tcp.acknowledgment
    this.header = (tcp.flags << 16) | tcp.window
    this.identification = packet.identification
    this.timestampValue = tcp.hasTimestamps ? tcp.timestampValue | 0 : 0
    this.timestampEcho = tcp.hasTimestamps ? tcp.timestampEcho | 0 : 0
    this.place = packet.timeToLive | (packet.direction << 8) | (packet.interfaceId << 10)
    this.anomaly = undefined
  }

  /** True when nothing in the two headers tells them apart: one may be a copy of the other. */
  sameHeader(other: Sighting): boolean {
    return (
      this.sequence === other.sequence &&
      this.end === other.end &&
      this.acknowledgment === other.acknowledgment &&
      this.header === other.header &&
      this.identification === other.identification &&
      this.timestampValue === other.timestampValue &&
      this.timestampEcho === other.timestampEcho
    )
  }
}

/** More than this many at once, of all open sessions together, are not kept: about 150 MB. */
const LIMIT = 1 << 20
/** From here on sessions keep only what is in flight. */
const SCARCE = 1 << 18

export class SightingPool {
  #free: Sighting | undefined
  #used = 0

  get scarce(): boolean {
    return this.#used > SCARCE
  }

  /** A record to fill, or undefined when there are too many. */
  take(): Sighting | undefined {
    if (this.#used >= LIMIT) return undefined
    this.#used++
    const sighting = this.#free
    if (sighting === undefined) return new Sighting()
    this.#free = sighting.next
    return sighting
  }

  give(sighting: Sighting): void {
    this.#used--
    sighting.anomaly = undefined
    sighting.next = this.#free
    this.#free = sighting
  }
}

/** One pool serves all sessions: it holds nothing but room. */
export const sharedSightings: SightingPool = new SightingPool()
