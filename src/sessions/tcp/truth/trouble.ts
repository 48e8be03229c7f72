/**
 * What a direction has only once something is out of the ordinary: gaps, duplicate and selective acknowledgments, a shut
 * window, segments that were not the next one. Most sessions never have any of it.
 */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import type { Packet, TcpHeader } from '../../../packet.js'
import { SECOND_SIGHT, SIGHT_AT_OTHER_END } from '../../place.js'
import type { Anomaly } from './anomaly.js'
import { BarePackets } from './bare-packets.js'
import { Holes } from './holes.js'
import type { Direction, MissedBytes } from './result.js'
import { Selected } from './selected.js'
import type { TooBig } from './too-big.js'

/** Stretches of missed bytes that are listed for one direction; the bytes of further ones are counted. */
const MISSED = 1000
/** Second sights that are listed of one direction. */
const TWICE = 1 << 18
/** Segments with a bad checksum that are remembered, of one direction. */
const DAMAGED = 64
/** Anomalies that wait for word of their arrival; the oldest goes without for a new one. */
const WAITING = 1024
/** So far back a report of bytes that came twice is matched. */
const LOOK_BACK = 256
/** Selective acknowledgments that are remembered while there is something that they lack. */
const TOLD = 32
/** So many segments that come twice may be reported as one block. */
const FEW = 4

export class Trouble {
  readonly direction: Direction
  readonly holes = new Holes()
  /** not judged yet, in the order of capture */
  anomalies: Anomaly[] = []
  readonly capturedTwice: number[] = []
  /** segments that came again at once and look the same */
  twice = 0
  /** of those, the ones that were seen coming in and then going out */
  passedOn = 0
  readonly #bare = new BarePackets()
  /** of all anomalies: those that fill a gap that the capture has seen open */
  count = 0
  fills = 0
  /** anomalies of which a report says that they came twice; and reports of what was sent but once: the network copies */
  reportedTwice = 0
  reportedCopies = 0

  readonly missed: MissedBytes[] = []
  missedBytes = 0

  duplicateAcks = 0
  /** the first of them, and when it came, ns */
  duplicateAckFrame = 0
  duplicateAckTime = 0
  /** the end of what was selectively acknowledged, while there is any beyond the acknowledged */
  hasSelective = false
  /** there was any, ever */
  hasHeardSelective = false
  selectiveEnd = 0
  selectiveFrame = 0
  /** the latest segment of which a selective acknowledgment told how soon it was answered */
  selectedFrame = 0
  /** the latest acknowledgment that told of something missing */
  signalFrame = 0
  signalTime = 0
  zeroWindowFrame = 0
  zeroWindowTime = 0
  tooBig: TooBig | undefined

  readonly #selected = new Selected()
  /** the selective acknowledgments that told of more than those before: its frame, and the end of what it told of, in turn */
  readonly #told: number[] = []
  readonly #damaged: { readonly start: number; readonly end: number }[] = []
  /** of the first block of the latest acknowledgment with any: one for another reason, a window that opens, repeats it */
  #lastLeft = 0
  /** the latest acknowledgment that told of more than those before it, ns; 0: none since all was quiet */
  #newsTime = 0
  /** the newest TSval that was echoed, and the first acknowledgment with it, with its own TSval; frame 0: none */
  #echo = 0
  #echoFrame = 0
  #echoAt = 0
  /** acknowledgments overtake each other: a late one repeats what later ones have said */
  #acksOvertake = false
  #waiting: Anomaly[] = []

  constructor(direction: Direction) {
    this.direction = direction
  }

  /** The next data and its acknowledgment change nothing here. */
  get isQuiet(): boolean {
    return !this.hasSelective && this.duplicateAcks === 0 && this.#waiting.length === 0 && !this.holes.any
  }

  add(anomaly: Anomaly): void {
    this.count++
    if (anomaly.holeFrame !== 0 && !anomaly.isOfBeginning) this.fills++
    if (anomaly.looksLikePrevious) {
      const delay = anomaly.time - anomaly.previousTime
      if (delay < (anomaly.hasIdentification ? SIGHT_AT_OTHER_END : SECOND_SIGHT)) this.twice++
    }
    this.anomalies.push(anomaly)
    this.#waiting.push(anomaly)
    if (this.#waiting.length > WAITING) this.#waiting.shift()
  }

  /** The packet, without data, SYN or FIN, looks like one that came just now: it was captured once more. */
  isBareAgain(packet: Packet, time: number): boolean {
    if (!this.#bare.isAgain(packet, time)) return false
    this.seeTwice(packet.number)
    return true
  }

  /** The frame is a second sight of one that came just now. */
  seeTwice(frame: number): void {
    if (this.capturedTwice.length < TWICE) this.capturedTwice.push(frame)
  }

  /** One that came a while ago, and was found out only now. */
  addLate(anomaly: Anomaly): void {
    const { anomalies } = this
    this.count++
    let at = anomalies.length
    while (at > 0 && (anomalies[at - 1]?.frame ?? 0) > anomaly.frame) at--
    anomalies.splice(at, 0, anomaly)
  }

  /** The other end acknowledges more than before. */
  advance(acknowledged: number, frame: number): void {
    this.duplicateAcks = 0
    this.holes.acknowledge(acknowledged, (start, length) => this.miss(start, length, frame))
    this.#selected.acknowledge(acknowledged)
    if (this.hasSelective && !sequenceAfter(this.selectiveEnd, acknowledged)) this.hasSelective = false
  }

  /** The same acknowledgment again, while there is data outstanding (RFC 5681 §2). */
  duplicateAck(frame: number, time: number): void {
    if (this.duplicateAcks++ === 0) {
      this.duplicateAckFrame = frame
      this.duplicateAckTime = time
    }
    this.signalFrame = frame
    this.signalTime = time
  }

  shutWindow(frame: number, time: number): void {
    this.zeroWindowFrame = frame
    this.zeroWindowTime = time
  }

  /** Reads what a packet from the other end says of gaps and anomalies. `before` was acknowledged before it, `top` is the end of what was sent. */
  hear(packet: Packet, before: number, top: number, time: number): void {
    const tcp = packet.tcp
    const blocks = tcp.sackBlocks
    const newsTime = this.#newsTime
    if (sequenceBefore(tcp.acknowledgment, before)) this.#acksOvertake = true
    const first =
      blocks > 0 && (reportsDuplicate(tcp) || (!this.#acksOvertake && this.#reportsKnown(tcp, before))) ? 1 : 0
    if (first > 0) this.#cameTwice(tcp.sack[0] ?? 0, tcp.sack[1] ?? 0, packet.number, time)
    if (blocks > 0) this.#lastLeft = tcp.sack[0] ?? 0
    for (let i = first; i < blocks; i++) {
      const left = tcp.sack[2 * i] ?? 0
      const right = tcp.sack[2 * i + 1] ?? 0
      if (sequenceAfter(right, tcp.acknowledgment) && !sequenceAfter(right, top)) {
        this.#select(right, packet.number, time)
        this.#selected.add(left, right)
        this.signalFrame = packet.number
        this.signalTime = time
      }
    }
    if (this.holes.any) {
      const acknowledged = tcp.acknowledgment
      this.holes.signal(acknowledged, this.hasSelective ? this.selectiveEnd : acknowledged, packet.number, time)
    }
    if (this.#waiting.length > 0) this.#report(packet, before, time, newsTime)
    // what is heard while all is quiet may not come here: plain.ts
    if (this.isQuiet) {
      this.#newsTime = 0
      this.#echoFrame = 0
      return
    }
    if (sequenceAfter(tcp.acknowledgment, before)) this.#newsTime = time
    if (tcp.hasTimestamps) this.#noteEcho(tcp, packet.number)
  }

  #noteEcho({ timestampEcho, timestampValue }: TcpHeader, frame: number): void {
    if (this.#echoFrame !== 0 && !sequenceAfter(timestampEcho | 0, this.#echo)) return
    this.#echo = timestampEcho | 0
    this.#echoAt = timestampValue | 0
    this.#echoFrame = frame
  }

  /** The selective acknowledgments that told of bytes behind `end`. */
  tellersOf(end: number): number[] {
    return this.#told.filter((_, index, told) => index % 2 === 0 && sequenceAfter(told[index + 1] ?? end, end))
  }

  /** Bytes behind `end` that are selectively acknowledged. */
  selectedBehind(end: number): number {
    return this.#selected.bytesFrom(end)
  }

  /** The other end, which acknowledges selectively, has not told that it has all of [start, end). */
  isWithout(start: number, end: number): boolean {
    return this.hasHeardSelective && !this.#selected.covers(start, end)
  }

  /** [start, end) was captured with a checksum that does not fit. */
  damage(start: number, end: number): void {
    this.#damaged.push({ start, end })
    if (this.#damaged.length > DAMAGED) this.#damaged.shift()
  }

  /** Where what begins at `start` was not captured after all: what was damaged and is acknowledged, though it did not come again, had arrived. */
  #pastDamaged(start: number): number {
    let past = start
    for (const one of this.#damaged) {
      if (!sequenceAfter(one.start, past) && sequenceAfter(one.end, past)) past = one.end
    }
    return past
  }

  /** [start, start + length) was acknowledged and never captured, but for what came damaged. */
  miss(first: number, bytes: number, frame: number): void {
    const start = this.#pastDamaged(first)
    const length = bytes - sequenceDifference(start, first)
    if (length <= 0) return
    this.missedBytes += length
    const last = this.missed.at(-1)
    if (last !== undefined && ((last.sequence + last.length) | 0) === start) {
      this.missed[this.missed.length - 1] = { ...last, length: last.length + length }
    } else if (this.missed.length < MISSED) {
      this.missed.push({ direction: this.direction, sequence: start, length, frame })
    }
  }

  /** Takes back what turned up after all. True when [start, end) was just counted as missed. */
  turnsUp(start: number, end: number): boolean {
    const last = this.missed.at(-1)
    if (last === undefined || sequenceBefore(start, last.sequence)) return false
    if (sequenceAfter(end, (last.sequence + last.length) | 0)) return false
    this.missed.pop()
    this.missedBytes -= last.length
    const before = sequenceDifference(start, last.sequence)
    const after = last.length - sequenceDifference(end, last.sequence)
    if (before > 0) this.miss(last.sequence, before, last.frame)
    if (after > 0) this.miss(end, after, last.frame)
    return true
  }

  #select(right: number, frame: number, time: number): void {
    if (this.hasSelective && !sequenceAfter(right, this.selectiveEnd)) return
    if (!this.hasSelective) this.#told.length = 0
    // the latest is always among them
    if (this.#told.length === 2 * TOLD) this.#told.length -= 2
    this.#told.push(frame, right)
    this.hasSelective = this.hasHeardSelective = true
    this.selectiveEnd = right
    this.selectiveFrame = frame
    this.#newsTime = time
  }

  /**
   * The first block is the one with the segment that the acknowledgment answers (RFC 2018 §4). Where all of it had been reported
   * before, it is a report of bytes that came twice, from behind which the block around them has fallen out of the list: if a
   * block behind it tells of more that has come, or it is just what one segment brought that was sent again, or a few in a row.
   */
  #reportsKnown({ sack, sackBlocks, acknowledgment }: TcpHeader, before: number): boolean {
    const [left = 0, right = 0] = sack
    if (sackBlocks === 0 || !this.#selected.covers(left, right)) return false
    if (sackBlocks > 1 && !this.#selected.covers(sack[2] ?? 0, sack[3] ?? 0)) return true
    if (acknowledgment !== before || left === this.#lastLeft) return false
    let end = left
    for (let segments = 0; segments < FEW && end !== right; segments++) {
      const anomaly = this.#notReportedFrom(end)
      if (anomaly === undefined) return false
      end = anomaly.end
    }
    return end === right
  }

  /** The latest anomaly that begins there, unless it is known to have come twice. */
  #notReportedFrom(sequence: number): Anomaly | undefined {
    const { anomalies } = this
    for (let i = anomalies.length - 1; i >= 0 && i >= anomalies.length - LOOK_BACK; i--) {
      const anomaly = anomalies[i]
      if (anomaly?.sequence === sequence) return anomaly.duplicateReportFrame === 0 ? anomaly : undefined
    }
    return undefined
  }

  /** Which of the waiting anomalies does this acknowledgment cover? */
  #report(packet: Packet, before: number, time: number, newsTime: number): void {
    const tcp = packet.tcp
    // what echoed it may have been sent after this, and have overtaken it
    const isEarlier = this.#echoFrame !== 0 && tcp.hasTimestamps && !sequenceAfter(this.#echoAt, tcp.timestampValue | 0)
    let kept = 0
    for (const anomaly of this.#waiting) {
      const isCumulative = !sequenceAfter(anomaly.end, tcp.acknowledgment)
      if (isCumulative || isSelected(tcp, anomaly)) {
        anomaly.reportFrame = packet.number
        anomaly.reportTime = time
        anomaly.reportIsStamped = tcp.hasTimestamps
        anomaly.reportTimestamp = tcp.timestampValue | 0
        anomaly.reportEcho = tcp.timestampEcho | 0
        anomaly.reportLeap = isCumulative ? Math.max(0, sequenceDifference(anomaly.sequence, before)) : 0
        anomaly.reportBeyond = isCumulative ? sequenceDifference(tcp.acknowledgment, anomaly.end) : 0
        anomaly.lackedTime = newsTime
        anomaly.reportHasData = tcp.length > 0
        if (isEarlier) {
          anomaly.recent = this.#echo
          anomaly.recentFrame = this.#echoFrame
        }
        anomaly.reportIsOfOldest = isCumulative && !sequenceAfter(anomaly.sequence, before)
      } else this.#waiting[kept++] = anomaly
    }
    this.#waiting.length = kept
  }

  /** Of each byte in [left, right) the latest transmission was one too many; one report may speak of several segments. */
  #cameTwice(left: number, right: number, frame: number, time: number): void {
    const anomalies = this.anomalies
    const reported: Anomaly[] = []
    for (let i = anomalies.length - 1; i >= 0 && i >= anomalies.length - LOOK_BACK; i--) {
      const anomaly = anomalies[i]
      if (anomaly === undefined || anomaly.duplicateReportFrame !== 0) continue
      if (!sequenceBefore(anomaly.sequence, right) || !sequenceAfter(anomaly.end, left)) continue
      if (reported.some((later) => overlap(later, anomaly))) continue
      if (anomaly.twiceFrom === anomaly.twiceTo) this.reportedTwice++
      if (!anomaly.cameTwice(left, right, frame, time)) continue
      reported.push(anomaly)
      for (let earlier = anomaly.previous; earlier?.reportFrame === 0; earlier = earlier.previous) {
        earlier.cameTwiceLater = true
      }
    }
    if (reported.length === 0) this.reportedCopies++
  }
}

/** RFC 2883 §4: the first block reports bytes that came twice when it lies before the acknowledgment or in the second block. */
function reportsDuplicate(tcp: TcpHeader): boolean {
  const left = tcp.sack[0] ?? 0
  const right = tcp.sack[1] ?? 0
  if (!sequenceAfter(right, tcp.acknowledgment)) return true
  return tcp.sackBlocks > 1 && !sequenceBefore(left, tcp.sack[2] ?? 0) && !sequenceAfter(right, tcp.sack[3] ?? 0)
}

function isSelected(tcp: TcpHeader, anomaly: Anomaly): boolean {
  for (let i = 0; i < tcp.sackBlocks; i++) {
    if (sequenceBefore(anomaly.sequence, tcp.sack[2 * i] ?? 0)) continue
    if (!sequenceAfter(anomaly.end, tcp.sack[2 * i + 1] ?? 0)) return true
  }
  return false
}

function overlap(a: Anomaly, b: Anomaly): boolean {
  return sequenceBefore(a.sequence, b.end) && sequenceAfter(a.end, b.sequence)
}
