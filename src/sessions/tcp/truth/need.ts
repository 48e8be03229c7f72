/** Whether a retransmission was needed: had its bytes arrived, or were they to arrive, without it? */
import { sequenceDifference } from '../../../bytes/sequence.js'
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

/** What a network copies comes at once, ns; a late original seldom comes just then. */
const COPY = 1e6

/** On a short way hosts are as slow now and then as the way is long, ns. */
const HOST_NOISE = 200e3

export interface NeedRuling {
  readonly needed: boolean
  readonly ground: NeedGround
  readonly frame: number
}

export function judgeNeed(anomaly: Anomaly, scene: Scene): NeedRuling | undefined {
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
  if (anomaly.reportFrame === 0) return undefined
  if (echo > 0 && scene.tick < scene.roundTrip) return { needed: true, ground: 'echoed', frame: anomaly.reportFrame }
  if (isTooSoon(anomaly, scene)) {
    return { needed: false, ground: 'acknowledged too soon', frame: anomaly.reportFrame }
  }
  // a receiver without selective acknowledgments says that it had it when what was missing before it has come
  if (!scene.selective && anomaly.reportLeap >= 2 * anomaly.length) {
    return { needed: false, ground: 'leapt over', frame: anomaly.reportFrame }
  }
  return { needed: true, ground: 'acknowledged in turn', frame: anomaly.reportFrame }
}

/** No acknowledgment of it comes much sooner than the receiver has ever answered; few answers are measured, so some may be a little sooner. */
function isTooSoon(anomaly: Anomaly, scene: Scene): boolean {
  const soonest = Math.min(0.8 * scene.receiverReaction, 0.7 * scene.soonestReport) - HOST_NOISE
  if (anomaly.reportTime - anomaly.time < soonest) return true
  return isStampedTooSoon(anomaly, scene)
}

/**
 * However long the report took: its receiver sent it so soon after one that the sender had heard when it sent the segment
 * that there was no time for the way there and back in between. Clocks tell no finer than a tick.
 */
function isStampedTooSoon(anomaly: Anomaly, scene: Scene): boolean {
  const { receiverTick } = scene
  if (!anomaly.hasTimestamps || receiverTick === 0) return false
  const ticks = sequenceDifference(anomaly.reportTimestamp, anomaly.timestampEcho)
  return (Math.max(0, ticks) + 1) * receiverTick < 0.9 * scene.soonestReport
}

/**
 * The bytes were reported a round trip after it, so it brought them; and the report that they came twice is right behind:
 * that is a copy of it, which the network made, if it copies what is sent once, too.
 */
function wasCopied(anomaly: Anomaly, scene: Scene): boolean {
  if (anomaly.reportFrame === 0 || anomaly.reportFrame === anomaly.duplicateReportFrame) return false
  if (scene.flow.trouble?.reportedCopies === 0) return false
  return !isTooSoon(anomaly, scene) && anomaly.duplicateReportTime - anomaly.reportTime < COPY
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
  const { previous, previousFrame, previousTime, frame, lastAckTime } = anomaly
  if (previousFrame === 0 || lastAckTime <= previousTime || anomaly.duplicateReportFrame !== 0) return false
  if (anomaly.acknowledged === anomaly.sequence) return true
  return previous !== undefined && (previous.reportFrame === 0 || previous.reportFrame > frame)
}

/**
 * The acknowledgment of the oldest outstanding bytes echoes the timestamp of what brought them (RFC 7323 §4.3): of an
 * earlier transmission, negative; of this one or a later, positive. 0: there is no telling.
 */
function echoOfReport(anomaly: Anomaly): number {
  if (!anomaly.hasTimestamps || !anomaly.reportIsOfOldest) return 0
  return sequenceDifference(anomaly.reportEcho, anomaly.timestampValue) < 0 ? -1 : 1
}
