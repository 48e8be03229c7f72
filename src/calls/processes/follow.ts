/**
 * Follows processes and descriptors through a log: `fork` copies the table, threads share it, `dup` adds a name, FD_CLOEXEC
 * ends one at `execve`, `close` takes one away, and so does the process's end. Names that a record lacks (strace without -yy,
 * `connect`, whose own port is not known before it returns) are those that the same socket has in others.
 */
import type { Call, CallTransport, Moment } from '../call.js'
import { compareMoments } from '../moment.js'
import { isWait } from '../waits.js'
import { stringIn, stringsIn } from '../words.js'
import { isLibrarys } from './library.js'
import type { Process, Processes, Socket } from './model.js'
import { effectOf, inOrderOfEffect } from './order.js'
import { Passing } from './passing.js'
import { ProcessState, type Record_, SocketState } from './state.js'
import { Waits } from './wait.js'

/** Takes the records of a log, in any order. Nothing in it is an error: what a log does not tell is absent. */
export function followProcesses(log: readonly Call[]): Processes {
  const follower = new Follower()
  for (const call of inOrderOfEffect(log.map((call): Record_ => ({ ...call })))) follower.take(call)
  return follower.result()
}

const FORKS: ReadonlySet<string> = new Set(['fork', 'vfork', 'clone'])
const WAITS: ReadonlySet<string> = new Set(['waitpid', 'wait4', 'waitid'])
/** Descriptors that all forks of a log have copied: a thousand children of a process that has a thousand open. */
const MOST_COPIED = 1 << 20
/** Calls that a socket's own process makes to serve its peer. */
const SERVES = /^(?:read|write|send|recv|splice)/

class Follower {
  readonly #processes = new Map<number, ProcessState>()
  readonly #sockets: SocketState[] = []
  readonly #calls: Record_[] = []
  readonly #waits = new Waits()
  readonly #passing = new Passing()
  #copied = 0
  #until: Moment = { seconds: 0, nanoseconds: 0 }

  take(call: Record_): void {
    this.#calls.push(call)
    for (const moment of [call.entered, call.returned])
      if (moment !== undefined && compareMoments(moment, this.#until) > 0) this.#until = moment
    const process = this.#process(call.pid)
    process.started ??= call.entered
    process.threads.add(call.thread)
    if (call.call === 'pthread_create' && call.result !== undefined) process.threads.add(call.result)
    if (FORKS.has(call.call)) this.#fork(process, call)
    else if (WAITS.has(call.call)) this.#wait(call)
    else if (isWait(call.call)) this.#waits.take(process, call)
    else this.#descriptors(process, call)
  }

  #descriptors(process: ProcessState, call: Record_): void {
    switch (call.call) {
      case 'socket':
        this.#open(process, call)
        break
      case 'socketpair':
        this.#openPair(process, call)
        break
      case 'accept':
      case 'accept4':
        this.#accept(process, call)
        break
      case 'execve':
      case 'execveat':
        this.#exec(process, call)
        break
      case 'close':
        this.#close(process, call)
        break
      case 'close_range':
        this.#closeRange(process, call)
        break
      case 'splice':
        this.#splice(process, call)
        break
      case 'dup':
      case 'dup2':
      case 'dup3':
      case 'fcntl':
        this.#duplicate(process, call)
        break
      case 'exit':
        // pthread_exit, in the first thread too, ends a thread: the process goes on with the others
        process.threads.delete(call.thread)
        if (call.by === 'exit_group' || process.threads.size === 0) this.#end(process, call, 'exit')
        break
      case 'ended':
        this.#ended(process, call)
        break
      case 'epoll_create':
      case 'epoll_create1':
      case 'epoll_ctl':
        this.#waits.register(process, call)
        break
      default:
        this.#use(process, call)
    }
  }

  #process(pid: number): ProcessState {
    let process = this.#processes.get(pid)
    if (process === undefined) {
      process = new ProcessState(pid)
      this.#processes.set(pid, process)
    }
    return process
  }

  #fork(parent: ProcessState, call: Record_): void {
    const made = call.result
    if (made === undefined || made <= 0) return
    const known = this.#processes.get(made)
    const child = known !== undefined && !known.isOver && known.ended === undefined ? known : new ProcessState(made)
    this.#processes.set(made, child)
    child.parent = parent.pid
    if (parent.name !== undefined) child.name ??= parent.name
    if (child.words.length === 0) child.words = parent.words
    child.started ??= call.entered
    if (call.arguments.join().includes('CLONE_FILES')) {
      child.table = parent.table
      parent.table.users++
    } else if (child.table.slots.size === 0 && this.#copied + parent.table.size <= MOST_COPIED) {
      this.#copied += parent.table.size
      child.table = parent.table.copy(made, call.entered)
    }
  }

  #wait(call: Record_): void {
    const pid = call.call === 'waitid' ? waitedPid(call) : call.result
    const child = pid === undefined || pid <= 0 ? undefined : this.#processes.get(pid)
    if (child !== undefined) child.waitedFor = call
  }

  #open(process: ProcessState, call: Record_): void {
    const { result = -1, arguments: given } = call
    const transport = call.transport ?? transportOf(given)
    if (result < 0 || transport === undefined) return
    const socket = this.#socket(transport)
    socket.opened = call
    process.table.name(process.pid, result, socket, effectOf(call), 'socket', (given[1] ?? '').includes('CLOEXEC'))
    this.#note(socket, call)
  }

  #openPair(process: ProcessState, call: Record_): void {
    const transport = call.transport ?? transportOf(call.arguments)
    const descriptors = [...(call.arguments[3] ?? '').matchAll(/\d+/g)].map((match) => Number(match[0]))
    if (call.result !== 0 || transport === undefined) return
    const closesOnExec = (call.arguments[1] ?? '').includes('CLOEXEC')
    for (const descriptor of descriptors.slice(0, 2)) {
      const socket = this.#socket(transport)
      socket.opened = call
      process.table.name(process.pid, descriptor, socket, effectOf(call), 'socketpair', closesOnExec)
    }
  }

  #accept(process: ProcessState, call: Record_): void {
    const { descriptor, result = -1 } = call
    const listening = descriptor === undefined ? undefined : process.table.slots.get(descriptor)?.socket
    if (result < 0 || call.errno !== undefined) {
      // it belongs to the socket that listens, whose name alone it has
      if (listening !== undefined) this.#note(listening, call)
      return
    }
    const transport = call.transport ?? listening?.transport
    if (transport === undefined) return
    const socket = this.#socket(transport)
    socket.opened = call
    if (listening !== undefined) {
      socket.acceptedFrom = listening.number
      listening.calls.push(call)
      this.#waits.accepted(listening, socket, call)
    }
    const closesOnExec = (call.arguments[3] ?? '').includes('CLOEXEC')
    process.table.name(process.pid, result, socket, effectOf(call), 'accept', closesOnExec)
    this.#note(socket, call)
    if (
      listening?.local !== undefined &&
      socket.local === undefined &&
      !/^(?:0\.0\.0\.0|\[::\]):/.test(listening.local)
    )
      socket.local = listening.local
  }

  #exec(process: ProcessState, call: Record_): void {
    if (call.result !== 0 && !(call.returned === undefined && call.errno === undefined)) return
    const path = stringIn(call.arguments[call.call === 'execveat' ? 1 : 0] ?? '')
    if (path !== undefined) process.name = path.slice(path.lastIndexOf('/') + 1)
    process.words = stringsIn(call.arguments[call.call === 'execveat' ? 2 : 1] ?? '')
    for (const [descriptor, { closesOnExec }] of [...process.table.slots])
      if (closesOnExec) this.#release(process, descriptor, call, 'execve')
  }

  #close(process: ProcessState, call: Record_): void {
    const socket = this.#use(process, call)
    if (call.descriptor !== undefined) process.table.epolls.delete(call.descriptor)
    // on Linux the descriptor is gone even when close says that it was interrupted
    if (socket === undefined || call.descriptor === undefined || call.errno === 'EBADF') return
    process.table.release(call.descriptor, effectOf(call), 'close')
    call.closesLast = socket.open === 0
  }

  #closeRange(process: ProcessState, call: Record_): void {
    const [first = 0, last = 0] = call.arguments.map(Number)
    if (call.result !== 0) return
    const onExec = (call.arguments[2] ?? '').includes('CLOEXEC')
    for (const [descriptor, slot] of [...process.table.slots]) {
      if (descriptor < first || descriptor > last) continue
      if (onExec) slot.closesOnExec = true
      else this.#release(process, descriptor, call, 'close')
    }
  }

  /** A log without names does not tell which of its descriptors is the socket: the process's table does. */
  #splice(process: ProcessState, call: Record_): void {
    const to = Number(call.arguments[2])
    if (call.transport === undefined && process.table.slots.has(to)) {
      call.descriptor = to
      delete call.object
    }
    this.#use(process, call)
  }

  #duplicate(process: ProcessState, call: Record_): void {
    const socket = this.#use(process, call)
    const { descriptor, result = -1, arguments: given } = call
    const command = call.call === 'fcntl' ? (given[1] ?? '') : 'F_DUPFD'
    const slot = descriptor === undefined ? undefined : process.table.slots.get(descriptor)
    if (command === 'F_SETFD' && result === 0) {
      if (slot !== undefined) slot.closesOnExec = (given[2] ?? '').includes('FD_CLOEXEC')
      return
    }
    if (!command.startsWith('F_DUPFD') || result < 0 || result === descriptor) return
    // over whatever it named before
    this.#release(process, result, call, 'dup2')
    if (socket === undefined) return
    const closesOnExec = command === 'F_DUPFD_CLOEXEC' || (given[2] ?? '').includes('O_CLOEXEC')
    process.table.name(process.pid, result, socket, effectOf(call), 'dup', closesOnExec)
  }

  #end(process: ProcessState, call: Record_, end: string): void {
    if (process.isOver) return
    process.isOver = true
    process.table.users--
    // a table that a clone with CLONE_FILES shares lives on with the other
    if (process.table.users > 0) return
    for (const descriptor of [...process.table.slots.keys()]) this.#release(process, descriptor, call, end)
  }

  #ended(process: ProcessState, call: Record_): void {
    process.threads.delete(call.thread)
    if (call.pid !== call.thread) return
    process.ended = call.entered
    if (call.status !== undefined) process.status = call.status
    this.#end(process, call, 'ended')
  }

  /** A descriptor goes without a close of its own: for the last one, the record of that stands in the log too. */
  #release(process: ProcessState, descriptor: number, cause: Record_, end: string): void {
    const socket = process.table.release(descriptor, effectOf(cause), end)
    if (socket === undefined) return
    const record: Record_ = {
      pid: cause.pid,
      thread: cause.thread,
      call: cause.call === 'ended' ? 'exit' : cause.call,
      arguments: cause.call === 'exit' ? cause.arguments : [],
      descriptor,
      ...(cause.status !== undefined && { status: cause.status }),
      // it sends its FIN before it returns
      entered: cause.entered,
      closesLast: socket.open === 0,
      socket: socket.number,
      transport: socket.transport,
    }
    socket.calls.push(record)
    if (record.closesLast) this.#calls.push(record)
  }

  /** A call on a descriptor: which socket that is, and what its record tells of the socket. */
  #use(process: ProcessState, call: Record_): SocketState | undefined {
    const { descriptor } = call
    if (descriptor === undefined) return undefined
    let socket = process.table.slots.get(descriptor)?.socket
    if (socket !== undefined && call.object !== undefined) {
      // the log missed its end: this number names something else by now
      this.#release(process, descriptor, { ...call, call: 'close' }, 'close')
      return undefined
    }
    if (socket === undefined && call.transport !== undefined && call.errno !== 'EBADF') {
      socket = this.#inherited(call, call.transport)
      process.table.name(process.pid, descriptor, socket, call.entered, 'inherited', false)
    }
    if (socket === undefined) return undefined
    this.#note(socket, call)
    return socket
  }

  /** One that was there before the log began: processes that have the same two ends have the same socket. */
  #inherited({ local, peer, inode }: Record_, transport: CallTransport): SocketState {
    const known = this.#sockets.find(
      (one) =>
        one.opened === undefined &&
        one.open > 0 &&
        one.transport === transport &&
        ((peer !== undefined && peer !== '' && one.peer === peer && one.local === local) ||
          (inode !== undefined && one.inode === inode)),
    )
    return known ?? this.#socket(transport)
  }

  #socket(transport: CallTransport): SocketState {
    const socket = new SocketState(this.#sockets.length, transport)
    this.#sockets.push(socket)
    return socket
  }

  #note(socket: SocketState, call: Record_): void {
    call.socket = socket.number
    call.transport ??= socket.transport
    socket.calls.push(call)
    const isConnecting =
      call.call === 'connect' && (call.result === 0 || call.errno === 'EINPROGRESS' || call.errno === 'EINTR')
    const hasPeer = socket.transport === 'tcp' || socket.transport === 'unix' || call.call === 'getpeername'
    if (call.local && !call.local.endsWith(':0')) socket.local = call.local
    if (call.peer && (isConnecting || (hasPeer && call.call !== 'connect'))) socket.peer = call.peer
    if (call.inode !== undefined) socket.inode = call.inode
    if (call.peerInode !== undefined) socket.peerInode = call.peerInode
    if (call.call === 'listen' && call.result === 0) socket.listened = call
    this.#waits.used(socket, call)
    const process = this.#processes.get(call.pid)
    if (process !== undefined) this.#passing.follow(socket, call, process.table)
    if (socket.acceptedFrom !== undefined && SERVES.test(call.call) && socket.peer !== undefined)
      process?.serves.add(socket.peer)
  }

  result(): Processes {
    for (const socket of this.#sockets) complete(socket)
    const calls = this.#calls.sort((a, b) => compareMoments(a.entered, b.entered))
    const processes = [...this.#processes.values()].map(describeProcess)
    return { processes, sockets: this.#sockets.map(describeSocket), calls, until: this.#until }
  }
}

/** Gives every call on a socket the names that the socket has in the end. */
function complete(socket: SocketState): void {
  socket.isLibrarys = isLibrarys(socket)
  socket.calls.sort((a, b) => compareMoments(a.entered, b.entered))
  const connected = socket.transport === 'tcp' || socket.transport === 'unix'
  let isNamed = socket.acceptedFrom !== undefined || socket.opened === undefined
  for (const call of socket.calls) {
    if (call.socket !== socket.number) continue
    if (call.call === 'connect') isNamed = true
    if (socket.isLibrarys) call.isLibrarys = true
    if (!call.local && socket.local !== undefined && (isNamed || !connected || socket.listened !== undefined))
      call.local = socket.local
    if (!call.peer && socket.peer !== undefined && isNamed && connected) call.peer = socket.peer
    if (!call.local?.length && call.local !== undefined && socket.local) call.local = socket.local
  }
  if (connected) return
  // a datagram goes to whom the socket is connected, unless the call names another
  let peer: string | undefined
  for (const call of socket.calls) {
    if (call.call === 'connect' && call.result === 0) peer = call.peer
    else if (!call.peer && peer !== undefined) call.peer = peer
  }
}

function describeSocket({ open: _, ...socket }: SocketState): Socket {
  return socket
}

function describeProcess(state: ProcessState): Process {
  const { table: _, isOver: __, threads: ___, serves, ...rest } = state
  return { ...rest, serves: [...serves] }
}

/** From the arguments of `socket`, where the log does not name what it made. */
function transportOf([family = '', type = '']: readonly string[]): CallTransport | undefined {
  const isStream = type.includes('SOCK_STREAM') || type.includes('SOCK_SEQPACKET')
  if (/^(?:AF|PF)_INET6?$/.test(family)) return isStream ? 'tcp' : type.includes('SOCK_DGRAM') ? 'udp' : undefined
  if (/^(?:AF|PF)_(?:UNIX|LOCAL)$/.test(family)) return isStream ? 'unix' : 'unix-datagram'
  return undefined
}

function waitedPid({ arguments: given, result }: Call): number | undefined {
  const pid = /si_pid=(\d+)/.exec(given[2] ?? '')?.[1]
  return result === 0 && pid !== undefined ? Number(pid) : undefined
}
