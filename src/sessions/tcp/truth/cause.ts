/**
 * What made the sender send a segment again: something that it heard, or a timer that ran out because it heard nothing.
 * A capture elsewhere than at the sender shows the same, its sender's reaction time later.
 */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'
import { FIN, SYN } from '../../../packet.js'
import type { Anomaly } from './anomaly.js'
import type { Cause } from './result.js'
import type { Scene } from './scene.js'
import { SHORTEST_TIMEOUT } from './tries.js'

/** No sender probes sooner after it last heard or sent something, ns: Linux's timers are of two ticks at least, of 1 ms or more. */
const SHORTEST_TIMER = 3e6
/** What the timer adds to the round trip at least (Linux; RFC 6298 §2.4 has a second), ns. */
const MINIMUM_TIMEOUT = 180e6

/** Elsewhere than at the sender, a probe that was lost is not seen: what comes later than this many timeouts is none. */
const LONGEST_PROBE = 2.5

/** Round trips after a timeout in which its sender goes through what was outstanding. */
const SOON = 3
/** New segments that a sender in doubt of its timeout sends, with room for a few more. */
const PROBES = 4

export interface CauseRuling {
  readonly cause: Cause
  /** the acknowledgments that made the sender do it, or its shut window, or an ICMP error; none: nothing that it heard did */
  readonly frames: readonly number[]
  /** bytes behind the segment that those acknowledgments told of selectively */
  readonly bytes: number
  /** for how long its sender had heard nothing, and sent nothing, ns */
  readonly silence: number
}

/** Judges the retransmissions of one direction in the order of capture. */
export class CauseFinder {
  /** after a timeout the sender goes on from the oldest outstanding byte until all is acknowledged (RFC 5681 §3.1) */
  #isRecovering = false
  #recoveryEnd = 0
  /** when the timer ran out, or its sender went on from there last */
  #timeout = Number.NEGATIVE_INFINITY
  /** when something last came again that had been acknowledged: its sender had not heard of that yet */
  #unheard = Number.NEGATIVE_INFINITY
  /** the last tail loss probe */
  #probe: Anomaly | undefined
  /** of the first segment of a lost tail that came again */
  #ofTail: Cause | undefined

  find(anomaly: Anomaly, scene: Scene): CauseRuling {
    const silence = silenceBefore(anomaly, scene)
    // its sender may not have heard yet what was acknowledged last
    const isHeard = anomaly.time - anomaly.lastAdvanceTime > scene.senderReaction
    const isAcknowledged = !sequenceBefore(anomaly.acknowledged, this.#recoveryEnd)
    const isNewer = !sequenceBefore(anomaly.sequence, this.#recoveryEnd)
    const ranOut =
      (silence >= SHORTEST_TIMEOUT && !isTooSoon(anomaly, scene)) || isOverdue(anomaly, scene, this.#unheard)
    if (isAcknowledged && (isHeard || isNewer)) this.#isRecovering = false
    if (this.#isUndone(anomaly, scene) || (!ranOut && this.#wasLostAgain(anomaly, scene))) this.#isRecovering = false
    if (this.#wasOutstanding(anomaly, scene)) {
      this.#isRecovering = true
      this.#recoveryEnd = anomaly.end
      this.#timeout = anomaly.time
    }
    const cause = this.#cause(anomaly, scene, ranOut)
    if (!sequenceAfter(anomaly.end, anomaly.acknowledged)) this.#unheard = anomaly.time
    if (cause === 'tail loss probe') this.#probe = anomaly
    if (cause === 'timeout' && (ranOut || !this.#isRecovering)) {
      this.#isRecovering = true
      this.#timeout = anomaly.time
      this.#recoveryEnd = anomaly.isNext ? anomaly.end : anomaly.top
    }
    if (anomaly.isNext && anomaly.tail === undefined) this.#ofTail = cause
    const frame = frameOf(cause, anomaly, scene)
    const isTold = cause === 'fast retransmit' && frame !== 0 && frame === anomaly.selectiveFrame
    const [frames, bytes] = isTold ? [anomaly.selectiveFrames, anomaly.selectiveBytes] : [frame === 0 ? [] : [frame], 0]
    return { cause, frames, bytes, silence: Math.max(silence, sinceBefore(anomaly, scene, cause)) }
  }

  /** What was lost right behind all that had been seen at the timeout, and comes soon after it, had been sent before it, too. */
  #wasOutstanding({ previousFrame, sequence, time }: Anomaly, { roundTrip }: Scene): boolean {
    return previousFrame === 0 && sequence === this.#recoveryEnd && time - this.#timeout < SOON * roundTrip
  }

  /**
   * Its sender has sent much new data since the timeout, and this for the first time again: it had found that the timeout was
   * in vain (RFC 5682 lets it send two new segments to find out), since otherwise what was outstanding goes first.
   */
  #isUndone(anomaly: Anomaly, scene: Scene): boolean {
    const isFirstTry = anomaly.previousFrame !== 0 && anomaly.previous === undefined && !anomaly.isNext
    if (!scene.isAtSender || !isFirstTry) return false
    return sequenceDifference(anomaly.top, this.#recoveryEnd) > PROBES * anomaly.length
  }

  /**
   * It was sent again since the timeout, and acknowledgments tell that this was lost, too: its sender recovers by what it is told
   * from here on (RFC 8985 §6.2 finds the loss of what was sent again, as it does that of anything else).
   */
  #wasLostAgain(anomaly: Anomaly, scene: Scene): boolean {
    const { previous } = anomaly
    return previous?.verdict === 'retransmission' && previous.time >= this.#timeout && askedBy(anomaly, scene) !== 0
  }

  /** No second probe is sent until more is acknowledged than the first, or it is known to have been needless (RFC 8985 §7.3, §7.4). */
  #isProbing({ acknowledged, time }: Anomaly): boolean {
    const probe = this.#probe
    if (probe === undefined || sequenceAfter(acknowledged, probe.end)) return false
    return probe.duplicateReportFrame === 0 || probe.duplicateReportTime > time
  }

  #cause(anomaly: Anomaly, scene: Scene, ranOut: boolean): Cause {
    if (anomaly.length === 0 && (anomaly.flags & SYN) !== 0) return 'SYN again'
    if (anomaly.length === 0 && (anomaly.flags & FIN) !== 0) return 'FIN again'
    if (isKeepAlive(anomaly)) return 'keep-alive'
    if (anomaly.length > 0 && (anomaly.flags & SYN) === 0 && (anomaly.previousFlags & SYN) !== 0) return 'fast open'
    // the rest of a lost tail goes the way of the first of it
    if (anomaly.tail !== undefined) return this.#ofTail === 'timeout' ? 'timeout' : 'fast retransmit'
    const wasAsked = askedBy(anomaly, scene) !== 0
    if (anomaly.isTooBig || (anomaly.tooBigFrame !== 0 && !wasAsked)) return 'path MTU'
    if (anomaly.zeroWindowFrame !== 0 && !wasAsked) return 'zero window'
    if (this.#isRecovering) return 'timeout'
    const isProbe = looksLikeProbe(anomaly, scene, wasAsked) && !this.#isProbing(anomaly)
    if (isProbe && isTimeToProbe(scene, waited(anomaly, scene))) return 'tail loss probe'
    // nobody had asked for it
    if (anomaly.isUnasked) return 'timeout'
    if (anomaly.echoesTheSame && byClock(anomaly, scene) >= SHORTEST_TIMEOUT) return 'timeout'
    return ranOut ? 'timeout' : 'fast retransmit'
  }
}

/** What made its sender do it; 0: nothing that it heard. */
function frameOf(cause: Cause, anomaly: Anomaly, scene: Scene): number {
  if (cause === 'fast retransmit') return askedBy(anomaly, scene)
  if (cause === 'path MTU') return anomaly.tooBigFrame
  return cause === 'zero window' ? anomaly.zeroWindowFrame : 0
}

function silenceBefore(anomaly: Anomaly, scene: Scene): number {
  const heard = anomaly.time - anomaly.lastAckTime - scene.senderReaction
  return Math.max(0, Math.min(heard, anomaly.time - anomaly.lastDataTime))
}

/**
 * The acknowledgment that told the sender that the segment, or the one before it with its bytes, was missing. Elsewhere than at the
 * sender, what it was told may be older than what it has been told since.
 */
function askedBy(anomaly: Anomaly, scene: Scene): number {
  return (
    anomaly.signalFrame ||
    anomaly.selectiveFrame ||
    (anomaly.duplicateAcks > 0 ? anomaly.duplicateAckFrame : 0) ||
    anomaly.previous?.signalFrame ||
    (scene.isAtSender && anomaly.laterSignalIsOfOthers ? 0 : anomaly.laterSignalFrame)
  )
}

/**
 * The oldest segment outstanding, for longer than the timer runs, though others are still being acknowledged selectively: only
 * what is acknowledged in order starts the timer again (RFC 6298 §5.3). The last try may have been lost before the capture,
 * a round trip after the first.
 */
function isOverdue(anomaly: Anomaly, { roundTrip }: Scene, unheard: number): boolean {
  if (anomaly.sequence !== anomaly.acknowledged || anomaly.isNext) return false
  // the first word that it is missing has just come: that is what its sender goes by, at the latest a quarter of a round trip later
  if (anomaly.duplicateAcks > 0 && anomaly.time - anomaly.duplicateAckTime < roundTrip / 4) return false
  const isSeen = anomaly.previousFrame !== 0
  // what was never seen was sent, first, about when its gap was shown
  const since = Math.max(isSeen ? anomaly.previousTime : anomaly.holeTime, anomaly.lastAdvanceTime, unheard)
  return anomaly.time - since >= MINIMUM_TIMEOUT + roundTrip * (isSeen ? 1 : 2)
}

/**
 * Its sender had been told that it is missing, and the timer cannot have run out since it was sent: what looks like silence is the time
 * for which the sender waits for what may have been overtaken, up to a round trip (RFC 8985 §6.2, step 4).
 */
function isTooSoon(anomaly: Anomaly, scene: Scene): boolean {
  if (anomaly.previousFrame === 0 || askedBy(anomaly, scene) === 0) return false
  return anomaly.time - anomaly.previousTime < MINIMUM_TIMEOUT + scene.roundTrip
}

/**
 * For how long its sender had waited: what it hears stops the timer of a probe only when it acknowledges more. Elsewhere than there,
 * the last acknowledgment may be one that it had not heard yet.
 */
function waited(anomaly: Anomaly, scene: Scene): number {
  if (anomaly.isNext) return anomaly.time - Math.max(anomaly.lastDataTime, anomaly.missableTime)
  if (scene.isAtSender || anomaly.isUnasked) {
    return anomaly.time - Math.max(anomaly.lastDataTime, anomaly.lastAdvanceTime)
  }
  if (anomaly.firstFrame === 0) return silenceBefore(anomaly, scene)
  return byClock(anomaly, scene) || anomaly.time - anomaly.previousTime
}

/** Where the last acknowledgment seen may not be one that its sender had heard, the bytes themselves tell for how long it waited, ns. */
function sinceBefore(anomaly: Anomaly, scene: Scene, cause: Cause): number {
  // whatever else its sender hears: an answer to this it is not
  if (cause === 'SYN again' || cause === 'FIN again') {
    return anomaly.previousFrame === 0 ? 0 : anomaly.time - anomaly.previousTime
  }
  if (cause === 'timeout') return anomaly.echoesTheSame ? byClock(anomaly, scene) : 0
  if (cause !== 'tail loss probe' || anomaly.previousFrame === 0) return 0
  return Math.max(anomaly.time - anomaly.previousTime, byClock(anomaly, scene))
}

/** Time from the transmission before, by the clock of its sender (RFC 7323), ns; 0: not known. */
function byClock(anomaly: Anomaly, { tick }: Scene): number {
  if (!anomaly.hasTimestamps || anomaly.previousFrame === 0) return 0
  return Math.max(0, sequenceDifference(anomaly.timestampValue, anomaly.previousTimestamp)) * tick
}

/**
 * Has the timer of a probe run out, of two round trips, or the tick of a clock where that is longer; and not that of a timeout, which
 * comes after it? At the sender round trips are not asked: the typical one may be with a delayed acknowledgment, and what is sent
 * there in a silence nobody asked for.
 */
function isTimeToProbe(scene: Scene, silence: number): boolean {
  if (scene.isAtSender) return silence >= SHORTEST_TIMER
  const isTooLong = silence > LONGEST_PROBE * (MINIMUM_TIMEOUT + scene.roundTrip)
  return silence >= Math.max(SHORTEST_TIMER, Math.min(1.5 * scene.roundTrip, SHORTEST_TIMEOUT)) && !isTooLong
}

/** RFC 8985 §7: the last segment, once, while nothing says that any is missing; hosts without selective acknowledgments don't. */
function looksLikeProbe(anomaly: Anomaly, scene: Scene, wasAsked: boolean): boolean {
  if (wasAsked || !scene.selective) return false
  if (anomaly.isNext) return isProbeUnseen(anomaly)
  // a copy that the network made was no try
  let { previous } = anomaly
  while (previous?.verdict === 'duplicate') previous = previous.previous
  const isFirstTry = previous === undefined || previous.holeFrame !== 0
  return anomaly.end === anomaly.top && isFirstTry
}

/**
 * Of a segment that had been sent once, and was never seen. While nothing else is outstanding a sender may wait for a delayed
 * acknowledgment, too, before it probes, and Linux does (RFC 8985 §7.2).
 */
function isProbeUnseen({ sequence, top, unseen, wasTried, time, lastDataTime }: Anomaly): boolean {
  return unseen === 1 && !wasTried && (sequence !== top || time - lastDataTime >= SHORTEST_TIMEOUT)
}

/** RFC 9293 §3.8.4: one byte from before what is acknowledged, when all is. */
export function isKeepAlive(anomaly: Anomaly): boolean {
  return anomaly.length === 1 && anomaly.end === anomaly.acknowledged && anomaly.end === anomaly.top
}
