/** Arithmetic of moments: exact, in two integers. */
import type { Moment } from './call.js'

const SECOND = 1e9

/** `seconds` and `nanoseconds` (less than a second) after a moment. */
export function later(moment: Moment, seconds: number, nanoseconds: number): Moment {
  const sum = moment.nanoseconds + nanoseconds
  const carry = sum >= SECOND ? 1 : 0
  return { seconds: moment.seconds + seconds + carry, nanoseconds: sum - carry * SECOND }
}

/** Below zero when `a` is the earlier one. */
export function compareMoments(a: Moment, b: Moment): number {
  return a.seconds - b.seconds || a.nanoseconds - b.nanoseconds
}

/** ns from `from` to `to`; exact within 104 days. */
export function nanosecondsBetween(from: Moment, to: Moment): number {
  return (to.seconds - from.seconds) * SECOND + (to.nanoseconds - from.nanoseconds)
}
