/** Whether a retransmission was needed: had its bytes arrived, or were they to arrive, without it? */
import { sequenceAfter, sequenceDifference } from '../../../bytes/sequence.js'
import { SYN } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import { isKeepAlive } from './cause.js'
import type { Scene } from './scene.js'

export type NeedGround =
  /** RFC 2883: the receiver says that the bytes came twice */
  | 'reported twice'
  /** no selective acknowledgments: the one that filled a gap before them acknowledged them too */
  | 'leapt over'
  /** captured at the receiver: they had come before; elsewhere: they had been acknowledged before */
  | 'had arrived'
  /** captured at the receiver: the original came after all */
  | 'came later'
  /** their acknowledgment came sooner than one of the retransmission could */
  | 'acknowledged too soon'
  /** it came when that of the original was due, sooner than answers mostly take */
  | 'due before'
  /** it came late, and nearly all that was sent again came twice */
  | 'mostly twice'
  /** RFC 3522 (Eifel): their acknowledgment echoes an older timestamp than the retransmission's */
  | 'echo of the original'
  /** their acknowledgment echoes a timestamp no older than the retransmission's */
  | 'echoed'
  /** before they were acknowledged, an acknowledgment echoed a timestamp too new for the original to be taken (PAWS, RFC 7323 §5) */
  | 'too old before it'
  /** a router says that it has dropped the packet before with these bytes */
  | 'too big'
  /** captured at the receiver: they came with it for the first time */
  | 'first to arrive'
  /** captured at the receiver: a SYN had come, and it did not answer */
  | 'not taken'
  /** captured at the receiver: they had come, and its acknowledgments went on without them */
  | 'dropped'
  /** acknowledged sooner than anything else was, but nothing says that it came twice */
  | 'passed others'
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

/** No network answers within this share of the shortest round trip that was seen. */
const AT_ONCE = 0.4
/** The same of what need not be reported at once, so that the report may be one of the original, which was lost. */
const SOON = 0.5
/** What answers within this share of it is hardly an answer. */
const SOONER = 0.9
/** The answer to a segment takes so many times what answers take, mostly; or when it is late, or overtaken; sooner, it has overtaken others. */
const USUAL = 1.35
const LATER = 2
const LATE = 2.5
const HURRIED = 0.75
/** A receiver takes a timestamp that is older by no more than this (Linux), ticks */
const TICK = 1
/** In so many round trips a receiver has said all that it has to say. */
const ANSWERS = 4
/** Of what was sent again, the share that came twice. */
const MOSTLY = 0.5
const NEARLY_ALWAYS = 0.8
/** Of what was sent again, so many times as much may come twice as the network copies, and still be its copies. */
const COPIED = 2
/** Where answers take no more than so many times what a copy takes, that it comes at once says little. */
const NEAR_COPY = 3

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
  if (anomaly.isTooBig) return { needed: true, ground: 'too big', frame: anomaly.tooBigFrame }
  if (wasAcknowledged(anomaly)) return { needed: false, ground: 'had arrived', frame: anomaly.firstFrame }
  if (anomaly.reportFrame === 0) return { needed: undefined, ground: 'never acknowledged', frame: 0 }
  const isItsEcho = echo > 0 && !isOneOfSeveral(anomaly) && scene.tick < scene.roundTrip
  if (isItsEcho) return { needed: true, ground: 'echoed', frame: anomaly.reportFrame }
  if (wouldBeTooOld(anomaly)) return { needed: true, ground: 'too old before it', frame: anomaly.recentFrame }
  return byTimes(anomaly, scene)
}

/** What times, and reports of what comes twice, are held against. */
interface Answer {
  /** from its being sent to its report, and the same of the segment before with its bytes, ns */
  readonly time: number
  readonly ofPrevious: number
  /** what answers take at least, and mostly, ns */
  readonly shortest: number
  readonly usual: number
  /**
   * its receiver says at once what comes twice of what it has acknowledged in order (RFC 2883); of what lies beyond a gap, several reports
   * may share one acknowledgment, and only one of them is kept: there its silence says less
   */
  readonly isHeardAtOnce: boolean
  /** of what was sent again, the share that was reported to have come twice: so may this have, and its report was lost */
  readonly twice: number
}

/** Of a segment that was acknowledged, with no word of which transmission it was that had arrived. */
function byTimes(anomaly: Anomaly, scene: Scene): NeedRuling {
  const { flow, selective } = scene
  const frame = anomaly.reportFrame
  const { reportedTwice = 0, count = 0 } = flow.trouble ?? {}
  const time = answerTime(anomaly, scene)
  const answer = {
    time,
    ofPrevious: anomaly.previousFrame === 0 ? Number.POSITIVE_INFINITY : anomaly.time - anomaly.previousTime + time,
    shortest: flow.answers.samples === 0 ? 0 : flow.answers.shortest,
    usual: scene.receiverReaction,
    isHeardAtOnce: anomaly.reportIsOfOldest,
    twice: count === 0 ? 0 : reportedTwice / count,
  }
  if (time < SOONER * answer.shortest) return { ...ofSoonAnswer(answer, scene), frame }
  // a receiver without selective acknowledgments says that it had it when what was missing before it has come
  const { reportLeap: leap } = anomaly
  const isLeapt = leap > 0 && leap >= (anomaly.reportBeyond > 0 ? 1 : 2) * anomaly.length
  if (!selective && isLeapt) return { needed: false, ground: 'leapt over', frame }
  if (isOneOfSeveral(anomaly)) return { needed: undefined, ground: 'one of several', frame }
  if (reportedTwice === 0) return { needed: true, ground: 'acknowledged in turn', frame }
  const isDue =
    time >= HURRIED * answer.usual && time < USUAL * answer.usual && answer.ofPrevious > USUAL * answer.usual
  if (!isDue && !isHeardOut(anomaly, scene)) return { needed: undefined, ground: 'not heard out', frame }
  if (answer.isHeardAtOnce) return { needed: true, ground: 'acknowledged in turn', frame }
  return { ...byWhatIsDue(answer), frame }
}

type Said = Omit<NeedRuling, 'frame'>

/** The acknowledgment came sooner than any other. */
function ofSoonAnswer(answer: Answer, scene: Scene): Said {
  const { time, ofPrevious, shortest, usual, isHeardAtOnce, twice } = answer
  const tooSoon = { needed: false, ground: 'acknowledged too soon' } as const
  if (time < (isHeardAtOnce ? AT_ONCE : SOON) * shortest) return tooSoon
  // one that never says what comes twice may not know how
  const mayLackReport = twice > 0 ? twice > MOSTLY || !isHeardAtOnce : time < SOON * shortest
  const due = isHeardAtOnce && scene.selective ? USUAL : LATER
  if ((mayLackReport || !scene.selective) && ofPrevious < due * usual) return tooSoon
  if (!scene.selective && time < SOON * shortest) return tooSoon
  // what is acknowledged in order, and came twice, would be reported: rather one of two packets has passed others
  if (isHeardAtOnce && scene.selective) return { needed: true, ground: 'passed others' }
  return { needed: undefined, ground: 'too soon for it' }
}

/** A report that it came twice may have been lost: what answers take mostly, tells which of the two was answered. */
function byWhatIsDue({ time, ofPrevious, usual, twice }: Answer): Said {
  const mayBeOfPrevious = twice > NEARLY_ALWAYS || ofPrevious < (twice > MOSTLY ? LATE : USUAL) * usual
  if (!mayBeOfPrevious) return { needed: true, ground: 'acknowledged in turn' }
  const open = { needed: undefined, ground: 'may be either' } as const
  if (time >= USUAL * usual) return twice > NEARLY_ALWAYS ? { needed: false, ground: 'mostly twice' } : open
  if (time >= HURRIED * usual)
    return ofPrevious < USUAL * usual ? open : { needed: true, ground: 'acknowledged in turn' }
  return twice > MOSTLY && ofPrevious < LATER * usual ? { needed: false, ground: 'due before' } : open
}

/**
 * From its being sent, to its receiver's sending the report. Timestamps tell it however late the report came: the receiver sent
 * it so many ticks after what the sender had heard when it sent the segment. Clocks tell no finer than a tick.
 */
function answerTime(anomaly: Anomaly, { receiverTick }: Scene): number {
  const time = anomaly.reportTime - anomaly.time
  if (!anomaly.hasTimestamps || !anomaly.reportIsStamped || receiverTick === 0) return time
  const ticks = sequenceDifference(anomaly.reportTimestamp, anomaly.timestampEcho)
  return Math.min(time, (Math.max(0, ticks) + 1) * receiverTick)
}

/** Where its receiver says what comes twice (RFC 2883), that it says nothing counts once it has acknowledged what was sent later. */
function isHeardOut(anomaly: Anomaly, { flow, receiverReaction }: Scene): boolean {
  if (sequenceAfter(flow.acknowledged, anomaly.top)) return true
  return flow.acknowledged === anomaly.top && flow.lastAckTime - anomaly.time > ANSWERS * receiverReaction
}

/**
 * The bytes were reported a round trip after it, so it brought them; and the report that they came twice is right behind, or with it:
 * that is a copy of it, which the network made, if it copies what is sent once, too.
 */
function wasCopied(anomaly: Anomaly, scene: Scene): boolean {
  const { reportFrame, reportTime, duplicateReportFrame, duplicateReportTime } = anomaly
  const { shortest } = scene.flow.answers
  if (reportFrame === 0 || !mayBeCopied(scene)) return false
  if (answerTime(anomaly, scene) < SOONER * shortest) return false
  if (reportFrame !== duplicateReportFrame) return !anomaly.reportHasData && duplicateReportTime - reportTime < COPY
  // had the original come, one of the acknowledgments since then would have said so
  return anomaly.reportIsOfOldest && anomaly.lackedTime - anomaly.previousTime > USUAL * scene.receiverReaction
}

/** The network copies what is sent once, and as much of what is sent again as was reported to have come twice, or half of it. */
function mayBeCopied({ flow }: Scene): boolean {
  const { reportedCopies = 0, reportedTwice = 0, count = 0 } = flow.trouble ?? {}
  if (flow.answers.shortest > NEAR_COPY * COPY) return reportedCopies > 0
  return reportedCopies > 0 && reportedTwice * (flow.segments - count) <= COPIED * reportedCopies * count
}

/**
 * Of all that was sent before the first word of its bytes one was too many. It was not the first that was sent again, if acknowledgments
 * had told that what lay behind the original had come, and the original had not.
 */
function isOneOfSeveral({ cameTwiceLater, previous, selectiveFrame, isNotTaken }: Anomaly): boolean {
  const isFirst = previous?.verdict !== 'retransmission'
  return cameTwiceLater && !(isFirst && isNotTaken && selectiveFrame !== 0)
}

/** The receiver had taken a newer timestamp than the one before it with its bytes had, and these had not come: it would have dropped that one. */
function wouldBeTooOld({ hasTimestamps, previousFrame, previousTimestamp, recentFrame, recent }: Anomaly): boolean {
  return (
    hasTimestamps && previousFrame !== 0 && recentFrame !== 0 && sequenceDifference(recent, previousTimestamp) > TICK
  )
}

/** When it passed, an acknowledgment of it had passed, too: its sender had not heard that yet. A keep-alive is sent so on purpose. */
function wasAcknowledged(anomaly: Anomaly): boolean {
  return !anomaly.isNext && !sequenceAfter(anomaly.end, anomaly.acknowledged) && !isKeepAlive(anomaly)
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
  if (!anomaly.hasTimestamps || !anomaly.reportIsStamped || !anomaly.reportIsOfOldest) return 0
  return sequenceDifference(anomaly.reportEcho, anomaly.timestampValue) < 0 ? -1 : 1
}
