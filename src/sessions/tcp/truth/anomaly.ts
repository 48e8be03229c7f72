/**
 * A segment that was not simply the next one: what was known when it was captured, and what came of it. Plain data,
 * kept until the session is judged.
 */
import { sequenceAfter, sequenceBefore } from '../../../bytes/sequence.js'
import { FIN } from '../../../packet.js'
import type { Verdict } from './result.js'
import { byAcknowledgment, byIdentification, byTimestamps, leavesNoRoom, Sent } from './send-order.js'
import type { Sighting } from './sighting.js'

/** How a segment stands to one or more others by the three clocks of send-order.ts, and which frame shows it. */
export class Order {
  identification: Sent = Sent.unknown
  timestamps: Sent = Sent.unknown
  acknowledgment: Sent = Sent.unknown
  identificationFrame = 0
  timestampsFrame = 0
  acknowledgmentFrame = 0
  /** it was numbered before this one, but not before all that lies between them: see leavesNoRoom; 0: there is none */
  crowdedFrame = 0

  /**
   * Holds the segment against one more, captured earlier than those before. `after` any of them counts more than `before`
   * others; of those that count alike, the one captured first is named. `mss`: see packetSize.
   */
  compare(segment: Sighting, other: Sighting, mss: number): void {
    const identification = byIdentification(segment, other, mss)
    if (identification >= this.identification && identification !== Sent.unknown) {
      this.identification = identification
      this.identificationFrame = other.frame
    }
    if (identification === Sent.before && leavesNoRoom(segment, other, mss)) this.crowdedFrame = other.frame
    const timestamps = byTimestamps(segment, other)
    if (timestamps >= this.timestamps && timestamps !== Sent.unknown) {
      this.timestamps = timestamps
      this.timestampsFrame = other.frame
    }
    const acknowledgment = byAcknowledgment(segment, other)
    if (acknowledgment >= this.acknowledgment) {
      this.acknowledgment = acknowledgment
      this.acknowledgmentFrame = other.frame
    }
  }
}

const NO_ORDER = new Order()
const NONE: readonly number[] = []

export class Anomaly {
  readonly frame: number
  readonly time: number
  readonly direction: 0 | 1
  readonly sequence: number
  readonly end: number
  readonly length: number
  readonly flags: number
  readonly place: number
  /** 0: none */
  readonly identification: number
  readonly hasTimestamps: boolean
  readonly timestampValue: number
  /** the latest TSval that its sender had heard when it sent it */
  readonly timestampEcho: number

  // ── the gap that it fills, all or in part; frame 0: its bytes had all been captured before ──
  holeFrame = 0
  holeTime = 0
  /** the sequence number after the segment that showed the gap, and whether what begins there has come before this, too */
  holeBehind = 0
  isFollowed = false
  /** its receiver did not know of the gap: nothing had come beyond it, but a segment without data, and nobody can have asked for it */
  isUnasked = false
  /** that gap was there when the capture began: since when, and what told its sender, is not known */
  isOfBeginning = false
  signalFrame = 0
  signalTime = 0

  // ── earlier sightings of its bytes; frame 0: none is remembered ──
  firstFrame = 0
  firstTime = 0
  previousFrame = 0
  previousTime = 0
  /** its TSval, where the segment itself has timestamps, too */
  previousTimestamp = 0
  /** its sender had heard nothing since the latest of them, by the timestamps that both echo */
  echoesTheSame = false
  previousPlace = 0
  previousFlags = 0
  previous: Anomaly | undefined
  /** it has all bytes of the latest of them, or the first ones of what was a single packet */
  coversPrevious = false
  /** nothing in the headers tells it from the latest of them */
  looksLikePrevious = false
  /** the latest of them was captured elsewhere: it is the same packet */
  isSeenElsewhere = false
  /** against the latest of them */
  toPrevious: Order = NO_ORDER
  /** against all segments with later bytes: `after` when it was sent after any of them, `before` when before all */
  readonly toLater = new Order()

  /** of what looks like the next segment: packets of its sender that were never seen, so it may have been sent before */
  unseen = 0
  /** a timer had run out for it before, and what was sent then was not seen either */
  wasTried = false
  /** from when on its sender may have found it lost */
  missableTime = 0
  /** the segment of the same lost tail that came again first; see LostTail */
  tail: Anomaly | undefined
  /** its bytes were new, and the next: suspect only because packets just before it are missing */
  readonly isNext: boolean

  // ── what its sender may have gone by ──
  /** the oldest byte outstanding, and the end of all that was sent */
  acknowledged = 0
  top = 0
  /** its bytes had not been acknowledged, not selectively either, by a receiver that does so (RFC 2018) */
  isNotTaken = false
  /** the latest selective acknowledgment of bytes beyond it */
  selectiveFrame = 0
  /** all that told of such bytes, the first to the latest, and how many bytes that are */
  selectiveFrames: readonly number[] = NONE
  selectiveBytes = 0
  /** of what came before it, when it is the oldest outstanding; the first of them */
  duplicateAcks = 0
  duplicateAckFrame = 0
  duplicateAckTime = 0
  /** the latest acknowledgment that told of anything missing, if that was after the bytes had come first */
  laterSignalFrame = 0
  /** more was acknowledged after that, and nothing beyond: it had told of other bytes */
  laterSignalIsOfOthers = false
  /** when its direction last carried data, and was last acknowledged, and further than before */
  lastDataTime = 0
  lastAckTime = 0
  lastAdvanceTime = 0
  /** the last shut window, 0 when none was seen since the bytes were sent before */
  zeroWindowFrame = 0
  /** a router had said that a packet was too big, after this one's bytes were sent before; and it had said so of these bytes */
  tooBigFrame = 0
  isTooBig = false

  // ── what came of it ──
  /** the first acknowledgment of all its bytes, selective or not */
  reportFrame = 0
  reportTime = 0
  /** whether it has timestamps, which a reset has not; its TSval, and its TSecr */
  reportIsStamped = false
  reportTimestamp = 0
  reportEcho = 0
  /** before that, the last acknowledgment that told of something new, and lacked them, ns */
  lackedTime = 0
  /** and the newest TSval that the receiver had taken, with the first acknowledgment that echoed it; 0: none is known */
  recent = 0
  recentFrame = 0
  /** it carried data, which may have been sent before any of this came */
  reportHasData = false
  /** they were the oldest outstanding then, and acknowledged in order */
  reportIsOfOldest = false
  /** bytes before them that were acknowledged with them */
  reportLeap = 0
  /** and bytes behind them */
  reportBeyond = 0
  /** those that were reported to have come twice (RFC 2883), from and to: of a long segment, that may be a part */
  twiceFrom = 0
  twiceTo = 0
  /** the acknowledgment with which all of them were */
  duplicateReportFrame = 0
  duplicateReportTime = 0
  /** before any report of its bytes they were sent once more, and those were the ones reported to have come twice */
  cameTwiceLater = false
  /** what it was judged to be */
  verdict: Verdict = ''
  /** the next one that has its bytes, all or in part */
  again: Anomaly | undefined
  /** of a retransmission: the original, when that came after it */
  original: Anomaly | undefined

  /** [from, to) of its bytes came twice, says an acknowledgment. False: that was said before. */
  cameTwice(from: number, to: number, frame: number, time: number): boolean {
    const left = sequenceBefore(from, this.sequence) ? this.sequence : from
    const right = sequenceAfter(to, this.end) ? this.end : to
    const { twiceFrom, twiceTo } = this
    const isKnown = !sequenceBefore(left, twiceFrom) && !sequenceAfter(right, twiceTo)
    if (twiceFrom !== twiceTo && isKnown) return false
    const goesOn = twiceFrom !== twiceTo && !sequenceAfter(left, twiceTo) && !sequenceBefore(right, twiceFrom)
    this.twiceFrom = goesOn && sequenceBefore(twiceFrom, left) ? twiceFrom : left
    this.twiceTo = goesOn && sequenceAfter(twiceTo, right) ? twiceTo : right
    // some receivers do not count a FIN among the bytes
    const lastByte = (this.flags & FIN) !== 0 ? (this.end - 1) | 0 : this.end
    if (this.twiceFrom === this.sequence && !sequenceBefore(this.twiceTo, lastByte)) {
      this.duplicateReportFrame = frame
      this.duplicateReportTime = time
    }
    return true
  }

  get hasIdentification(): boolean {
    return this.identification !== 0
  }

  constructor(sighting: Sighting, direction: 0 | 1, length: number, flags: number, isNext: boolean) {
    this.frame = sighting.frame
    this.time = sighting.time
    this.direction = direction
    this.sequence = sighting.sequence
    this.end = sighting.end
    this.length = length
    this.flags = flags
    this.isNext = isNext
    this.place = sighting.place
    this.identification = sighting.identification
    this.hasTimestamps = sighting.hasTimestamps
    this.timestampValue = sighting.timestampValue
    this.timestampEcho = sighting.timestampEcho
  }
}
