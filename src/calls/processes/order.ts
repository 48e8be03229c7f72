/**
 * When each record takes effect. A descriptor exists from the return of the call that makes it, is gone from the entry of
 * `close` on, and is copied when `fork` is entered: the child may speak before it returns.
 */
import type { Call, Moment } from '../call.js'
import { compareMoments } from '../moment.js'

const ON_RETURN: ReadonlySet<string> = new Set([
  ...[
    'socket',
    'socketpair',
    'accept',
    'accept4',
    'dup',
    'dup2',
    'dup3',
    'fcntl',
    'pipe',
    'pipe2',
    'execve',
    'execveat',
  ],
  ...['waitpid', 'wait4', 'waitid', 'listen', 'recvmsg', 'ended'],
])

export function effectOf(call: Call): Moment {
  return ON_RETURN.has(call.call) ? (call.returned ?? call.entered) : call.entered
}

/** The records in the order in which they take effect; of two at one moment, a return comes first. */
export function inOrderOfEffect<T extends Call>(calls: readonly T[]): T[] {
  const rank = ({ call }: Call) => (ON_RETURN.has(call) && call !== 'ended' ? 0 : 1)
  return calls
    .map((call, index) => ({ call, index, at: effectOf(call) }))
    .sort((a, b) => compareMoments(a.at, b.at) || rank(a.call) - rank(b.call) || a.index - b.index)
    .map(({ call }) => call)
}
