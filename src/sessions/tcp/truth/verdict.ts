/**
 * What a segment was that is not simply the next one. Rules in the order of their strength, and the first that has an
 * answer gives it: those of the headers come first, times last.
 */

import { ACK, SYN } from '../../../packet.js'
import type { Anomaly, Order } from './anomaly.js'
import type { Verdict } from './result.js'
import type { Scene } from './scene.js'
import { Sent } from './send-order.js'
import { AT_ONCE, askedIn, sinceAsked, wait } from './timing.js'

/** What runs ahead of others does so by less than this many answers; what is late and has been missed comes before so many. */
const LONGEST_LEAD = 2.5
const LONGEST_DELAY = 1.3
/** What is sent again twice in one tick does not come within this share of a round trip. */
const RIGHT_BEHIND = 0.01

/** What a verdict rests on; words.ts says it in full. */
export type Ground =
  | 'captured at the sender'
  | 'same identification'
  | 'same timestamps'
  | 'later identification'
  | 'no numbers left'
  | 'earlier identification'
  | 'newer timestamps'
  | 'older timestamps'
  | 'same tick'
  | 'newer acknowledgment'
  | 'older acknowledgment'
  | 'acknowledged long before'
  | 'packets missing before it'
  | 'too soon for an answer'
  | 'late enough for an answer'
  | 'order is kept'
  | 'overtaken by one'
  | 'sent again later'
  | 'right behind'
  | 'answers the other SYN'

export interface Ruling {
  readonly verdict: Verdict
  readonly ground: Ground
  /** the other frame that shows it; 0: there is none */
  readonly frame: number
  /** nothing but times speaks for it */
  readonly restsOnTiming: boolean
  /** the time that it goes by, and what that is held against, ns; 0: none */
  readonly delay: number
  readonly limit: number
}

function byHeaders(verdict: Verdict, ground: Ground, frame: number): Ruling {
  return { verdict, ground, frame, restsOnTiming: false, delay: 0, limit: 0 }
}

function byTimes(verdict: Verdict, ground: Ground, frame: number, delay: number, limit: number): Ruling {
  return { verdict, ground, frame, restsOnTiming: true, delay, limit }
}

export function judge(anomaly: Anomaly, scene: Scene): Ruling {
  const ruling = ruleOn(anomaly, scene)
  // what only a segment without data has overtaken comes in the order of the data
  return anomaly.isUnasked && ruling.verdict === 'out-of-order' ? { ...ruling, verdict: '' } : ruling
}

function ruleOn(anomaly: Anomaly, scene: Scene): Ruling {
  if (anomaly.isNext)
    return (scene.isAtSender ? undefined : sentAfter(anomaly.toLater, scene)) ?? afterLosses(anomaly, scene)
  if (answersOtherSyn(anomaly)) return byHeaders('', 'answers the other SYN', anomaly.previousFrame)
  // a host sends its own segments in order, and what it captures of them no network has touched
  if (scene.isAtSender) return byHeaders('retransmission', 'captured at the sender', anomaly.previousFrame)
  return (
    copied(anomaly, scene) ??
    follows(anomaly, scene) ??
    sentAfter(anomaly.toLater, scene) ??
    (anomaly.holeFrame !== 0
      ? (sentBefore(anomaly.toLater, scene) ?? sentWithin(anomaly.toLater, scene))
      : sentAgain(anomaly, scene)) ??
    (anomaly.holeFrame !== 0 ? fillsInTime(anomaly, scene) : comesInTime(anomaly, scene))
  )
}

/** Both ends opened at once: the SYN of each is answered with its own, now with an acknowledgment (RFC 9293 §3.5, figure 8). */
function answersOtherSyn(anomaly: Anomaly): boolean {
  return (anomaly.flags & (SYN | ACK)) === (SYN | ACK) && (anomaly.previousFlags & (SYN | ACK)) === SYN
}

/** Is it a second sight of a frame, rather than a copy that the network made? */
export function isSecondSight(anomaly: Anomaly, scene: Scene): boolean {
  if (anomaly.isSeenElsewhere) return true
  if (!anomaly.looksLikePrevious) return false
  // with the number of the one before, and at once: a host that sends again gives a new one, and has to wait
  if (scene.isAtSender && anomaly.hasIdentification && isRightBehind(anomaly, scene)) return true
  return scene.isDoubled || (scene.isAtSender && anomaly.hasIdentification && scene.flow.identification.isDistinct)
}

/** Judges from the headers whether a segment is a copy of the one before with its bytes; undefined: they don't tell. */
export function isCopy(anomaly: Anomaly, scene: Scene): boolean | undefined {
  if (!anomaly.looksLikePrevious) return false
  if (anomaly.hasIdentification && scene.flow.identification.isDistinct) return true
  if (!anomaly.hasTimestamps || !ticksWithin(scene, 0.7)) return undefined
  // a sender that is confused by reordering sends again twice within one tick
  return anomaly.previous?.verdict === 'retransmission' && !isRightBehind(anomaly, scene) ? undefined : true
}

/** Does the TSval clock tick between a segment and any retransmission of it, `share` of a round trip later? */
function ticksWithin(scene: Scene, share: number): boolean {
  return scene.tick > 0 && scene.tick < share * scene.roundTrip
}

function copied(anomaly: Anomaly, scene: Scene): Ruling | undefined {
  if (anomaly.previousFrame === 0 || isCopy(anomaly, scene) !== true) return undefined
  return byHeaders(
    'duplicate',
    anomaly.hasIdentification ? 'same identification' : 'same timestamps',
    anomaly.previousFrame,
  )
}

function isRightBehind({ looksLikePrevious, time, previousTime }: Anomaly, { roundTrip }: Scene): boolean {
  return looksLikePrevious && time - previousTime <= Math.max(AT_ONCE, RIGHT_BEHIND * roundTrip)
}

/** It looks the same as the one before with its bytes, and comes with it. */
function follows(anomaly: Anomaly, { timing }: Scene): Ruling | undefined {
  const delay = anomaly.time - anomaly.previousTime
  if (!anomaly.looksLikePrevious || delay > timing.copyFollowsWithin) return undefined
  return byTimes('duplicate', 'right behind', anomaly.previousFrame, delay, timing.copyFollowsWithin)
}

/** Data with later sequence numbers, or the same, had been sent when it was: it has been sent again. */
function sentAfter(order: Order, scene: Scene): Ruling | undefined {
  if (order.identification === Sent.after && scene.flow.identification.isCounter) {
    return byHeaders('retransmission', 'later identification', order.identificationFrame)
  }
  if (order.crowdedFrame !== 0 && scene.flow.identification.isCounter) {
    return byHeaders('retransmission', 'no numbers left', order.crowdedFrame)
  }
  if (order.timestamps === Sent.after) return byHeaders('retransmission', 'newer timestamps', order.timestampsFrame)
  if (order.acknowledgment === Sent.after) {
    return byHeaders('retransmission', 'newer acknowledgment', order.acknowledgmentFrame)
  }
  return undefined
}

/** All that overtook it was sent after it: it was only late. */
function sentBefore(order: Order, scene: Scene): Ruling | undefined {
  if (order.identification === Sent.before && scene.flow.identification.isCounter) {
    return byHeaders('out-of-order', 'earlier identification', order.identificationFrame)
  }
  if (order.timestamps === Sent.before) return byHeaders('out-of-order', 'older timestamps', order.timestampsFrame)
  if (order.acknowledgment === Sent.before) {
    return byHeaders('out-of-order', 'older acknowledgment', order.acknowledgmentFrame)
  }
  return undefined
}

/** What overtook it was sent in the same tick of the clock, and sending again takes longer: it was only late. */
function sentWithin(order: Order, scene: Scene): Ruling | undefined {
  if (order.timestamps !== Sent.together || !ticksWithin(scene, 2)) return undefined
  return byHeaders('out-of-order', 'same tick', order.timestampsFrame)
}

/**
 * Its bytes were captured before, and it is no copy: either it was sent again, or what came before was, and this is the
 * original, which that overtook.
 */
function sentAgain(anomaly: Anomaly, scene: Scene): Ruling | undefined {
  if (anomaly.previousFrame === 0) return byHeaders('retransmission', 'acknowledged long before', 0)
  return sentAfter(anomaly.toPrevious, scene) ?? sentBefore(anomaly.toPrevious, scene)
}

/**
 * The next segment, where packets that its sender has numbered were never seen (see LostTail), after a pause of about the
 * round trip that it takes to find a loss: what it sent before was lost, and this is it again.
 */
function afterLosses(anomaly: Anomaly, scene: Scene): Ruling {
  const delay = anomaly.time - anomaly.missableTime
  const isAnswer = anomaly.tail === undefined ? delay > 0.7 * scene.roundTrip : anomaly.tail.verdict !== ''
  const isSentAgain = anomaly.unseen > 0 && isAnswer && !scene.isAtSender && scene.flow.identification.isOwnCounter
  return byHeaders(isSentAgain ? 'retransmission' : '', 'packets missing before it', 0)
}

/** Where packets overtake each other, and when an answer could have come as well. */
function fillsInTime(anomaly: Anomaly, scene: Scene): Ruling {
  const { answerAfter, keepsOrder, runsAhead } = scene.timing
  const asked = anomaly.signalFrame !== 0 ? anomaly.signalFrame : anomaly.holeFrame
  const delay = wait(anomaly)
  if (delay < answerAfter) {
    return keepsOrder
      ? byTimes('retransmission', 'order is kept', asked, delay, answerAfter)
      : byTimes('out-of-order', 'too soon for an answer', asked, delay, answerAfter)
  }
  if (runsAhead && !anomaly.isFollowed && delay < LONGEST_LEAD * answerAfter) {
    return byTimes('out-of-order', 'overtaken by one', asked, delay, answerAfter)
  }
  const again = sentAgainLater(anomaly, scene)
  return again !== undefined && delay < LONGEST_DELAY * answerAfter
    ? byTimes('out-of-order', 'sent again later', again.frame, delay, answerAfter)
    : byTimes('retransmission', 'late enough for an answer', asked, delay, answerAfter)
}

/** Its bytes come once more, and not as a copy: its sender had missed it, and sends again mostly once. */
function sentAgainLater({ again, time }: Anomaly, { timing }: Scene): Anomaly | undefined {
  return again !== undefined && again.time - time > timing.copyUnlessAskedBefore ? again : undefined
}

function comesInTime(anomaly: Anomaly, scene: Scene): Ruling {
  const { copyUnlessAskedBefore } = scene.timing
  const sinceMissed = sinceAsked(anomaly)
  const asked = askedIn(anomaly)
  return anomaly.looksLikePrevious && sinceMissed < copyUnlessAskedBefore
    ? byTimes('duplicate', 'too soon for an answer', asked, sinceMissed, copyUnlessAskedBefore)
    : byTimes('retransmission', 'late enough for an answer', asked, sinceMissed, copyUnlessAskedBefore)
}
