/** Whether a retransmission was needed: had its bytes arrived, or were they to arrive, without it? */
import { sequenceAfter, sequenceDifference } from '../../../bytes/sequence.js'
import { SYN } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import type { Scene } from './scene.js'

export type NeedGround =
  /** RFC 2883: the receiver says that the bytes came twice */
  | 'reported twice'
  /** no selective acknowledgments: the one that filled a gap before them acknowledged them too */
  | 'leapt over'
  /** captured at the receiver: they had come before */
  | 'had arrived'
  /** captured at the receiver: the original came after all */
  | 'came later'
  /** their acknowledgment came sooner than one of the retransmission could */
  | 'acknowledged too soon'
  /** RFC 3522 (Eifel): their acknowledgment echoes an older timestamp than the retransmission's */
  | 'echo of the original'
  /** their acknowledgment echoes a timestamp no older than the retransmission's */
  | 'echoed'
  /** captured at the receiver: they came with it for the first time */
  | 'first to arrive'
  /** captured at the receiver: a SYN had come, and it did not answer */
  | 'not taken'
  /** captured at the receiver: they had come, and its acknowledgments went on without them */
  | 'dropped'
  /** none of the above, and acknowledged a round trip after it */
  | 'acknowledged in turn'
  // ── it cannot be told ──
  | 'never acknowledged'
  /** the acknowledgment came sooner than any other, but no report says that it came twice */
  | 'too soon for it'
  /** it came when one of the segment before might have, too */
  | 'may be either'
  /** a receiver that says what comes twice was not heard for long enough to say it */
  | 'not heard out'
  /** it was sent once more before anything was acknowledged, and one of them was too many */
  | 'one of several'

/** What a network copies comes at once, ns; a late original seldom comes just then. */
const COPY = 1e6

/** No network answers within this share of the shortest round trip. */
const AT_ONCE = 0.15
/** What answers within this share of it is hardly an answer. */
const SOONER = 0.9
/** The answer to a segment takes so many times what answers take, mostly; or when it is overtaken. */
const USUAL = 1.35
const LATE = 2.5
/** In so many round trips a receiver has said all that it has to say. */
const ANSWERS = 4
/** Of what was sent again, the share that came twice. */
const MOSTLY = 0.5
const NEARLY_ALWAYS = 0.7

export interface NeedRuling {
  /** undefined: it cannot be told */
  readonly needed: boolean | undefined
  readonly ground: NeedGround
  readonly frame: number
}

export function judgeNeed(anomaly: Anomaly, scene: Scene): NeedRuling {
  if (scene.isAtReceiver) {
    if (isOfUnansweredSyn(anomaly)) return { needed: true, ground: 'not taken', frame: anomaly.previousFrame }
    if (wasDropped(anomaly)) return { needed: true, ground: 'dropped', frame: anomaly.previousFrame }
    if (anomaly.holeFrame === 0 && !anomaly.isNext)
      return { needed: false, ground: 'had arrived', frame: anomaly.firstFrame }
    if (anomaly.original !== undefined) {
      return { needed: false, ground: 'came later', frame: anomaly.original.frame }
    }
    return { needed: true, ground: 'first to arrive', frame: 0 }
  }
  const echo = echoOfReport(anomaly)
  if (anomaly.duplicateReportFrame !== 0 && (echo < 0 || !wasCopied(anomaly, scene))) {
    return { needed: false, ground: 'reported twice', frame: anomaly.duplicateReportFrame }
  }
  if (echo < 0) return { needed: false, ground: 'echo of the original', frame: anomaly.reportFrame }
  if (anomaly.reportFrame === 0) return { needed: undefined, ground: 'never acknowledged', frame: 0 }
  if (echo > 0 && scene.tick < scene.roundTrip) return { needed: true, ground: 'echoed', frame: anomaly.reportFrame }
  return byTimes(anomaly, scene)
}

/**
 * Of a segment that was acknowledged, with no word of which transmission it was that had arrived. A receiver that says what
 * comes twice (RFC 2883) does so at once for what it has acknowledged in order; of what lies beyond a gap, several reports
 * may share one acknowledgment, and only one of them is kept: there its silence says less.
 */
function byTimes(anomaly: Anomaly, scene: Scene): NeedRuling {
  const { flow, selective, receiverReaction } = scene
  const frame = anomaly.reportFrame
  const { reportedTwice = 0, count = 0 } = flow.trouble ?? {}
  const isSureOfReport = anomaly.reportIsOfOldest
  // what is sent again comes twice mostly: so may this have, and its report was lost
  const isMostlyTwice = reportedTwice > MOSTLY * count
  const isNearlyAlwaysTwice = reportedTwice > NEARLY_ALWAYS * count
  const time = answerTime(anomaly, scene)
  const shortest = flow.answers.samples === 0 ? 0 : flow.answers.shortest
  const ofPrevious = anomaly.previousFrame === 0 ? Number.POSITIVE_INFINITY : anomaly.time - anomaly.previousTime + time
  if (time < SOONER * shortest) {
    // one that never says so may not know how
    const mayLackReport = reportedTwice > 0 ? isMostlyTwice || !isSureOfReport : time < 0.5 * shortest
    const isOfPrevious = mayLackReport && ofPrevious < USUAL * receiverReaction
    if (time < AT_ONCE * shortest || !selective || isOfPrevious) {
      return { needed: false, ground: 'acknowledged too soon', frame }
    }
    return { needed: undefined, ground: 'too soon for it', frame }
  }
  // a receiver without selective acknowledgments says that it had it when what was missing before it has come
  const isLeapt = anomaly.reportLeap >= (anomaly.reportBeyond > 0 ? 1 : 2) * anomaly.length
  if (!selective && isLeapt) return { needed: false, ground: 'leapt over', frame }
  if (anomaly.cameTwiceLater) return { needed: undefined, ground: 'one of several', frame }
  if (reportedTwice === 0) return { needed: true, ground: 'acknowledged in turn', frame }
  if (!isHeardOut(anomaly, scene)) return { needed: undefined, ground: 'not heard out', frame }
  const mayBeOfPrevious = isNearlyAlwaysTwice || ofPrevious < (isMostlyTwice ? LATE : USUAL) * receiverReaction
  if (!isSureOfReport && mayBeOfPrevious) return { needed: undefined, ground: 'may be either', frame }
  return { needed: true, ground: 'acknowledged in turn', frame }
}

/**
 * From its being sent, to its receiver's sending the report. Timestamps tell it however late the report came: the receiver sent
 * it so many ticks after what the sender had heard when it sent the segment. Clocks tell no finer than a tick.
 */
function answerTime(anomaly: Anomaly, { receiverTick }: Scene): number {
  const time = anomaly.reportTime - anomaly.time
  if (!anomaly.hasTimestamps || receiverTick === 0) return time
  const ticks = sequenceDifference(anomaly.reportTimestamp, anomaly.timestampEcho)
  return Math.min(time, (Math.max(0, ticks) + 1) * receiverTick)
}

/** Where its receiver says what comes twice (RFC 2883), that it says nothing counts once it has acknowledged what was sent later. */
function isHeardOut(anomaly: Anomaly, { flow, receiverReaction }: Scene): boolean {
  if (sequenceAfter(flow.acknowledged, anomaly.top)) return true
  return flow.acknowledged === anomaly.top && flow.lastAckTime - anomaly.time > ANSWERS * receiverReaction
}

/**
 * The bytes were reported a round trip after it, so it brought them; and the report that they came twice is right behind:
 * that is a copy of it, which the network made, if it copies what is sent once, too.
 */
function wasCopied(anomaly: Anomaly, scene: Scene): boolean {
  if (anomaly.reportFrame === 0 || anomaly.reportFrame === anomaly.duplicateReportFrame) return false
  if (scene.flow.trouble?.reportedCopies === 0) return false
  return (
    answerTime(anomaly, scene) >= SOONER * scene.flow.answers.shortest &&
    anomaly.duplicateReportTime - anomaly.reportTime < COPY
  )
}

/** A host answers a SYN at once, or drops it without a word: when its queue of connections is full, say. */
function isOfUnansweredSyn(anomaly: Anomaly): boolean {
  return (anomaly.flags & SYN) !== 0 && anomaly.previousFrame !== 0 && anomaly.acknowledged === anomaly.sequence
}

/**
 * What comes whole may be dropped: since its timestamp is older than one that its receiver has taken meanwhile (PAWS, RFC 7323
 * §5), or since the window has no room. What the receiver acknowledged afterwards did not have it.
 */
function wasDropped(anomaly: Anomaly): boolean {
  const { previousFrame, previousTime, lastAckTime } = anomaly
  if (previousFrame === 0 || lastAckTime <= previousTime || anomaly.duplicateReportFrame !== 0) return false
  return anomaly.acknowledged === anomaly.sequence || anomaly.isNotTaken
}

/**
 * The acknowledgment of the oldest outstanding bytes echoes the timestamp of what brought them (RFC 7323 §4.3): of an
 * earlier transmission, negative; of this one or a later, positive. 0: there is no telling.
 */
function echoOfReport(anomaly: Anomaly): number {
  if (!anomaly.hasTimestamps || !anomaly.reportIsOfOldest) return 0
  return sequenceDifference(anomaly.reportEcho, anomaly.timestampValue) < 0 ? -1 : 1
}
