/**
 * What a segment was that is not simply the next one. Rules in the order of their strength: the first that has an answer
 * gives it. Those of the headers come first, times last.
 */
import type { Anomaly, Order } from './anomaly.js'
import type { Verdict } from './result.js'
import type { Scene } from './scene.js'
import { Sent } from './send-order.js'
import { sinceAsked, wait } from './timing.js'

/** What a verdict rests on; words.ts says it in full. */
export type Ground =
  | 'captured at the sender'
  | 'same identification'
  | 'same timestamps'
  | 'later identification'
  | 'earlier identification'
  | 'newer timestamps'
  | 'older timestamps'
  | 'same tick'
  | 'newer acknowledgment'
  | 'older acknowledgment'
  | 'acknowledged long before'
  | 'packets missing before it'
  | 'too soon'
  | 'at once'
  | 'late enough'

export interface Ruling {
  readonly verdict: Verdict
  readonly ground: Ground
  /** the other frame that shows it, 0 where there is none */
  readonly frame: number
  /** nothing but times speaks for it */
  readonly restsOnTiming: boolean
}

function ruling(verdict: Verdict, ground: Ground, frame: number, restsOnTiming = false): Ruling {
  return { verdict, ground, frame, restsOnTiming }
}

/** Is it a second sight of a frame, rather than a copy that the network made? */
export function isSecondSight(anomaly: Anomaly, scene: Scene): boolean {
  if (!anomaly.looksLikePrevious) return false
  return scene.isDoubled || (scene.isAtSender && anomaly.hasIdentification && scene.flow.identification.isDistinct)
}

/** Judges from the headers whether a segment is a copy of the one before with its bytes; undefined: they don't tell. */
export function isCopyByHeader(anomaly: Anomaly, scene: Scene): boolean | undefined {
  if (!anomaly.looksLikePrevious) return false
  if (anomaly.hasIdentification && scene.flow.identification.isDistinct) return true
  if (anomaly.hasTimestamps && ticksWithin(scene, 0.7)) return true
  return undefined
}

/** Does the TSval clock tick between a segment and any retransmission of it, `share` of a round trip later? */
function ticksWithin(scene: Scene, share: number): boolean {
  return scene.tick > 0 && scene.tick < share * scene.roundTrip
}

export function judge(anomaly: Anomaly, scene: Scene): Ruling {
  if (anomaly.isNext) return afterLosses(anomaly, scene)
  if (scene.isAtSender) return ruling('retransmission', 'captured at the sender', anomaly.previousFrame)
  return (
    copyByHeader(anomaly, scene) ??
    sentAfterLaterData(anomaly, scene) ??
    (anomaly.holeFrame === 0 ? cameBefore(anomaly, scene) : sentBeforeLaterData(anomaly, scene)) ??
    byTimes(anomaly, scene)
  )
}

function copyByHeader(anomaly: Anomaly, scene: Scene): Ruling | undefined {
  if (anomaly.previousFrame === 0 || isCopyByHeader(anomaly, scene) !== true) return undefined
  const ground = anomaly.hasIdentification ? 'same identification' : 'same timestamps'
  return ruling('duplicate', ground, anomaly.previousFrame)
}

/** Data with later sequence numbers had already been sent when it was: it has been sent again. */
function sentAfterLaterData(anomaly: Anomaly, scene: Scene): Ruling | undefined {
  return sentAfter(anomaly.toLater, scene)
}

function sentAfter(order: Order, scene: Scene): Ruling | undefined {
  if (order.identification === Sent.after && scene.flow.identification.isCounter) {
    return ruling('retransmission', 'later identification', order.identificationFrame)
  }
  if (order.timestamps === Sent.after) {
    return ruling('retransmission', 'newer timestamps', order.timestampsFrame)
  }
  if (order.acknowledgment === Sent.after) {
    return ruling('retransmission', 'newer acknowledgment', order.acknowledgmentFrame)
  }
  return undefined
}

/** All that overtook it was sent after it: it was only late. */
function sentBeforeLaterData(anomaly: Anomaly, scene: Scene): Ruling | undefined {
  return sentBefore(anomaly.toLater, scene)
}

function sentBefore(order: Order, scene: Scene): Ruling | undefined {
  if (order.identification === Sent.before && scene.flow.identification.isCounter) {
    return ruling('out-of-order', 'earlier identification', order.identificationFrame)
  }
  if (order.timestamps === Sent.before) return ruling('out-of-order', 'older timestamps', order.timestampsFrame)
  if (order.timestamps === Sent.together && ticksWithin(scene, 2)) {
    return ruling('out-of-order', 'same tick', order.timestampsFrame)
  }
  if (order.acknowledgment === Sent.before) {
    return ruling('out-of-order', 'older acknowledgment', order.acknowledgmentFrame)
  }
  return undefined
}

/**
 * Its bytes were captured before, and it is no copy: it was sent again, or what came before was sent again and this is
 * the original, overtaken by it.
 */
function cameBefore(anomaly: Anomaly, scene: Scene): Ruling | undefined {
  if (anomaly.previousFrame === 0) return ruling('retransmission', 'acknowledged long before', 0)
  return sentAfter(anomaly.toPrevious, scene) ?? sentBefore(anomaly.toPrevious, scene)
}

/**
 * The next segment, where the sender has numbered packets that were never seen, has had everything acknowledged, and has
 * then been silent for as long as it waits before it probes (RFC 8985 §7.2): what it sent before was lost, and this is it again.
 */
function afterLosses(anomaly: Anomaly, scene: Scene): Ruling {
  const isSilent = anomaly.time - anomaly.lastDataTime > 2 * scene.roundTrip
  return isSilent && anomaly.skipped > 0 && !scene.isAtSender && scene.flow.identification.isCounter
    ? ruling('retransmission', 'packets missing before it', 0)
    : ruling('', 'packets missing before it', 0)
}

function byTimes(anomaly: Anomaly, scene: Scene): Ruling {
  const { answerAfter, copyWithin, copyUnlessAskedBefore } = scene.timing
  if (anomaly.holeFrame !== 0) {
    const asked = anomaly.signalFrame !== 0 ? anomaly.signalFrame : anomaly.holeFrame
    return wait(anomaly) < answerAfter
      ? ruling('out-of-order', 'too soon', asked, true)
      : ruling('retransmission', 'late enough', asked, true)
  }
  if (!anomaly.looksLikePrevious) return ruling('retransmission', 'late enough', anomaly.previousFrame, true)
  if (sinceAsked(anomaly) < copyUnlessAskedBefore) return ruling('duplicate', 'too soon', anomaly.previousFrame, true)
  return anomaly.time - anomaly.previousTime <= copyWithin
    ? ruling('duplicate', 'at once', anomaly.previousFrame, true)
    : ruling('retransmission', 'late enough', anomaly.previousFrame, true)
}
