/** One data segment as the capture saw it, and the pool that such records come from. */
import { sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { ACK, FIN, type Packet, PSH, SYN } from '../../../packet.js'
import { placeOf } from '../../place.js'
import { record, Slab } from '../../record.js'
import type { Anomaly } from './anomaly.js'
import { packetSize, packetsOf } from './offload.js'

/** No sighting: the end of a list. The slab's first record is never used. */
export const NONE = 0

const HAS_TIMESTAMPS = 1
const HAS_ANOMALY = 2

/** A cache line. An object of this class stands for one sighting at a time: the one that begins at `at`. */
export class Sighting extends record(
  [
    /** its neighbours in the same list: the next younger one, and the next older one if that is not forgotten */
    'next',
    'older',
    /** the list that it is in, or was in last */
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
    /** sequence number after the highest byte that was seen of its direction, itself included */
    'top',
  ],
  [
    /** ns since the session's first packet */
    'time',
  ],
) {
  get hasTimestamps(): boolean {
    return (this.bits & HAS_TIMESTAMPS) !== 0
  }

  get acknowledges(): boolean {
    return ((this.header >>> 16) & ACK) !== 0
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

  /** The packets that it was on the wire. `mss`: see packetSize. */
  packets(mss: number): number {
    const flags = this.header >>> 16
    const length = this.end - this.sequence - ((flags & SYN) !== 0 ? 1 : 0) - ((flags & FIN) !== 0 ? 1 : 0)
    return packetsOf(length | 0, mss, this.hasTimestamps)
  }

  /** The IP identification of the packet of it that has the byte at `sequence`, or of its last one where that lies beyond. */
  numberAt(sequence: number, mss: number): number {
    const packets = this.identification === 0 ? 1 : this.packets(mss)
    if (packets === 1) return this.identification
    const before = Math.floor(sequenceDifference(sequence, this.sequence) / packetSize(mss, this.hasTimestamps))
    return (this.identification + Math.min(packets - 1, before)) & 0xffff
  }

  /** Nothing in the headers tells the two apart: one may be a copy of the other, or of a packet of it. `mss`: see packetSize. */
  looksLike(other: Sighting, mss: number): boolean {
    const isSame = this.sequence === other.sequence && this.end === other.end
    return isSame
      ? this.header === other.header && this.#isOfOneSending(other, this.identification, other.identification)
      : this.#sharesPacket(other, mss)
  }

  /** Both have a packet that looks the same, put together with others in one of them, or in both. */
  #sharesPacket(other: Sighting, mss: number): boolean {
    if (this.packets(mss) === 1 && other.packets(mss) === 1) return false
    const at = sequenceBefore(this.sequence, other.sequence) ? other.sequence : this.sequence
    // a network card puts together what differs in PSH
    if (((this.header ^ other.header) & ~(PSH << 16)) !== 0) return false
    return this.#isOfOneSending(other, this.numberAt(at, mss), other.numberAt(at, mss))
  }

  #isOfOneSending(other: Sighting, number: number, numberOfOther: number): boolean {
    return (
      this.acknowledgment === other.acknowledgment &&
      number === numberOfOther &&
      this.hasTimestamps === other.hasTimestamps &&
      (!this.hasTimestamps ||
        (this.timestampValue === other.timestampValue && this.timestampEcho === other.timestampEcho))
    )
  }
}

/** So many are kept, of all open sessions together: 16 MiB. One of the oldest is forgotten for a new one. */
const CAPACITY = 1 << 18

const { next: NEXT, list: LIST, bits: BITS } = Sighting.offsets

/**
 * Sightings are known by where their record begins. With thousands of sessions open, what costs is each record that is touched
 * and has not been lately: so a record knows none but the next of its list, and those given back last are taken first.
 */
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
  /** by list, and in it by sighting: what was out of the ordinary */
  readonly #anomalies = new Map<number, Map<number, Anomaly>>()
  #made = 1
  #free = NONE
  /** the slot looked at last for one to forget */
  #hand = 0

  /** @param forget gives the oldest sighting of a list back, if it has any */
  constructor(forget: (list: number) => void, capacity: number = CAPACITY) {
    this.#forget = forget
    this.#capacity = capacity
  }

  /** Makes `taken` stand for a new one, of this list. */
  take(list: number): void {
    const { slab } = this
    if (this.used >= this.#capacity) this.#forgetOne()
    this.used++
    let at = this.#free
    if (at === NONE) {
      const slot = this.#made++
      slab.reserve(slot)
      at = slab.offset(slot)
    } else this.#free = slab.ints[at + NEXT] ?? NONE
    const { ints } = slab
    ints[at + NEXT] = NONE
    ints[at + LIST] = list
    this.taken.at = at
  }

  /** Takes `count` sightings back: a whole list, or part of one, from `oldest` to `newest`. */
  give(oldest: number, newest: number, count: number): void {
    this.slab.ints[newest + NEXT] = this.#free
    this.#free = oldest
    this.used -= count
  }

  /** The sighting was out of the ordinary. */
  tie(sighting: Sighting, anomaly: Anomaly): void {
    const { at, list } = sighting
    sighting.noteAnomaly()
    const ofList = this.#anomalies.get(list) ?? new Map<number, Anomaly>()
    this.#anomalies.set(list, ofList.set(at, anomaly))
  }

  /** Forgets what was out of the ordinary about a sighting. */
  untie(list: number, sighting: number): void {
    if (((this.slab.ints[sighting + BITS] ?? 0) & HAS_ANOMALY) !== 0) this.#anomalies.get(list)?.delete(sighting)
  }

  /** Forgets it of all sightings of a list. */
  untieAll(list: number): void {
    this.#anomalies.delete(list)
  }

  anomalyOf(sighting: Sighting): Anomaly | undefined {
    return sighting.hasAnomaly ? this.#anomalies.get(sighting.list)?.get(sighting.at) : undefined
  }

  /** The slots are gone through in turn, and the oldest of the list that each was in last goes: of old lists, sooner or later, all. */
  #forgetOne(): void {
    const { slab, used } = this
    while (this.used === used) {
      this.#hand = this.#hand + 1 < this.#made ? this.#hand + 1 : 1
      this.#forget(slab.ints[slab.offset(this.#hand) + LIST] ?? 0)
    }
  }
}
