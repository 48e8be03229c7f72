/**
 * What `select`, `poll` and `epoll_wait` waited for, and what they found ready: from their arguments and from what the log says
 * of the result. Descriptors are numbers of the process; of epoll, what it says of one is the `data` that `epoll_ctl` gave it.
 */
import type { Call } from './call.js'

/** How a descriptor was ready; `error` stands for a failure, or an end, that nobody asked about (POLLERR, POLLHUP). */
export type Readiness = 'readable' | 'writable' | 'error'

export interface Ready {
  readonly descriptor: number
  readonly how: Readiness
}

export interface Wait {
  readonly descriptors: readonly number[]
  readonly ready: readonly Ready[]
}

const WAITS: ReadonlySet<string> = new Set([
  ...['select', '_newselect', 'pselect', 'poll', 'ppoll', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2'],
])

export function isWait(call: string): boolean {
  return WAITS.has(call)
}

export function isEpollWait(call: string): boolean {
  return call.startsWith('epoll_') && WAITS.has(call)
}

/** Of select and poll; for epoll see `eventsOf`. */
export function waitOf(call: Call): Wait {
  return call.call.endsWith('select') ? selected(call) : polled(call)
}

/** `select(5, [3 4], [4], NULL, NULL) = 1 (in [4])` */
function selected({ arguments: given, detail = '', result = 0 }: Call): Wait {
  const asked = given.slice(1, 4).map(numbersIn)
  const descriptors = [...new Set(asked.flat())].sort((a, b) => a - b)
  const ways: readonly (readonly [name: string, how: Readiness])[] = [
    ['in', 'readable'],
    ['out', 'writable'],
    ['except', 'readable'],
  ]
  const ready = ways.flatMap(([name, how]) =>
    numbersIn(new RegExp(`\\b${name} (\\[[\\d ]*\\])`).exec(detail)?.[1] ?? '').map((descriptor) => ({
      descriptor,
      how,
    })),
  )
  return { descriptors, ready: ready.length === 0 ? onlyOne(descriptors, result) : ready }
}

/** `poll([{fd=3, events=POLLIN}], 1, -1) = 1 ([{fd=3, revents=POLLIN}])`; the lab's log names descriptors alone, `[3 4]`. */
function polled({ arguments: given, detail = '', result = 0 }: Call): Wait {
  const text = given[0] ?? ''
  const named = [...text.matchAll(/\bfd=(\d+)/g)].map((match) => Number(match[1]))
  const descriptors = named.length > 0 || text.includes('fd=') ? named : numbersIn(text)
  const ready = [...detail.matchAll(/\bfd=(\d+), revents=([A-Z|]+)/g)].map(([, descriptor, events = '']) => ({
    descriptor: Number(descriptor),
    how: readinessOf(events),
  }))
  return { descriptors, ready: ready.length === 0 ? onlyOne(descriptors, result) : ready }
}

/** A log that does not say which were ready says it all the same where there was but one. */
function onlyOne([first, ...others]: readonly number[], result: number): Ready[] {
  return result === 1 && first !== undefined && others.length === 0 ? [{ descriptor: first, how: 'readable' }] : []
}

/** Of poll and of epoll: what can be read comes first, for that is what programs look at first. */
function readinessOf(events: string): Readiness {
  if (/IN|RDNORM|RDBAND|PRI|RDHUP/.test(events)) return 'readable'
  return events.includes('OUT') || events.includes('WRNORM') ? 'writable' : 'error'
}

function numbersIn(list: string): number[] {
  return list.startsWith('[') ? [...list.matchAll(/\d+/g)].map((match) => Number(match[0])) : []
}

/** What `epoll_wait` returned: the events, and the data of the descriptor that they are of. */
export function eventsOf({ arguments: given, result = 0 }: Call): { readonly data: string; readonly how: Readiness }[] {
  const events = [...(given[1] ?? '').matchAll(EVENT)]
  return events.slice(0, Math.max(0, result)).map(([, names = '', data = '']) => ({ data, how: readinessOf(names) }))
}

/** `epoll_ctl(4, EPOLL_CTL_ADD, 5, {events=EPOLLIN, data={u32=5, u64=5}})`; undefined for one that failed. */
export function registrationOf({
  call,
  arguments: given,
  result,
}: Call): { readonly descriptor: number; readonly data: string | undefined } | undefined {
  if (call !== 'epoll_ctl' || result !== 0) return undefined
  const [, operation, descriptor, event = ''] = given
  const [found] = operation === 'EPOLL_CTL_DEL' ? [] : event.matchAll(EVENT)
  return { descriptor: Number(descriptor), data: found?.[2] }
}

/** Older straces print `{EPOLLIN, {u32=5, u64=5}}`. */
const EVENT = /\{(?:events=)?([A-Z0-9x|]+), (?:data=)?\{u32=\d+, u64=(\w+)\}/g
