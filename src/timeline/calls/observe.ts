/**
 * The calls of a log that belong to a session: those on its two sockets, from `socket` on; those that made the socket which
 * listens; those that wait for these with others (select, poll, epoll); and what the processes that have them do besides: they
 * are forked, wait, print, get signals, and end.
 */
import { push } from '../../bytes/lists.js'
import { parseStart } from '../../bytes/time.js'
import type { Call, Moment } from '../../calls/call.js'
import { nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Process, Processes, Socket } from '../../calls/processes/model.js'
import type { Ready } from '../../calls/waits.js'
import type { EndpointName, Role, SessionSummary } from '../../sessions/summary.js'
import { parseSocketName } from './socket-name.js'
import { type TellingWait, tellingWaits } from './waits.js'

/** A logged call of one of a session's ends. Times are ns since the session's first packet. */
export interface ObservedCall {
  readonly by: Role
  /** what it was made on: this session's socket, the one that listens for it, or none of them */
  readonly on: 'socket' | 'listener' | 'process'
  readonly pid: number
  readonly thread: number
  readonly call: string
  readonly arguments: readonly string[]
  readonly descriptor?: number
  readonly entered: number
  readonly returned?: number
  readonly result?: number
  readonly errno?: string
  /** `ended`, `waitpid`: how a process did */
  readonly status?: Call['status']
  /** it gives up the last descriptor of the socket, and so sends the FIN; absent where that is not known */
  readonly closesLast?: boolean
  /** of a call that waits for several descriptors: which, which of them were ready, and how this session's was */
  readonly waitsOn?: readonly number[]
  readonly waitsOnMore?: number
  readonly ready?: readonly Ready[]
  readonly found?: Ready['how']
  /** waits of the same thread since the last one here, which found nothing of this session */
  readonly skipped?: number
}

/** A process that has one of a session's sockets. */
export interface SessionProcess {
  readonly by: Role
  readonly pid: number
  readonly parent?: number
  readonly name?: string
  /** the other ends of the connections that it serves */
  readonly serves: readonly string[]
  readonly status?: Call['status']
}

export interface Observed {
  /** in the order in which they were entered */
  readonly calls: readonly ObservedCall[]
  /** in the order in which they began */
  readonly processes: readonly SessionProcess[]
}

const FORKS: ReadonlySet<string> = new Set(['fork', 'vfork', 'clone'])
/** Of a process, whatever descriptors it has. */
const OF_PROCESS: ReadonlySet<string> = new Set(['signal', 'ended', 'exit'])
/** ns that a program waited for its input: what is there at once, is no news. */
const WORTH_TELLING = 1e6
/** Standard output and standard error. */
const OUTPUTS: ReadonlySet<number | undefined> = new Set([1, 2])

type Add = (call: FollowedCall, by: Role, on: ObservedCall['on'], wait?: Omit<TellingWait, 'call'>) => void

interface Collected {
  readonly calls: Map<FollowedCall, ObservedCall>
  readonly processes: Map<number, SessionProcess>
  readonly add: Add
}

/** Where a session's calls come from. */
export interface CallSource {
  of(summary: SessionSummary): Observed
}

/** Several logs, each of its own host, whose process numbers mean nothing to the others. */
export class CallLogs implements CallSource {
  readonly #logs: readonly CallLog[]

  constructor(logs: readonly CallLog[]) {
    this.#logs = logs
  }

  of(summary: SessionSummary): Observed {
    const all = this.#logs.map((log) => log.of(summary))
    return {
      calls: all.flatMap(({ calls }) => calls).sort((a, b) => a.entered - b.entered),
      processes: all.flatMap(({ processes }) => processes),
    }
  }
}

/** A log, looked up by the sockets' ends: sessions may be many. */
export class CallLog implements CallSource {
  readonly #sockets: readonly Socket[]
  readonly #byPeer = new Map<string, Socket[]>()
  readonly #processes: ReadonlyMap<number, Process>
  readonly #ofProcess = new Map<number, FollowedCall[]>()
  readonly #forks = new Map<number, FollowedCall>()

  constructor({ processes, sockets, calls }: Processes) {
    this.#sockets = sockets
    this.#processes = new Map(processes.map((process) => [process.pid, process]))
    for (const socket of sockets) {
      if (socket.isLibrarys) continue
      // a connect that failed leaves the socket without a peer: the call names whom it asked
      const naming = socket.calls.filter(({ call }) => socket.transport === 'udp' || call === 'connect')
      const peers = new Set([socket.peer, ...naming.map(({ peer }) => peer)])
      for (const peer of peers) {
        const end = peer === undefined ? undefined : parseSocketName(peer)
        if (end !== undefined) push(this.#byPeer, keyOf(socket.transport, end), socket)
      }
    }
    for (const call of calls) {
      if (FORKS.has(call.call) && (call.result ?? 0) > 0) this.#forks.set(call.result ?? 0, call)
      if (OF_PROCESS.has(call.call) || isOfUser(call)) push(this.#ofProcess, call.pid, call)
    }
  }

  of(summary: SessionSummary): Observed {
    const collected = this.#collector(parseStart(summary.start))
    for (const by of ['client', 'server'] as const) {
      const [own, peer] = by === 'client' ? [summary.client, summary.server] : [summary.server, summary.client]
      for (const socket of this.#byPeer.get(keyOf(summary.protocol, peer)) ?? []) {
        const local = socket.local === undefined ? undefined : parseSocketName(socket.local)
        if (local !== undefined && !isAt(local, own)) continue
        this.#collect(collected, socket, by, (from) => isWith(from, socket, peer))
      }
    }
    const byTime = (a: ObservedCall, b: ObservedCall) => a.entered - b.entered
    return { calls: [...collected.calls.values()].sort(byTime), processes: [...collected.processes.values()] }
  }

  /**
   * The calls of two sockets whose ends no packet names, by the records that they are of.
   * @param isTheirs whether a call that carries data belongs to this session, where a socket has several
   */
  between(
    ends: Partial<Readonly<Record<Role, Socket>>>,
    start: readonly [number, number],
    isTheirs: (call: FollowedCall) => boolean,
  ): { readonly calls: ReadonlyMap<FollowedCall, ObservedCall>; readonly processes: readonly SessionProcess[] } {
    const collected = this.#collector(start)
    for (const by of ['client', 'server'] as const) {
      const socket = ends[by]
      if (socket !== undefined) this.#collect(collected, socket, by, () => true, isTheirs)
    }
    return { calls: collected.calls, processes: [...collected.processes.values()] }
  }

  #collector(start: readonly [number, number]): Collected {
    const calls = new Map<FollowedCall, ObservedCall>()
    const add: Add = (call, by, on, wait) => {
      if (!calls.has(call)) calls.set(call, observedCall(call, by, on, start, wait))
    }
    return { calls, processes: new Map(), add }
  }

  #collect(
    { add, processes }: Collected,
    socket: Socket,
    by: Role,
    isFrom: (peer: string | undefined) => boolean,
    isTheirs: (call: FollowedCall) => boolean = ({ peer }) => isFrom(peer),
  ): void {
    for (const call of socket.calls) if (isTheirs(call)) add(call, by, 'socket')
    for (const wait of tellingWaits(socket, (peer) => !isFrom(peer))) add(wait.call, by, 'socket', wait)
    this.#around(socket, by, add)
    for (const { pid } of socket.references) this.#addProcess(processes, pid, by)
  }

  /** What made the socket that listens, and what the processes do that have this one. */
  #around(socket: Socket, by: Role, add: Add): void {
    const holders = new Set(socket.references.map(({ pid }) => pid))
    if (socket.announcedBy !== undefined) add(socket.announcedBy, by, 'listener', { found: 'readable' })
    const listening = socket.acceptedFrom === undefined ? undefined : this.#sockets[socket.acceptedFrom]
    for (const call of listening?.calls ?? []) {
      const isOfAll = !call.call.startsWith('accept') && call.call !== 'close' && call.call !== 'exit'
      if (isOfAll || (call.call === 'close' && holders.has(call.pid))) add(call, by, 'listener')
    }
    const given = new Set(socket.calls.flatMap(({ call, pid }) => (call === 'exit' ? [pid] : [])))
    const opened = socket.opened?.entered ?? socket.references[0]?.from
    // what it printed before it had a socket at all is another story
    const began = listening?.opened?.entered ?? opened
    const closed = lastOf(socket)
    for (const pid of holders) {
      const fork = this.#forks.get(pid)
      if (fork !== undefined && holders.has(fork.pid)) add(fork, by, 'process')
      const waited = this.#processes.get(pid)?.waitedFor
      if (waited !== undefined && holders.has(waited.pid)) add(waited, by, 'process')
      for (const call of this.#ofProcess.get(pid) ?? []) {
        const isEnd = call.call === 'exit' || call.call === 'ended'
        // that a process has ended is told by its exit, unless a signal ended it
        // and where that gave up the socket, it stands there
        if (isEnd && given.has(pid)) continue
        if (call.call === 'ended' && !(call.status !== undefined && 'signal' in call.status)) continue
        const isOfThis = isEnd
          ? call.descriptor === undefined
          : isOfUser(call) && (began === undefined || !isBefore(call.entered, began))
        if (isDuring(call, opened, closed) ? !isEnd || isOfThis : isOfThis && !this.#servesOthers(pid))
          add(call, by, 'process')
      }
    }
  }

  /** The end of a process that serves many is none of this session's. */
  #servesOthers(pid: number): boolean {
    return (this.#processes.get(pid)?.serves.length ?? 0) > 1
  }

  #addProcess(processes: Map<number, SessionProcess>, pid: number, by: Role): void {
    const known = this.#processes.get(pid)
    if (known === undefined || processes.has(pid)) return
    const { parent, name, serves, status } = known
    processes.set(pid, {
      by,
      pid,
      ...(parent !== undefined && { parent }),
      ...(name !== undefined && { name }),
      serves,
      ...(status !== undefined && { status }),
    })
  }
}

function keyOf(protocol: string, { address, port }: EndpointName): string {
  return `${protocol} ${address} ${port}`
}

function isAt(end: EndpointName, { address, port }: EndpointName): boolean {
  return end.port === port && (end.address === address || end.address === '*')
}

/** A datagram socket may speak to many: a call that names another peer is another session's. */
function isWith(named: string | undefined, socket: Socket, { address, port }: EndpointName): boolean {
  if (socket.transport !== 'udp' || named === undefined) return true
  const end = parseSocketName(named)
  return end?.address === address && end.port === port
}

/** It prints, or waits for what its user types. */
function isOfUser({ call, descriptor, transport, entered, returned }: FollowedCall): boolean {
  if (transport !== undefined) return false
  if (OUTPUTS.has(descriptor)) return call === 'write' || call === 'writev'
  const isInput = descriptor === 0 && call === 'read' && returned !== undefined
  return isInput && nanosecondsBetween(entered, returned) > WORTH_TELLING
}

function isDuring({ entered }: FollowedCall, from: Moment | undefined, until: Moment | undefined): boolean {
  return (from === undefined || !isBefore(entered, from)) && (until === undefined || !isBefore(until, entered))
}

function isBefore(a: Moment, b: Moment): boolean {
  return a.seconds < b.seconds || (a.seconds === b.seconds && a.nanoseconds < b.nanoseconds)
}

/** When the last descriptor was given up; undefined while there is one. */
function lastOf({ references }: Socket): Moment | undefined {
  let last: Moment | undefined
  for (const { until } of references) {
    if (until === undefined) return undefined
    if (last === undefined || isBefore(last, until)) last = until
  }
  return last
}

function observedCall(
  call: FollowedCall,
  by: Role,
  on: ObservedCall['on'],
  start: readonly [number, number],
  { found, skipped }: Omit<TellingWait, 'call'> = {},
): ObservedCall {
  const { pid, thread, descriptor, entered, returned, result, errno, status, closesLast } = call
  const { waitsOn, waitsOnMore, ready } = call
  return {
    by,
    on,
    pid,
    thread,
    call: call.call,
    arguments: call.arguments,
    ...(descriptor !== undefined && { descriptor }),
    entered: since(start, entered),
    ...(returned && { returned: since(start, returned) }),
    ...(result !== undefined && { result }),
    ...(errno !== undefined && { errno }),
    ...(status !== undefined && { status }),
    ...(closesLast !== undefined && { closesLast }),
    ...(waitsOn && { waitsOn }),
    ...(waitsOnMore !== undefined && { waitsOnMore }),
    ...(ready && { ready }),
    ...(found !== undefined && { found }),
    ...(skipped !== undefined && { skipped }),
  }
}

function since([seconds, nanoseconds]: readonly [number, number], moment: Moment): number {
  return (moment.seconds - seconds) * 1e9 + (moment.nanoseconds - nanoseconds)
}
