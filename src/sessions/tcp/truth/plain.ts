/**
 * The commonest segment, quickly: the next data, or an acknowledgment of what has passed, between two ends that nothing is out of
 * the ordinary with. An exact shortcut of `TcpTruth.observe`: a test holds both equal. It touches three cache lines of its direction, two
 * or three of the other, and the sighting.
 */
import { ChecksumStatus } from '../../../decode/checksums.js'
import { ACK, Direction, type Packet, PSH } from '../../../packet.js'
import type { Slab } from '../../record.js'
import { SHORTEST_PAUSE } from './flow.js'
import { FlowRecord, Plain, places, TTL_SHIFT } from './flow-record.js'
import { Marks } from './marks.js'
import { LongSegments, packetsOf } from './offload.js'
import { Reaction } from './reaction.js'
import { IdentificationHabit, NEAR } from './send-order.js'
import type { Sighting, SightingPool } from './sighting.js'
import { KEPT, Sightings } from './sightings.js'
import { Stamps } from './stamps.js'
import { SHORTEST_TIMEOUT } from './tries.js'

const FLOW = FlowRecord.offsets

// where in a flow's record each number is
const COUNT = places.sightings + Sightings.offsets.count
const NEWEST_SIGHTING = places.sightings + Sightings.offsets.newest
const IS_TROUBLED = places.sightings + Sightings.offsets.isTroubled
const LAST = places.identification + IdentificationHabit.offsets.last
const NEWEST = places.identification + IdentificationHabit.offsets.newest
const SKIPPED = places.identification + IdentificationHabit.offsets.skipped
const STEPS = places.identification + IdentificationHabit.offsets.steps
const JUMPS = places.identification + IdentificationHabit.offsets.jumps
const REPEATS = places.identification + IdentificationHabit.offsets.repeats
const CLEAR = places.identification + IdentificationHabit.offsets.clear
const SPAN = places.identification + IdentificationHabit.offsets.span
const GAPS = places.identification + IdentificationHabit.offsets.gaps
const ANY_STAMPS = places.stamps + Stamps.offsets.any
const LAST_STAMP = places.stamps + Stamps.offsets.last
const LAST_STAMP_TIME = (places.stamps >> 1) + Stamps.offsets.lastTime
const NEWEST_STAMP = places.answers + Reaction.offsets.newest
const OUTBOUND = places.marks + Marks.offsets.outbound
const INBOUND = places.marks + Marks.offsets.inbound

export class PlainSegments {
  readonly #slab: Slab
  readonly #sightings: Sightings
  readonly #answers: Reaction
  readonly #long: LongSegments
  readonly #latest: Sighting

  constructor(slab: Slab, pool: SightingPool) {
    this.#slab = slab
    this.#sightings = new Sightings(slab, pool)
    this.#answers = new Reaction(slab)
    this.#long = new LongSegments(slab)
    this.#latest = pool.other
  }

  /** Takes the packet in, if it is plain; false, and nothing done, if it is not. `at` and `back` are where the flows of its direction and of the other begin. */
  take(at: number, back: number, packet: Packet, time: number): boolean {
    const { tcp } = packet
    const { length, sequence, acknowledgment } = tcp
    const { ints, floats } = this.#slab
    const plain = ints[at + FLOW.plain] ?? 0
    if ((plain & (length > 0 ? Plain.data : Plain.acknowledgment)) === 0) return false
    if ((tcp.flags & ~PSH) !== ACK || tcp.window === 0 || tcp.sackBlocks > 0) return false
    const { transportChecksum } = packet
    if (transportChecksum === ChecksumStatus.bad || transportChecksum === ChecksumStatus.unfilled) return false
    if (transportChecksum === ChecksumStatus.good && (plain & Plain.fitted) === 0) return false
    if (packet.timeToLive !== plain >> TTL_SHIFT || (tcp.hasTimestamps && ints[at + ANY_STAMPS] === 0)) return false

    const identification = packet.networkVersion === 4 ? packet.identification : -1
    const lastIdentification = ints[at + LAST] ?? -1
    let skipped = ints[at + SKIPPED] ?? 0
    const span = ints[at + SPAN] ?? 0
    if (identification >= 0) {
      if (lastIdentification < 0) return false
      // what was taken for several packets was one
      if (span > 0 && ((lastIdentification - identification) & 0xffff) < span) return false
      const ahead = ((identification - (ints[at + NEWEST] ?? 0)) << 16) >> 16
      skipped = ahead > 0 ? ahead - 1 : -1
    }
    const isTroubled = ints[at + IS_TROUBLED] !== 0
    if (isTroubled && skipped < 0) return false
    const top = ints[back + FLOW.top] ?? 0
    const acknowledged = ints[back + FLOW.acknowledged] ?? 0
    const ahead = (acknowledgment - acknowledged) | 0
    if (ahead > 0 && ((acknowledgment - top) | 0) > 0) return false
    const half = at >> 1
    const lastDataTime = floats[half + FLOW.lastDataTime] ?? 0
    if (length > 0) {
      if (sequence !== ints[at + FLOW.top]) return false
      // it may show that what came before it had been sent again: late.ts
      if (isTroubled && tcp.hasTimestamps && (((ints[at + NEWEST_STAMP] ?? 0) - tcp.timestampValue) | 0) > 0)
        return false
      // what looks like the next segment may come again: LostTail
      const isAfterPause = isTroubled || time - lastDataTime > SHORTEST_PAUSE
      if (isAfterPause && skipped >= 0 && (floats[(back >> 1) + FLOW.lastDataTime] ?? 0) < lastDataTime) {
        if (skipped > 0 || !this.#isOneBurst(ints[at + NEWEST_SIGHTING] ?? 0, sequence)) return false
      } else if (skipped > 0 && time - lastDataTime >= SHORTEST_TIMEOUT) return false
    } else if ((plain & Plain.data) !== 0 && ((sequence - (ints[at + FLOW.top] ?? 0)) | 0) > 0) {
      // it shows that something before it was not seen
      return false
    } else if (ahead === 0 && tcp.window === ints[back + FLOW.lastWindow] && ((top - acknowledged) | 0) > 0) {
      return false
    }

    if (packet.direction !== Direction.unknown) {
      const counter = at + (packet.direction === Direction.outbound ? OUTBOUND : INBOUND)
      ints[counter] = (ints[counter] ?? 0) + 1
    }
    if (identification >= 0) {
      const step = ((identification - lastIdentification) << 16) >> 16
      const counter = at + (step === 0 ? REPEATS : step > -NEAR && step < NEAR ? STEPS : JUMPS)
      ints[counter] = (ints[counter] ?? 0) + 1
      const isOne = identification === 0 || span < 0
      const packets = isOne ? 1 : packetsOf(length, ints[back + FLOW.mss] ?? -1, tcp.hasTimestamps, ints[at + FLOW.mss])
      const last = (identification + packets - 1) & 0xffff
      ints[at + LAST] = last
      if (span >= 0) ints[at + SPAN] = packets - 1
      ints[at + SKIPPED] = skipped
      const isClear = length === 0 && sequence === ints[at + FLOW.top] && skipped >= 0 && identification !== 0
      if (isClear) ints[at + CLEAR] = identification
      if (skipped >= 0) ints[at + NEWEST] = last
      if (skipped > 0) ints[at + GAPS] = (ints[at + GAPS] ?? 0) + 1
    }
    const answers = this.#answers
    answers.at = at + places.answers
    if (tcp.hasTimestamps) {
      answers.stamped(packet, time)
      ints[at + LAST_STAMP] = tcp.timestampValue | 0
      floats[half + LAST_STAMP_TIME] = time
    }
    if (length > 0) answers.sent((sequence + length) | 0, packet.number, time, false)
    answers.at = back + places.answers
    answers.answered(packet, time)
    if (ahead > 0) {
      ints[back + FLOW.acknowledged] = acknowledgment
      floats[(back >> 1) + FLOW.lastAdvanceTime] = time
      if ((ints[back + COUNT] ?? 0) > KEPT) this.#trim(back, acknowledgment)
    }
    ints[back + FLOW.lastWindow] = tcp.window
    floats[(back >> 1) + FLOW.lastAckTime] = time
    if (length > 0) this.#carries(at, packet, time, ints[back + FLOW.mss] ?? -1)
    return true
  }

  /** The sighting at `newest` ends where the next segment begins, and was nothing out of the ordinary. */
  #isOneBurst(newest: number, sequence: number): boolean {
    const latest = this.#latest
    latest.at = newest
    return latest.end === sequence && !latest.hasAnomaly
  }

  #trim(at: number, acknowledged: number): void {
    this.#sightings.at = at + places.sightings
    this.#sightings.trim(acknowledged)
  }

  #carries(at: number, packet: Packet, time: number, mss: number): void {
    const { sequence, length } = packet.tcp
    const end = (sequence + length) | 0
    const sightings = this.#sightings
    sightings.at = at + places.sightings
    sightings.add(sightings.take(packet, time, end), end)
    const { ints, floats } = this.#slab
    ints[at + FLOW.segments] = (ints[at + FLOW.segments] ?? 0) + 1
    ints[at + FLOW.top] = end
    floats[(at >> 1) + FLOW.lastDataTime] = time
    if ((ints[at + COUNT] ?? 0) > KEPT) sightings.trim(ints[at + FLOW.acknowledged] ?? 0)
    if (mss < 0 || length <= mss) return
    this.#long.at = at + places.long
    this.#long.add(packet, mss)
  }
}
