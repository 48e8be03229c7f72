/**
 * Which of the calls that wait for many descriptors are told of a session: those that found its socket ready; those that found
 * standard input so, for then its user was waited for; a few of those that waited in vain. A server that serves many returns
 * for the others far more often: these are counted.
 */
import { nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import type { Readiness } from '../../calls/waits.js'

export interface TellingWait {
  readonly call: FollowedCall
  readonly found?: Readiness
  readonly skipped?: number
}

/** Waits in vain that are told one after the other: a program that looks a thousand times a second says nothing new. */
const MOST_IN_VAIN = 3
const STANDARD_INPUT = 0
/** ns */
const A_LOOK = 1e6

/** @param isOthers of a socket that many send to: whether a datagram of this peer is another session's */
export function tellingWaits(socket: Socket, isOthers: (peer: string | undefined) => boolean): TellingWait[] {
  const told: TellingWait[] = []
  const threads = new Map<number, { skipped: number; inVain: number }>()
  for (const { call, ready, peer } of socket.waits) {
    const before = threads.get(call.thread) ?? { skipped: 0, inVain: 0 }
    threads.set(call.thread, before)
    const found = ready !== undefined && !isOthers(peer) ? ready : undefined
    const isTold = found !== undefined || isForUser(call) || (isInVain(call) && before.inVain++ < MOST_IN_VAIN)
    if (!isTold) {
      before.skipped++
      continue
    }
    const { skipped } = before
    told.push({ call, ...(found !== undefined && { found }), ...(skipped > 0 && { skipped }) })
    before.skipped = 0
    if (found !== undefined) before.inVain = 0
  }
  return told
}

/** Its time was up, a signal came, or it never returned; one that only had a look did not wait. */
function isInVain({ ready = [], result, entered, returned }: FollowedCall): boolean {
  const isLook = result === 0 && returned !== undefined && nanosecondsBetween(entered, returned) < A_LOOK
  return ready.length === 0 && !isLook
}

function isForUser({ ready = [] }: FollowedCall): boolean {
  return ready.some(({ descriptor }) => descriptor === STANDARD_INPUT)
}
