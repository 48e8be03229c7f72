/** What ICMP errors about a session say, who says so, and what it means. */
import type { SessionSummary } from '../../sessions/summary.js'
import type { IcmpEvent } from '../../timeline/model.js'
import { otherRole } from '../endpoints.js'
import { icmpMeaning, icmpMessage } from '../icmp.js'
import { framesIn, named } from './problem.js'

export interface Said {
  /** the first of them: the others say the same */
  readonly error: IcmpEvent
  /** `ICMP says "host unreachable" (#4 and #7, from 10.0.0.1)` */
  readonly text: string
  /** `: a router knows no way to its network`, or nothing */
  readonly meaning: string
  readonly frames: readonly number[]
}

/** What the first of the errors says, and all that say the same; undefined when there are none. */
export function saidBy(errors: readonly IcmpEvent[], summary: SessionSummary): Said | undefined {
  const [error] = errors
  if (error === undefined) return undefined
  const { version, type, code, about, by } = error
  const same = errors.filter((one) => one.type === type && one.code === code && one.about === about && one.by === by)
  const frames = framesIn(same)
  const meaning = icmpMeaning(error, summary.protocol)
  const who = by === summary[about].address ? `the ${about}'s own system` : by
  const from = by === summary[otherRole(about)].address ? `the ${otherRole(about)} itself` : who
  return {
    error,
    text: `ICMP says "${icmpMessage(version, type, code)}" (${named(frames)}, from ${from})`,
    meaning: meaning === undefined ? '' : `: ${meaning}`,
    frames,
  }
}
