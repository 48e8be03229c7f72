/**
 * Who held a sender back between two of its data segments:
 * - the application, which had nothing more to send: the segment before was a short one, or the sender was free to send, and
 *   did not. What is sent goes in order: if there was nothing then, there had been nothing before;
 * - Nagle's algorithm, which keeps a short segment until the short one before it is acknowledged (RFC 9293 §3.7.4);
 * - the receiver, whose window had no room for one more full segment for most of it: when it opens, the sender goes on at once;
 * - the network, while there was more to send and data in flight: the congestion window was full, or something was lost. A
 *   send buffer that is full looks the same.
 * Away from the sender an ACK is seen before it is there: it counts as on its way for as long as the handshake shows that it can be.
 */
import type { Role, TcpSummary } from '../../sessions/summary.js'
import type { Cause } from '../../sessions/tcp/truth/result.js'
import type { PacketEvent } from '../model.js'
import { roundTripTo } from './away.js'
import { type FullSegment, leftBehind } from './full-segment.js'
import { lagOf } from './lag.js'
import { isNagleOff } from './nagle-off.js'
import { isScaleKnown } from './window-scale.js'

/** `unknown`: its ACKs were not captured, the scale of its windows, or how far from it the capture was taken; or it may be either. */
export type HeldBy = 'application' | 'Nagle' | 'receiver' | 'network' | 'unknown'

/** What is known of a stretch, when the segment that ends it is there. Times are ns. */
export interface Stretch {
  /** the segment with the newest bytes before it, and the one that ends it */
  readonly newest: PacketEvent
  readonly next: PacketEvent
  readonly took: number
  /** how long the window had no room for one more full segment, and how long ago that ended */
  readonly fullFor: number
  readonly sinceFull: number
  readonly window: number
  /** the newest segment reaches just as far as the window did at some time */
  readonly hasFilled: boolean
  /** for how long nothing had been in flight */
  readonly idle?: number
  /** the last data segment was all that was in flight: but after a timeout no congestion window is so small */
  readonly wasAlone: boolean
  /** since the receiver was last heard of; and whether it has sent data meanwhile, that a program could answer */
  readonly sinceHeard: number
  readonly wasSpokenTo: boolean
}

const REPAIRS: ReadonlySet<Cause> = new Set(['timeout', 'fast retransmit', 'path MTU', 'tail loss probe'])
/** An ACK that takes so many times as long to the sender, and its answer back, as the handshake did is no longer on its way. */
const SLACK = 2
/** A sender that has been waiting goes on within this, ns, and within so large a part of the time that it had waited. */
const AT_ONCE = 1e6
const PART = 1 / 4

export class StretchJudge {
  readonly #full: FullSegment
  readonly #isWindowKnown: boolean
  readonly #isNagleOff: boolean
  readonly #lag: (packet: PacketEvent) => number
  /** ns from where the capture was taken to the sender and back; Infinity where that does not show */
  readonly #away: number

  constructor(packets: readonly PacketEvent[], sender: Role, summary: TcpSummary, full: FullSegment) {
    this.#full = full
    this.#isWindowKnown = isScaleKnown(summary)
    this.#away = roundTripTo(sender, summary)
    this.#isNagleOff = isNagleOff(packets, sender, full)
    this.#lag = lagOf(packets, sender)
  }

  whoHeld(stretch: Stretch): HeldBy {
    const { next, took, fullFor, sinceFull, window, hasFilled, newest } = stretch
    if (isRepair(next)) return 'network'
    const isFull = 2 * fullFor > took && sinceFull <= AT_ONCE + SLACK * this.#away
    if (isFull && (this.#isWindowKnown || window === 0)) return 'receiver'
    if (this.#isNagle(stretch)) return 'Nagle'
    // it had more: what seems to be free to go may be in a queue of its own host, or of the way, that the handshake has not met
    const left = hasFilled ? 'unknown' : leftBehind(newest, this.#full)
    if (this.#isFree(stretch)) return left === 'more' ? 'unknown' : 'application'
    // away from the sender the window looks open as soon as the receiver says so
    if (hasFilled && this.#isWindowKnown && this.#away > 0) return 'receiver'
    if (left === 'nothing') return this.#mayHaveWaited(stretch) ? 'unknown' : 'application'
    // when a window is full that may be larger than it says, whoever waits may wait for either
    if (window === Number.POSITIVE_INFINITY || isFull || !this.#showsWaiting(stretch)) return 'unknown'
    return left === 'more' || (this.#away === 0 && isAtOnce(stretch.sinceHeard, took)) ? 'network' : 'unknown'
  }

  /** A short segment right behind the ACK of the short one before it, which no program can see. Only at the sender is that no chance. */
  #isNagle({ newest, next, took, idle, wasSpokenTo, hasFilled }: Stretch): boolean {
    if (this.#away > 0 || this.#isNagleOff || wasSpokenTo || hasFilled || idle === undefined) return false
    return isAtOnce(idle, took) && this.#isShort(newest) && this.#isShort(next)
  }

  /** Nothing was in flight for longer than it takes to go on. */
  #isFree({ next, took, idle: seen, wasAlone }: Stretch): boolean {
    if (seen === undefined) return false
    const lag = this.#lag(next)
    if (lag >= seen) return false
    const idle = seen - lag
    if (this.#away > 0) return idle > SLACK * this.#away + Math.min(AT_ONCE, PART * took)
    return wasAlone || 2 * idle > took || idle > AT_ONCE
  }

  /** There had been nothing to send; what then came may have had to wait for the ACK that it follows. */
  #mayHaveWaited({ next, took, idle, sinceHeard, wasSpokenTo }: Stretch): boolean {
    if (wasSpokenTo) return false
    if (!this.#isShort(next)) return this.#away === 0 && isAtOnce(sinceHeard, took)
    return !this.#isNagleOff && idle !== undefined && 2 * idle > this.#away
  }

  /** Where an ACK is seen long before it is at the sender, what is not in flight any more does not show that it waited. */
  #showsWaiting({ idle }: Stretch): boolean {
    return idle === undefined || this.#away < Number.POSITIVE_INFINITY
  }

  #isShort(segment: PacketEvent): boolean {
    return leftBehind(segment, this.#full) === 'nothing'
  }
}

function isAtOnce(since: number, took: number): boolean {
  return since <= Math.min(AT_ONCE, PART * took)
}

/** What was lost is sent again when the network has shown that it was, whatever the program and the window allow. */
function isRepair({ truth }: PacketEvent): boolean {
  return truth?.cause !== undefined && truth.needed !== false && REPAIRS.has(truth.cause)
}
