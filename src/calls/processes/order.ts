/**
 * When each record takes effect. A descriptor exists from the return of the call that makes it, is gone from the entry of
 * `close` on, and is copied when `fork` is entered: the child may speak before it returns.
 */
import type { Call, Moment } from '../call.js'
import { compareMoments } from '../moment.js'
import { isWait } from '../waits.js'

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
  ...['waitpid', 'wait4', 'waitid', 'listen', 'recvmsg', 'ended', 'epoll_create', 'epoll_create1'],
])

export function effectOf(call: Call): Moment {
  return isOnReturn(call) ? (call.returned ?? call.entered) : call.entered
}

/** What a wait has found is told of the descriptors as they are then: another thread may have added some. */
function isOnReturn({ call }: Call): boolean {
  return ON_RETURN.has(call) || isWait(call)
}

/** The records in the order in which they take effect; of two at one moment, a return comes first. */
export function inOrderOfEffect<T extends Call>(calls: readonly T[]): T[] {
  const rank = (call: Call) => (isOnReturn(call) && call.call !== 'ended' ? 0 : 1)
  return calls
    .map((call, index) => ({ call, index, at: effectOf(call) }))
    .sort((a, b) => compareMoments(a.at, b.at) || rank(a.call) - rank(b.call) || a.index - b.index)
    .map(({ call }) => call)
}
