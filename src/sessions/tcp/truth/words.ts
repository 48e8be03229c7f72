/** The evidence for a judged segment in words. */

import type { CauseRuling } from './cause.js'
import type { JudgedSegment } from './judged.js'
import type { NeedRuling } from './need.js'
import type { Evidence } from './result.js'
import type { Ground } from './verdict.js'

export function tell(segment: JudgedSegment): Evidence[] {
  return []
}
