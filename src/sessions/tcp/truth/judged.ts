/** One segment, judged: the facts, from which words.ts makes the evidence when somebody asks for it. */
import type { Anomaly } from './anomaly.js'
import type { CauseRuling } from './cause.js'
import type { NeedRuling } from './need.js'
import type { Cause, Direction, Evidence, SegmentTruth, Verdict } from './result.js'
import type { Ruling } from './verdict.js'
import { tell } from './words.js'

export class JudgedSegment implements SegmentTruth {
  readonly frame: number
  readonly direction: Direction
  readonly sequence: number
  readonly length: number
  readonly ruling: Ruling
  readonly why: CauseRuling | undefined
  readonly need: NeedRuling | undefined
  /** ns from the event that `ruling` goes by */
  readonly delay: number

  constructor(
    anomaly: Anomaly,
    ruling: Ruling,
    why: CauseRuling | undefined,
    need: NeedRuling | undefined,
    delay: number,
  ) {
    this.frame = anomaly.frame
    this.direction = anomaly.direction
    this.sequence = anomaly.sequence
    this.length = anomaly.length
    this.ruling = ruling
    this.why = why
    this.need = need
    this.delay = delay
  }

  get verdict(): Verdict {
    return this.ruling.verdict
  }

  get restsOnTiming(): boolean {
    return this.ruling.restsOnTiming
  }

  get cause(): Cause | undefined {
    return this.why?.cause
  }

  get needed(): boolean | undefined {
    return this.need?.needed
  }

  get other(): number {
    return this.ruling.frame
  }

  get evidence(): readonly Evidence[] {
    return tell(this)
  }
}
