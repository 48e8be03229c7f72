/**
 * What is kept of one direction: its parts, of which most are numbers in its record, and what few have, its trouble, beside it.
 */
import type { Slab } from '../../record.js'
import type { Anomaly } from './anomaly.js'
import { FLOW_WORDS, FlowRecord, Plain, places, Rest, TTL_SHIFT } from './flow-record.js'
import { Marks } from './marks.js'
import { halved, LongSegments, UNCUT } from './offload.js'
import { Reaction } from './reaction.js'
import type { Direction } from './result.js'
import { IdentificationHabit } from './send-order.js'
import type { SightingPool } from './sighting.js'
import { Sightings } from './sightings.js'
import { Stamps } from './stamps.js'
import type { LostTail } from './tail.js'
import type { Trouble } from './trouble.js'

const NONE: readonly Anomaly[] = []
/** Of the segments of a capture that has each of them twice, the share that is a second sight; some may be missing. */
const DOUBLED = 0.4
/** The same while more is to come: what is on its way has been seen once. */
const DOUBLED_SO_FAR = 0.3

/** What of a flow is no number, which few have. */
export interface Odd {
  readonly trouble: Trouble
  readonly tail: LostTail
}

/** So many segments may come twice, and none be a second sight. */
const FEW = 2

/** A network copies a few packets; a capture point that sees each packet twice, on its way in and out, doubles them all. */
export function isDoubled(flow: FlowState, back: FlowState): boolean {
  return areTwice(flow, back, FEW, DOUBLED)
}

/** It looks so as yet. */
export function isDoubledSoFar(flow: FlowState, back: FlowState | undefined): boolean {
  return areTwice(flow, back, 1, DOUBLED_SO_FAR)
}

function areTwice(flow: FlowState, back: FlowState | undefined, least: number, share: number): boolean {
  const twice = flow.trouble?.twice ?? 0
  if (twice >= least && twice > share * flow.segments) return true
  const both = twice + (back?.trouble?.twice ?? 0)
  return both >= least && both > share * (flow.segments + (back?.segments ?? 0))
}

/** Stands for one flow at a time: `select` says for which. */
export class FlowState extends FlowRecord {
  readonly direction: Direction
  readonly sightings: Sightings
  readonly marks: Marks
  readonly identification: IdentificationHabit
  /** how soon the other end reacts to it */
  readonly answers: Reaction
  readonly stamps: Stamps
  readonly long: LongSegments
  protected readonly rest: Rest
  protected readonly pool: SightingPool
  /** by place of the flow's record */
  protected readonly odd: Map<number, Odd>

  static override readonly words = FLOW_WORDS

  constructor(direction: Direction, slab: Slab, pool: SightingPool, odd: Map<number, Odd>) {
    super(slab)
    this.direction = direction
    this.pool = pool
    this.odd = odd
    this.sightings = new Sightings(slab, pool)
    this.marks = new Marks(slab)
    this.identification = new IdentificationHabit(slab)
    this.stamps = new Stamps(slab)
    this.answers = new Reaction(slab)
    this.long = new LongSegments(slab)
    this.rest = new Rest(slab)
  }

  /** Stands for the flow whose record begins at `at`. */
  select(at: number): void {
    this.at = at
    this.sightings.at = at + places.sightings
    this.identification.at = at + places.identification
    this.stamps.at = at + places.stamps
    this.marks.at = at + places.marks
    this.rest.at = at + places.rest
    this.answers.at = at + places.answers
    this.long.at = at + places.long
  }

  /** A packet of this direction has come. */
  get isKnown(): boolean {
    return this.rest.isKnown !== 0
  }

  /** The maximum segment size that its long segments were cut up to, see packetSize. `back` is the other direction, if it has begun. */
  cutTo(back: FlowState | undefined): number {
    if (this.identification.isUncut) return UNCUT
    if (back === undefined) return -1
    const { narrow } = back.rest
    return narrow === 0 || this.rest.halves === 0 ? back.mss : halved(back.mss, narrow, this.stamps.any !== 0)
  }

  get takesSelective(): boolean {
    return this.rest.takesSelective !== 0
  }

  get trouble(): Trouble | undefined {
    return this.sightings.isTroubled === 0 ? undefined : this.odd.get(this.at)?.trouble
  }

  get tail(): LostTail | undefined {
    return this.sightings.isTroubled === 0 ? undefined : this.odd.get(this.at)?.tail
  }

  /** Lets go of what it holds outside of its record. */
  release(): void {
    if (this.sightings.isTroubled !== 0) this.odd.delete(this.at)
    this.sightings.clear()
    this.rest.isKnown = this.plain = 0
  }

  /** Makes it new. */
  begin(): void {
    const rest = this.rest
    rest.isKnown = 1
    rest.started = rest.knowsAcknowledged = rest.takesSelective = rest.narrow = rest.halves = 0
    this.sightings.clear()
    this.marks.reset()
    this.identification.reset()
    this.answers.reset()
    this.long.reset()
    this.stamps.any = 0
    this.plain = this.segments = 0
    this.lastDataTime = this.lastAckTime = this.lastAdvanceTime = 0
    this.lastWindow = -1
    this.mss = -1
  }

  /** Nothing is missing, and no acknowledgment is awaited that would tell of anything. */
  get isQuiet(): boolean {
    return this.trouble?.isQuiet ?? true
  }

  /** Which segments may be plain from now on; `back` is the other direction. */
  notePlain(back: FlowState): void {
    const rest = this.rest
    const isAnswer = back.isKnown && back.rest.started !== 0 && back.rest.knowsAcknowledged !== 0 && back.isQuiet
    const { ttl } = this.marks
    const isNarrow = rest.narrow !== 0 || back.rest.narrow !== 0
    if (rest.isKnown === 0 || !isAnswer || ttl < 0 || isNarrow || isDoubledSoFar(this, back)) this.plain = 0
    else {
      // data shows where gaps end of which only a segment without data has told
      const data = rest.started !== 0 && this.trouble?.holes.hasUnknown !== true ? Plain.data : 0
      const fitted = this.marks.hasFitted !== 0 ? Plain.fitted : 0
      this.plain = (ttl << TTL_SHIFT) | Plain.acknowledgment | data | fitted
    }
  }

  /** Not judged yet, in the order of capture. */
  get anomalies(): readonly Anomaly[] {
    return this.trouble?.anomalies ?? NONE
  }

  /** Forgets all but the latest ones. */
  forgetAnomalies(latest: number): void {
    const trouble = this.trouble
    if (trouble !== undefined) trouble.anomalies = latest === 0 ? [] : trouble.anomalies.slice(-latest)
  }
}
