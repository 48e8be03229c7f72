/** One direction's data as the capture has seen it, and what its receiver has said of it. */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { FIN, SYN, type Packet } from '../../../packet.js'
import { Anomaly, Arrival, Sent } from './anomaly.js'
import { Holes } from './holes.js'
import { type Sighting, type SightingPool } from './sighting.js'

const KEEP = 4
const LIMIT = 4096

export class Flow {
  started = false
  /** sequence number after the last byte seen */
  top = 0
  acknowledgedKnown = false
  acknowledged = 0
  readonly holes = new Holes()
  #oldest: Sighting | undefined
  #newest: Sighting | undefined
  count = 0

  duplicateAcks = 0
  duplicateAckFrame = 0
  sackEnd = 0
  sackFrame = 0
  hasSack = false
  lastDataTime = -1
  lastAckTime = -1
  lastWindow = -1
  zeroWindowFrame = 0
  missedBytes = 0
  anomalies: Anomaly[] = []
  pending: Anomaly[] = []
  /** sightings younger than this are kept though acknowledged, ns */
  memory = 0
  // identification
  lastId = -1
  idNear = 0
  idFar = 0
  idZero = 0
  idMax = 0
  segments = 0
  mss = 0
  readonly #pool: SightingPool

  constructor(pool: SightingPool) {
    this.#pool = pool
  }

  reset(): void {
    this.release()
    this.started = false
    this.acknowledgedKnown = false
    this.holes.reset()
    this.duplicateAcks = 0
    this.hasSack = false
    this.lastDataTime = this.lastAckTime = -1
    this.lastWindow = -1
    this.zeroWindowFrame = 0
    this.missedBytes = 0
    if (this.anomalies.length > 0) this.anomalies = []
    if (this.pending.length > 0) this.pending = []
    this.memory = 0
    this.lastId = -1
    this.idNear = this.idFar = this.idZero = 0
    this.segments = 0
    this.mss = 0
  }

  release(): void {
    let sighting = this.#oldest
    while (sighting !== undefined) {
      const next = sighting.next
      this.#pool.give(sighting)
      sighting = next
    }
    this.#oldest = this.#newest = undefined
    this.count = 0
  }

  /** Every packet of this direction: how its sender numbers them. */
  number(packet: Packet): void {
    const id = packet.identification
    if (packet.networkVersion !== 4 || (packet.tcp.flags & SYN) !== 0) return
    if (id === 0 && this.lastId <= 0) {
      this.idZero++
      this.lastId = 0
      return
    }
    if (this.lastId >= 0) {
      const step = ((id - this.lastId) << 16) >> 16
      if (step !== 0) {
        if (step > -256 && step < 256) this.idNear++
        else this.idFar++
      }
    }
    this.lastId = id
  }

  data(packet: Packet, direction: 0 | 1, time: number): void {
    const tcp = packet.tcp
    const flags = tcp.flags
    const sequence = tcp.sequence
    const end = (sequence + tcp.length + ((flags & SYN) !== 0 ? 1 : 0) + ((flags & FIN) !== 0 ? 1 : 0)) | 0
    const sighting = this.#pool.take()
    if (sighting === undefined) return
    sighting.set(packet, time, end)
    this.segments++
    if (!this.started) {
      this.started = true
      this.top = end
      if (!this.acknowledgedKnown) this.acknowledged = sequence
    } else if (sequence === this.top) {
      this.top = end
    } else if (sequenceAfter(sequence, this.top)) {
      this.holes.open(this.top, sequence, packet.number, time)
      this.top = end
    } else this.#anomalous(sighting, packet, direction, time)
    this.#append(sighting)
    this.lastDataTime = time
    this.#trim(time)
  }

  #anomalous(s: Sighting, packet: Packet, direction: 0 | 1, time: number): void {
    const a = new Anomaly()
    a.frame = s.frame
    a.time = time
    a.direction = direction
    a.sequence = s.sequence
    a.end = s.end
    a.length = packet.tcp.length
    a.flags = packet.tcp.flags
    a.identification = s.identification
    a.timestampValue = s.timestampValue
    a.hasTimestamps = packet.tcp.hasTimestamps
    a.place = s.place
    const hole = this.holes.at(s.sequence, s.end)
    if (hole !== undefined) {
      a.arrival = Arrival.fills
      a.holeFrame = hole.frame
      a.holeTime = hole.time
      a.signalFrame = hole.signalFrame
      a.signalTime = hole.signalTime
      a.signals = hole.signals
      this.holes.fill(s.sequence, s.end)
    }
    for (let t = this.#oldest; t !== undefined; t = t.next) {
      if (!sequenceBefore(t.sequence, s.end)) this.#compare(a, s, t)
      else if (sequenceAfter(t.end, s.sequence)) {
        if (a.firstFrame === 0) {
          a.firstFrame = t.frame
          a.firstTime = t.time
        }
        a.previousFrame = t.frame
        a.previousTime = t.time
        a.previousPlace = t.place
        a.previous = t.anomaly
        a.identical = s.sameHeader(t)
        a.versusPreviousId = orderById(s, t)
        a.versusPreviousTs = orderByTimestamp(s, t, a.hasTimestamps)
      }
    }
    a.sackedAbove = this.hasSack && sequenceAfter(this.sackEnd, s.sequence)
    a.sackFrame = this.sackFrame
    a.isOldest = s.sequence === this.acknowledged
    a.duplicateAcks = a.isOldest ? this.duplicateAcks : 0
    a.duplicateAckFrame = this.duplicateAckFrame
    a.isTail = s.end === this.top
    a.lastDataTime = this.lastDataTime
    a.lastAckTime = this.lastAckTime
    a.zeroWindowFrame = this.zeroWindowFrame
    if (sequenceAfter(s.end, this.top)) this.top = s.end
    s.anomaly = a
    this.anomalies.push(a)
    this.pending.push(a)
  }

  #compare(a: Anomaly, s: Sighting, t: Sighting): void {
    const byId = orderById(s, t)
    if (byId > a.byIdentification) {
      a.byIdentification = byId
      a.identificationWitness = t.frame
    }
    const byTs = orderByTimestamp(s, t, a.hasTimestamps)
    if (byTs > a.byTimestamp) {
      a.byTimestamp = byTs
      a.timestampWitness = t.frame
    }
    const d = sequenceDifference(s.acknowledgment, t.acknowledgment)
    const byAck = d > 0 ? Sent.after : d < 0 ? Sent.before : Sent.same
    if (byAck > a.byAcknowledgment) {
      a.byAcknowledgment = byAck
      a.acknowledgmentWitness = t.frame
    }
  }

  #append(sighting: Sighting): void {
    if (this.#newest === undefined) this.#oldest = sighting
    else this.#newest.next = sighting
    this.#newest = sighting
    this.count++
  }

  #trim(time: number): void {
    const old = time - this.memory
    while (this.count > KEEP) {
      const s = this.#oldest
      if (s === undefined || (this.count <= LIMIT && (sequenceAfter(s.end, this.acknowledged) || s.time > old))) return
      this.#oldest = s.next
      this.count--
      this.#pool.give(s)
    }
  }

  /** A packet from the receiver of this data. */
  acknowledge(packet: Packet, time: number): void {
    const tcp = packet.tcp
    const ack = tcp.acknowledgment
    this.lastAckTime = time
    if (!this.started) {
      this.acknowledged = ack
      this.acknowledgedKnown = true
      return
    }
    if (!this.acknowledgedKnown) {
      this.acknowledgedKnown = true
      this.acknowledged = ack
      return
    }
    const ahead = sequenceDifference(ack, this.acknowledged)
    if (ahead > 0) {
      if (sequenceAfter(ack, this.top)) {
        this.missedBytes += sequenceDifference(ack, this.top)
        this.top = ack
      }
      if (this.holes.any) this.missedBytes += this.holes.acknowledge(ack)
      this.acknowledged = ack
      this.duplicateAcks = 0
      if (this.hasSack && !sequenceAfter(this.sackEnd, ack)) this.hasSack = false
      this.#trim(time)
    } else if (ahead === 0 && tcp.length === 0 && (tcp.flags & (SYN | FIN)) === 0 && sequenceAfter(this.top, ack) && (tcp.window === this.lastWindow || tcp.sackBlocks > 0)) {
      if (this.duplicateAcks++ === 0) this.duplicateAckFrame = packet.number
    }
    for (let i = 0; i < tcp.sackBlocks; i++) {
      const right = tcp.sack[i * 2 + 1] ?? 0
      const left = tcp.sack[i * 2] ?? 0
      if (i === 0 && !sequenceAfter(right, ack)) { this.#dsack(left, right, packet.number); continue }
      if (i === 0 && tcp.sackBlocks > 1 && !sequenceBefore(left, tcp.sack[2] ?? 0) && !sequenceAfter(right, tcp.sack[3] ?? 0)) { this.#dsack(left, right, packet.number); continue }
      if (sequenceAfter(right, ack) && (!this.hasSack || sequenceAfter(right, this.sackEnd)) && !sequenceAfter(right, this.top)) {
        this.hasSack = true
        this.sackEnd = right
        this.sackFrame = packet.number
      }
    }
    if (this.holes.any) this.holes.signal(ack, this.hasSack ? this.sackEnd : ack, packet.number, time)
    if (tcp.window === 0 && (tcp.flags & SYN) === 0) this.zeroWindowFrame = packet.number
    this.lastWindow = tcp.window
    if (this.pending.length > 0) this.#report(packet, time)
  }

  #report(packet: Packet, time: number): void {
    const tcp = packet.tcp
    let kept = 0
    for (const a of this.pending) {
      let done = !sequenceAfter(a.end, tcp.acknowledgment)
      for (let i = 0; i < tcp.sackBlocks && !done; i++) done = !sequenceBefore(a.sequence, tcp.sack[i * 2] ?? 0) && !sequenceAfter(a.end, tcp.sack[i * 2 + 1] ?? 0)
      if (done) {
        a.reportFrame = packet.number
        a.reportTime = time
        a.reportEcho = tcp.timestampEcho | 0
      } else this.pending[kept++] = a
    }
    this.pending.length = kept
  }

  #dsack(left: number, right: number, frame: number): void {
    for (let i = this.anomalies.length - 1, n = 0; i >= 0 && n < 256; i--, n++) {
      const a = this.anomalies[i]
      if (a !== undefined && a.dsackFrame === 0 && sequenceBefore(a.sequence, right) && sequenceAfter(a.end, left)) {
        a.dsackFrame = frame
        return
      }
    }
  }
}

export function orderById(s: Sighting, t: Sighting): Sent {
  if (s.identification === 0 || t.identification === 0) return Sent.none
  const d = ((s.identification - t.identification) << 16) >> 16
  return d > 0 ? Sent.after : d < 0 ? Sent.before : Sent.same
}

export function orderByTimestamp(s: Sighting, t: Sighting, has: boolean): Sent {
  if (!has) return Sent.none
  const d = sequenceDifference(s.timestampValue, t.timestampValue) || sequenceDifference(s.timestampEcho, t.timestampEcho)
  return d > 0 ? Sent.after : d < 0 ? Sent.before : Sent.same
}
