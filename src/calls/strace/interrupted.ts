/**
 * Calls that a signal interrupted (signal(7)). strace prints `= ? ERESTARTSYS`, which no program ever sees: either the kernel
 * makes the call again, or, after a handler without SA_RESTART, the program gets EINTR. The `rt_sigreturn` that ends the
 * handler tells which: it returns what the program will see.
 */
import type { Call } from '../call.js'
import { MAX_THREADS } from './threads.js'

interface Waiting {
  readonly call: Call
  /** its handler has returned, and not with EINTR */
  isRestarting: boolean
}

/** A handler may be interrupted in its turn; deeper than this no sound program goes. */
const MAX_DEPTH = 8

export class InterruptedCalls {
  /** by thread, the innermost last */
  readonly #waiting = new Map<number, Waiting[]>()

  /** Takes a call that is whole; gives the records that are complete with it. */
  follow(call: Call, isOnlyRead: boolean): Call[] {
    const stack = this.#waiting.get(call.thread)
    const top = stack?.at(-1)
    if (call.call === 'rt_sigreturn') {
      if (top === undefined) return []
      if (call.errno !== 'EINTR') {
        top.isRestarting = true
        return []
      }
      this.#pop(call.thread)
      return [{ ...top.call, result: -1, errno: 'EINTR', returned: call.entered }]
    }
    if (call.call === 'restart_syscall') return top === undefined ? [] : this.#resume(top.call, call)
    if (top !== undefined && isSame(top.call, call)) return this.#resume(top.call, call)
    if (isInterrupted(call)) return this.#push(call)
    return isOnlyRead ? [] : [call]
  }

  /** Calls of a thread that is at its end: they never returned. */
  end(thread: number): Call[] {
    const stack = this.#waiting.get(thread) ?? []
    this.#waiting.delete(thread)
    return stack.map(({ call }) => unreturned(call))
  }

  all(): Call[] {
    return [...this.#waiting.values()].flat().map(({ call }) => unreturned(call))
  }

  clear(): void {
    this.#waiting.clear()
  }

  /** The kernel took `begun` up again, and `again` is how that ended: one call to the program. */
  #resume(begun: Call, again: Call): Call[] {
    this.#pop(again.thread)
    const { by: _, ...rest } = again
    const { call, arguments: given, by } = again.call === 'restart_syscall' ? begun : again
    const whole: Call = {
      ...unreturned(begun),
      ...rest,
      call,
      arguments: given,
      ...(by !== undefined && { by }),
      entered: begun.entered,
    }
    return isInterrupted(again) ? this.#push(whole) : [whole]
  }

  /** What there is no room for is complete: nobody waits for its end. */
  #push(call: Call): Call[] {
    const stack = this.#waiting.get(call.thread) ?? []
    if (stack.length >= MAX_DEPTH || (stack.length === 0 && this.#waiting.size >= MAX_THREADS))
      return [unreturned(call)]
    stack.push({ call, isRestarting: false })
    this.#waiting.set(call.thread, stack)
    return []
  }

  #pop(thread: number): void {
    const stack = this.#waiting.get(thread)
    stack?.pop()
    if (stack?.length === 0) this.#waiting.delete(thread)
  }
}

export function isInterrupted({ errno }: Call): boolean {
  return errno?.startsWith('ERESTART') === true
}

function isSame(one: Call, other: Call): boolean {
  return one.call === other.call && one.arguments[0] === other.arguments[0]
}

function unreturned({ errno: _, returned: __, ...call }: Call): Call {
  return call
}
