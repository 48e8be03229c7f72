/** A mistake in a program that its calls, and the packets they made, prove. Plain data; JSON prints it as it is. */

import { formatMoment } from '../../bytes/time.js'
import type { FollowedCall } from '../../calls/processes/model.js'

export type MistakeName =
  | 'parent-keeps-connection'
  | 'child-keeps-listener'
  | 'unreaped-children'
  | 'leaked-descriptor'
  | 'no-reuseaddr'
  | 'byte-order'
  | 'partial-read'
  | 'partial-write'
  | 'segment-boundaries'
  | 'unread-at-close'
  | 'string-terminator'
  | 'write-after-reset'
  | 'cut-datagram'
  | 'interrupted-call'
  | 'backlog'
  | 'ignored-failure'

export interface Mistake {
  readonly name: MistakeName
  /** what is wrong, in a few words: `the parent never closes the connected socket` */
  readonly title: string
  /** the process whose program is to be changed, and that program */
  readonly pid: number
  readonly program?: string
  /** what happened in this run, step by step */
  readonly evidence: readonly Evidence[]
  /** what the RFC or the manual page says, and which */
  readonly rule: string
  readonly reference: string
  /** what to change */
  readonly advice: string
}

export interface Evidence {
  /** a sentence, without the full stop */
  readonly text: string
  readonly calls: readonly CallReference[]
  /** frames of the capture, from 1 */
  readonly frames: readonly number[]
}

/** A call of the log, told so that it can be found there. Times are seconds since 1970, with nine decimals. */
export interface CallReference {
  readonly pid: number
  readonly call: string
  readonly arguments: readonly string[]
  readonly descriptor?: number
  readonly result?: number
  readonly errno?: string
  readonly entered: string
  readonly returned?: string
}

/** What a rule finds; what its name alone says (the manual, the advice) is added from `advice.ts`. */
export interface Finding {
  readonly name: MistakeName
  readonly pid: number
  readonly evidence: readonly Evidence[]
}

export function evidence(
  text: string,
  calls: readonly (FollowedCall | undefined)[],
  frames: readonly number[] = [],
): Evidence {
  return { text, calls: calls.filter((call) => call !== undefined).map(reference), frames }
}

const DIGITS = 9

function reference(call: FollowedCall): CallReference {
  const { pid, descriptor, result, errno, entered, returned } = call
  return {
    pid,
    call: call.call,
    arguments: call.arguments,
    ...(descriptor !== undefined && { descriptor }),
    ...(result !== undefined && { result }),
    ...(errno !== undefined && { errno }),
    entered: formatMoment('epoch', entered.seconds, entered.nanoseconds, DIGITS),
    ...(returned && { returned: formatMoment('epoch', returned.seconds, returned.nanoseconds, DIGITS) }),
  }
}
