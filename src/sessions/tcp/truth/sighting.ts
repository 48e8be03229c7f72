/** One data segment as the capture saw it, and the pool that such records come from. */
import type { Packet } from '../../../packet.js'
import { record, Slab } from '../../record.js'
import type { Anomaly } from './anomaly.js'

/** No sighting: the end of a list. The slab's first record is never used. */
export const NONE = 0

const HAS_TIMESTAMPS = 1
const HAS_ANOMALY = 2

/** A cache line. An object of this class stands for one sighting at a time: the one that begins at `at`. */
export class Sighting extends record(
  [
    /** the next younger one of the same list */
    'next',
    /** its neighbours among the sightings of all sessions */
    'older',
    'younger',
    /** the list that it is in; 0: none */
    'list',
    'frame',
    'sequence',
    /** sequence number after its last byte; SYN and FIN count as one each */
    'end',
    'acknowledgment',
    /** flags and window as on the wire, in one number */
    'header',
    /** 0: none */
    'identification',
    'bits',
    'timestampValue',
    'timestampEcho',
    /** time to live, capture direction and interface, in one number: what differs where two capture points saw one frame */
    'place',
  ],
  [
    /** ns since the session's first packet */
    'time',
  ],
) {
  get hasTimestamps(): boolean {
    return (this.bits & HAS_TIMESTAMPS) !== 0
  }

  get hasAnomaly(): boolean {
    return (this.bits & HAS_ANOMALY) !== 0
  }

  set(packet: Packet, time: number, end: number): void {
    const tcp = packet.tcp
    this.frame = packet.number
    this.time = time
    this.sequence = tcp.sequence
    this.end = end
    this.acknowledgment = tcp.acknowledgment
    this.header = (tcp.flags << 16) | tcp.window
    this.identification = packet.identification
    this.bits = tcp.hasTimestamps ? HAS_TIMESTAMPS : 0
    this.timestampValue = tcp.timestampValue | 0
    this.timestampEcho = tcp.timestampEcho | 0
    this.place = placeOf(packet)
  }

  noteAnomaly(): void {
    this.bits |= HAS_ANOMALY
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

/** So many are kept, of all open sessions together: 16 MiB. The oldest is forgotten for a new one. */
const CAPACITY = 1 << 18

const { next: NEXT, older: OLDER, younger: YOUNGER, list: LIST, bits: BITS } = Sighting.offsets

/** Sightings are known by where their record begins. */
export class SightingPool {
  readonly slab = new Slab(Sighting.words, 256)
  /** the sighting that was taken last; those that are looked at beside it */
  readonly taken = new Sighting(this.slab)
  readonly other = new Sighting(this.slab)
  readonly previous = new Sighting(this.slab)
  /** sightings that are out */
  used = 0
  readonly #capacity: number
  readonly #forget: (list: number) => void
  readonly #anomalies = new Map<number, Anomaly>()
  #made = 1
  #free = NONE
  #oldest = NONE
  #youngest = NONE

  /** @param forget gives the oldest sighting of a list back */
  constructor(forget: (list: number) => void, capacity: number = CAPACITY) {
    this.#forget = forget
    this.#capacity = capacity
  }

  /** Makes `taken` stand for a new one, of this list. */
  take(list: number): void {
    const { slab } = this
    // lists are in order of capture, so the oldest of all is the oldest of its list
    if (this.used >= this.#capacity) this.#forget(slab.ints[this.#oldest + LIST] ?? 0)
    this.used++
    let at = this.#free
    if (at === NONE) {
      const slot = this.#made++
      slab.reserve(slot)
      at = slab.offset(slot)
    } else this.#free = slab.ints[at + NEXT] ?? NONE
    const { ints } = slab
    const before = this.#youngest
    ints[at + NEXT] = NONE
    ints[at + LIST] = list
    ints[at + OLDER] = before
    ints[at + YOUNGER] = NONE
    if (before === NONE) this.#oldest = at
    else ints[before + YOUNGER] = at
    this.#youngest = at
    this.taken.at = at
  }

  give(at: number): void {
    const { ints } = this.slab
    const older = ints[at + OLDER] ?? NONE
    const younger = ints[at + YOUNGER] ?? NONE
    if (older === NONE) this.#oldest = younger
    else ints[older + YOUNGER] = younger
    if (younger === NONE) this.#youngest = older
    else ints[younger + OLDER] = older
    if (((ints[at + BITS] ?? 0) & HAS_ANOMALY) !== 0) this.#anomalies.delete(at)
    ints[at + LIST] = 0
    ints[at + BITS] = 0
    ints[at + NEXT] = this.#free
    this.#free = at
    this.used--
  }

  /** The sighting was out of the ordinary. */
  tie(sighting: Sighting, anomaly: Anomaly): void {
    sighting.noteAnomaly()
    this.#anomalies.set(sighting.at, anomaly)
  }

  anomalyOf(sighting: Sighting): Anomaly | undefined {
    return sighting.hasAnomaly ? this.#anomalies.get(sighting.at) : undefined
  }
}
