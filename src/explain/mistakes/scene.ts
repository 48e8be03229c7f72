/** Everything that the rules look at: processes, sockets and calls, and the capture's sessions that belong to them. */
import { push } from '../../bytes/lists.js'
import { printable } from '../../bytes/printable.js'
import { parseStart } from '../../bytes/time.js'
import type { Moment } from '../../calls/call.js'
import { compareMoments, later, nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Process, Processes, Reference, Socket } from '../../calls/processes/model.js'
import { isAccept, type Transfer, transferOf } from '../../calls/transfers.js'
import type { Role, SessionSummary } from '../../sessions/summary.js'
import { socketName } from '../../timeline/calls/socket-name.js'
import { has } from '../../timeline/flags.js'
import type { PacketEvent, Timeline } from '../../timeline/model.js'

/** A socket's session in the capture, and which of its ends the socket is. */
export class Connection {
  readonly summary: SessionSummary
  readonly packets: readonly PacketEvent[]
  readonly role: Role
  /** the capture's zero: its first packet */
  readonly start: Moment
  readonly #firsts = new Map<string, PacketEvent | undefined>()

  constructor({ summary, events }: Timeline, role: Role) {
    this.summary = summary
    this.packets = events.filter((event) => event.kind === 'packet')
    this.role = role
    this.start = startOf(summary)
  }

  /** The first segment of an end with this flag: sockets that share a connection's names all ask for it. */
  first(from: Role, flag: string): PacketEvent | undefined {
    const key = `${from} ${flag}`
    if (!this.#firsts.has(key))
      this.#firsts.set(
        key,
        this.packets.find((packet) => packet.from === from && has(packet, flag)),
      )
    return this.#firsts.get(key)
  }
}

export interface Ends {
  readonly local: string
  readonly peer: string
}

const POLLS: ReadonlySet<string> = new Set(['select', 'pselect', 'poll', 'ppoll', 'epoll_ctl', '_newselect'])

export class Scene {
  readonly processes: readonly Process[]
  readonly sockets: readonly Socket[]
  readonly calls: readonly FollowedCall[]
  readonly timelines: readonly Timeline[]
  readonly until: Moment
  readonly #byPid = new Map<number, Process>()
  readonly #callsOf = new Map<number, FollowedCall[]>()
  readonly #polls = new Map<number, FollowedCall[]>()
  readonly #children = new Map<number, Process[]>()
  /** by the listening socket and the process: `3 8420` */
  readonly #accepts = new Map<string, FollowedCall[]>()
  readonly #transfers = new Map<Socket, readonly Transfer<FollowedCall>[]>()
  readonly #byInode = new Map<number, Socket[]>()
  readonly #byEnds = new Map<string, Socket[]>()
  readonly #sessions = new Map<string, Timeline[]>()
  readonly #connections: Readonly<Record<Role, Map<Timeline, Connection>>> = { client: new Map(), server: new Map() }

  /** connections that were in TIME_WAIT when the run ended, where the kernel was asked */
  readonly waiting: readonly Ends[]

  constructor(
    { processes, sockets, calls, until }: Processes,
    timelines: readonly Timeline[],
    waiting: readonly Ends[],
  ) {
    this.waiting = waiting
    this.processes = processes
    this.sockets = sockets
    this.calls = calls
    this.timelines = timelines
    this.until = until
    for (const process of processes) {
      this.#byPid.set(process.pid, process)
      if (process.parent !== undefined) push(this.#children, process.parent, process)
    }
    for (const call of calls) {
      push(this.#callsOf, call.pid, call)
      if (POLLS.has(call.call)) push(this.#polls, call.pid, call)
    }
    for (const socket of sockets) {
      if (socket.listened === undefined) continue
      for (const call of socket.calls) if (isAccept(call)) push(this.#accepts, `${socket.number} ${call.pid}`, call)
    }
    for (const socket of sockets) {
      push(this.#byEnds, endsKey(socket.transport, socket.local, socket.peer), socket)
      if (socket.inode !== undefined) push(this.#byInode, socket.inode, socket)
    }
    for (const timeline of timelines) {
      const { protocol, client, server } = timeline.summary
      push(this.#sessions, endsKey(protocol, socketName(client), socketName(server)), timeline)
    }
  }

  process(pid: number): Process | undefined {
    return this.#byPid.get(pid)
  }

  children(pid: number): readonly Process[] {
    return this.#children.get(pid) ?? []
  }

  callsOf(pid: number): readonly FollowedCall[] {
    return this.#callsOf.get(pid) ?? []
  }

  /** Calls that name the descriptors a process waits on. */
  pollsOf(pid: number): readonly FollowedCall[] {
    return this.#polls.get(pid) ?? []
  }

  /** Calls of `accept` on a listening socket by a process, those that failed or have not returned too. */
  accepts(listening: number, pid: number): readonly FollowedCall[] {
    return this.#accepts.get(`${listening} ${pid}`) ?? []
  }

  socketOf(call: FollowedCall): Socket | undefined {
    return call.socket === undefined ? undefined : this.sockets[call.socket]
  }

  /** Reads and writes of a socket, by the moment they were entered. */
  transfers(socket: Socket): readonly Transfer<FollowedCall>[] {
    let known = this.#transfers.get(socket)
    if (known === undefined) {
      known = socket.calls.map(transferOf).filter((transfer) => transfer !== undefined)
      this.#transfers.set(socket, known)
    }
    return known
  }

  /** The socket at the other end, when the log has its process's calls too. */
  peerOf(socket: Socket): Socket | undefined {
    const { transport, local, peer, inode, peerInode } = socket
    if (peerInode !== undefined && inode !== undefined)
      return this.#byInode.get(peerInode)?.find((other) => other !== socket)
    if (local === undefined || peer === undefined) return undefined
    const others = this.#byEnds.get(endsKey(transport, peer, local)) ?? []
    return others.find((other) => overlap(socket, other))
  }

  connectionOf(socket: Socket): Connection | undefined {
    const { transport, local, peer } = socket
    if (local === undefined || peer === undefined) return undefined
    const as = (role: Role, key: string) => {
      const began = socket.references[0]?.from ?? this.until
      const timelines = this.#sessions.get(key) ?? []
      const near = nearest(timelines, began)
      return near && this.#connection(near, role)
    }
    return as('client', endsKey(transport, local, peer)) ?? as('server', endsKey(transport, peer, local))
  }

  #connection(timeline: Timeline, role: Role): Connection {
    const known = this.#connections[role].get(timeline) ?? new Connection(timeline, role)
    this.#connections[role].set(timeline, known)
    return known
  }

  /** `server (pid 8421)`; a name from the log, made harmless. */
  name(pid: number): string {
    const name = this.process(pid)?.name
    return name === undefined ? `process ${pid}` : `${printable(name)} (pid ${pid})`
  }
}

function startOf({ start }: SessionSummary): Moment {
  const [seconds, nanoseconds] = parseStart(start)
  return { seconds, nanoseconds }
}

function nearest([first, ...others]: readonly Timeline[], moment: Moment): Timeline | undefined {
  const distance = ({ summary }: Timeline) => Math.abs(nanosecondsBetween(startOf(summary), moment))
  return first && others.reduce((near, one) => (distance(one) < distance(near) ? one : near), first)
}

/** When a packet was captured, on the clock of the calls. */
export function momentOf({ start }: Connection, { time }: { readonly time: number }): Moment {
  const whole = Math.floor(time / 1e9)
  return later(start, whole, time - whole * 1e9)
}

export function isBefore(a: Moment, b: Moment): boolean {
  return compareMoments(a, b) < 0
}

/** When the last descriptor of a socket was given up; undefined while one is open. */
export function releasedAt({ references }: Socket): Moment | undefined {
  let last: Moment | undefined
  for (const { until } of references) {
    if (until === undefined) return undefined
    if (last === undefined || isBefore(last, until)) last = until
  }
  return last
}

/** Given up by the program itself, and not by its end. */
export function wasClosed({ end }: Reference): boolean {
  return end === 'close' || end === 'dup2' || end === 'execve'
}

/** The clock's resolution, and how long a call may take to be seen at the other end. */
function overlap(one: Socket, another: Socket): boolean {
  const ends = (socket: Socket) => [socket.references[0]?.from, releasedAt(socket)] as const
  const [oneFrom, oneUntil] = ends(one)
  const [otherFrom, otherUntil] = ends(another)
  if (oneFrom === undefined || otherFrom === undefined) return false
  const slack = (moment: Moment | undefined) => moment && later(moment, 1, 0)
  const endsBefore = (until: Moment | undefined, from: Moment) => until !== undefined && isBefore(until, from)
  return !endsBefore(slack(oneUntil), otherFrom) && !endsBefore(slack(otherUntil), oneFrom)
}

function endsKey(transport: string, local = '', peer = ''): string {
  return `${transport} ${local} ${peer}`
}
