/**
 * Follows the calls that wait for many descriptors at once: which sockets those are, and what came of it. A wait that found a
 * listening socket ready announces the connections that its thread accepts next; one that found a datagram socket ready, the
 * datagram that is taken next.
 */
import { transferOf } from '../transfers.js'
import { eventsOf, isEpollWait, registrationOf, type Wait, waitOf } from '../waits.js'
import { Epoll } from './epoll.js'
import type { ProcessState, Record_, SocketState } from './state.js'

/**
 * Descriptors of one call that are named, and for which it is noted that it waited for them and did not find them ready:
 * programs may wait for thousands, and do so again and again.
 */
const MOST_NOTED = 64

/** Waits of all sockets in vain that are kept: of more, no one could make use. */
const MOST_IN_VAIN = 1 << 20

interface LastWait {
  readonly call: Record_
  /** sockets that it found ready */
  readonly found: ReadonlySet<SocketState>
}

export class Waits {
  /** of each thread */
  readonly #last = new Map<number, LastWait>()
  #inVain = 0

  register(process: ProcessState, call: Record_): void {
    const { epolls } = process.table
    if (call.call !== 'epoll_ctl') {
      if ((call.result ?? -1) >= 0) epolls.set(call.result ?? -1, new Epoll())
      return
    }
    const registration = registrationOf(call)
    const epoll = epolls.get(call.descriptor ?? -1)
    if (registration !== undefined) epoll?.register(registration.descriptor, registration.data)
  }

  take(process: ProcessState, call: Record_): void {
    const { slots, epolls } = process.table
    const { descriptors, more, ready } = isEpollWait(call.call)
      ? epollWait(call, epolls.get(call.descriptor ?? -1))
      : clipped(waitOf(call))
    call.waitsOn = descriptors
    if (more > 0) call.waitsOnMore = more
    call.ready = ready
    const isReady = new Set(ready.map(({ descriptor }) => descriptor))
    const found = new Set<SocketState>()
    this.#last.set(call.thread, { call, found })
    for (const { descriptor, how } of ready) {
      const socket = slots.get(descriptor)?.socket
      if (socket === undefined) continue
      socket.waits.push({ call, descriptor, ready: how })
      found.add(socket)
    }
    if (more > 0) return
    for (const descriptor of descriptors) {
      const socket = isReady.has(descriptor) ? undefined : slots.get(descriptor)?.socket
      if (socket !== undefined && this.#inVain++ < MOST_IN_VAIN) socket.waits.push({ call, descriptor })
    }
  }

  accepted(listening: SocketState, connected: SocketState, { thread }: Record_): void {
    const last = this.#last.get(thread)
    if (last?.found.has(listening)) connected.announcedBy = last.call
  }

  /** A datagram was taken from a socket that many send to: the wait before was for this one. */
  used(socket: SocketState, call: Record_): void {
    if (socket.transport !== 'udp' && socket.transport !== 'unix-datagram') return
    if (call.peer === undefined || transferOf(call)?.way !== 'read') return
    const wait = socket.waits.at(-1)
    if (wait?.ready !== undefined) wait.peer ??= call.peer
  }
}

interface NotedWait extends Wait {
  /** how many it waited for besides */
  readonly more: number
}

/** What was registered before the log began is unknown: most programs give the descriptor itself as data. */
function epollWait(call: Record_, epoll = new Epoll()): NotedWait {
  const ready = eventsOf(call).map(({ data, how }) => ({ descriptor: epoll.descriptorOf(data) ?? Number(data), how }))
  const others = new Set(ready.map(({ descriptor }) => descriptor).filter((descriptor) => !epoll.has(descriptor)))
  const named: number[] = []
  for (const descriptors of [epoll.descriptors(), others])
    for (const descriptor of descriptors) {
      if (named.length === MOST_NOTED) break
      named.push(descriptor)
    }
  return { descriptors: named.sort((a, b) => a - b), more: epoll.size + others.size - named.length, ready }
}

function clipped({ descriptors, ready }: Wait): NotedWait {
  return { descriptors: descriptors.slice(0, MOST_NOTED), more: Math.max(0, descriptors.length - MOST_NOTED), ready }
}
