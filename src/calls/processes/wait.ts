/**
 * Follows the calls that wait for many descriptors at once: which sockets those are, and what came of it. A wait that found a
 * listening socket ready announces the connections that its thread accepts next; one that found a datagram socket ready, the
 * datagram that is taken next.
 */
import { transferOf } from '../transfers.js'
import { eventsOf, isEpollWait, type Ready, registrationOf, waitOf } from '../waits.js'
import type { Epoll, ProcessState, Record_, SocketState } from './state.js'

/** Descriptors of one call for which it is noted that it waited for them and did not find them ready: programs may wait for thousands. */
const MOST_NOTED = 64

export class Waits {
  /** the last wait of each thread */
  readonly #last = new Map<number, Record_>()

  register(process: ProcessState, call: Record_): void {
    const { epolls } = process.table
    if (call.call !== 'epoll_ctl') {
      if ((call.result ?? -1) >= 0) epolls.set(call.result ?? -1, new Map())
      return
    }
    const registration = registrationOf(call)
    const epoll = epolls.get(call.descriptor ?? -1)
    if (registration === undefined || epoll === undefined) return
    for (const [data, descriptor] of epoll) if (descriptor === registration.descriptor) epoll.delete(data)
    if (registration.data !== undefined) epoll.set(registration.data, registration.descriptor)
  }

  take(process: ProcessState, call: Record_): void {
    const { slots, epolls } = process.table
    const { descriptors, ready } = isEpollWait(call.call)
      ? epollWait(call, epolls.get(call.descriptor ?? -1))
      : waitOf(call)
    call.waitsOn = descriptors
    call.ready = ready
    this.#last.set(call.thread, call)
    const isReady = new Set(ready.map(({ descriptor }) => descriptor))
    for (const { descriptor, how } of ready) slots.get(descriptor)?.socket.waits.push({ call, descriptor, ready: how })
    if (descriptors.length > MOST_NOTED) return
    for (const descriptor of descriptors)
      if (!isReady.has(descriptor)) slots.get(descriptor)?.socket.waits.push({ call, descriptor })
  }

  accepted(listening: SocketState, connected: SocketState, { thread }: Record_): void {
    const last = this.#last.get(thread)
    const wait = last && listening.waits.findLast(({ call }) => call === last)
    if (wait?.ready !== undefined && last !== undefined) connected.announcedBy = last
  }

  /** A datagram was taken from a socket that many send to: the wait before was for this one. */
  used(socket: SocketState, call: Record_): void {
    if (socket.transport !== 'udp' && socket.transport !== 'unix-datagram') return
    if (call.peer === undefined || transferOf(call)?.way !== 'read') return
    const wait = socket.waits.at(-1)
    if (wait?.ready !== undefined) wait.peer ??= call.peer
  }
}

/** What was registered before the log began is unknown: most programs give the descriptor itself as data. */
function epollWait(call: Record_, epoll: Epoll | undefined): { descriptors: number[]; ready: Ready[] } {
  const ready = eventsOf(call).map(({ data, how }) => ({ descriptor: epoll?.get(data) ?? Number(data), how }))
  const descriptors = new Set([...(epoll?.values() ?? []), ...ready.map(({ descriptor }) => descriptor)])
  return { descriptors: [...descriptors].sort((a, b) => a - b), ready }
}
