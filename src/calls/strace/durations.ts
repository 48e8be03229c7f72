/**
 * A log that does not say how long calls took (strace without -T): each is taken to last until its thread's next line, where
 * nothing else says. It may have returned earlier; not later.
 */
import type { Call } from '../call.js'
import { compareMoments } from '../moment.js'

/** Calls that do not wait: what passes until the next line is the program's own time. */
const AT_ONCE: ReadonlySet<string> = new Set([
  ...['socket', 'bind', 'listen', 'setsockopt', 'getsockopt', 'getsockname', 'getpeername', 'fcntl', 'signal', 'ended'],
])

export function untilTheNext(calls: readonly Call[]): Call[] {
  const next = new Map<number, Call>()
  return calls
    .toSorted((a, b) => compareMoments(a.entered, b.entered))
    .reverse()
    .map((call) => {
      const after = next.get(call.thread)
      next.set(call.thread, call)
      const isTold = call.returned === undefined || compareMoments(call.returned, call.entered) > 0
      return after === undefined || isTold || AT_ONCE.has(call.call) ? call : { ...call, returned: after.entered }
    })
    .reverse()
}
