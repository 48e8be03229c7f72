/** One segment, judged: the facts, from which words.ts makes the evidence when somebody asks for it. */
import type { Anomaly } from './anomaly.js'
import type { CauseRuling } from './cause.js'
import type { NeedGround, NeedRuling } from './need.js'
import type { Cause, Direction, Evidence, SegmentTruth, Verdict } from './result.js'
import type { Ground, Ruling } from './verdict.js'
import { tell } from './words.js'

export class JudgedSegment implements SegmentTruth {
  readonly frame: number
  readonly direction: Direction
  readonly sequence: number
  readonly length: number
  readonly verdict: Verdict
  readonly restsOnTiming: boolean
  readonly ground: Ground
  readonly other: number
  /** ns from the event that the verdict goes by, and what that is held against, ns */
  readonly delay: number
  readonly limit: number

  readonly cause: Cause | undefined
  readonly causeFrames: readonly number[]
  /** behind it, as selective acknowledgments told its sender; 0: none did */
  readonly selectiveBytes: number
  /** ns for which its sender had heard and sent nothing */
  readonly silence: number

  readonly needed: boolean | undefined
  readonly needGround: NeedGround | undefined
  readonly needFrame: number

  constructor(anomaly: Anomaly, ruling: Ruling, cause: CauseRuling | undefined, need: NeedRuling | undefined) {
    this.frame = anomaly.frame
    this.direction = anomaly.direction
    this.sequence = anomaly.sequence
    this.length = anomaly.length
    this.verdict = ruling.verdict
    this.restsOnTiming = ruling.restsOnTiming
    this.ground = ruling.ground
    this.other = ruling.frame
    this.delay = ruling.delay
    this.limit = ruling.limit
    this.cause = cause?.cause
    this.causeFrames = cause?.frames ?? []
    this.selectiveBytes = cause?.bytes ?? 0
    this.silence = cause?.silence ?? 0
    this.needed = need?.needed
    this.needGround = need?.ground
    this.needFrame = need?.frame ?? 0
  }

  get evidence(): readonly Evidence[] {
    return tell(this)
  }
}
