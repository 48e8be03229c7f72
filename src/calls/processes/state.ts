/** Processes, their descriptor tables and sockets while a log is followed: what becomes the plain data of model.ts. */
import type { CallStatus, CallTransport, Moment } from '../call.js'
import type { Epoll } from './epoll.js'
import type { FollowedCall, SocketWait } from './model.js'

export type Writable<T> = { -readonly [Key in keyof T]: T[Key] }
export type Record_ = Writable<FollowedCall>

export interface OpenReference {
  pid: number
  descriptor: number
  from: Moment
  by: string
  until?: Moment
  end?: string
}

export class SocketState {
  readonly number: number
  readonly transport: CallTransport
  local?: string
  peer?: string
  inode?: number
  peerInode?: number
  opened?: Record_
  acceptedFrom?: number
  listened?: Record_
  readonly calls: Record_[] = []
  readonly references: OpenReference[] = []
  readonly waits: Writable<SocketWait>[] = []
  announcedBy?: Record_
  isPassedOn = false
  isLibrarys = false
  /** descriptors that name it, in all processes */
  open = 0

  constructor(number: number, transport: CallTransport) {
    this.number = number
    this.transport = transport
  }
}

export interface Slot {
  readonly socket: SocketState
  readonly reference: OpenReference
  closesOnExec: boolean
}

/** Which sockets the descriptors of a process name. Threads share it; `fork` copies it (clone(2), CLONE_FILES). */
export class DescriptorTable {
  readonly slots = new Map<number, Slot>()
  /** descriptors that are epoll's own; a child has the same ones */
  readonly epolls = new Map<number, Epoll>()
  /** processes that it is the table of */
  users = 1

  name(pid: number, descriptor: number, socket: SocketState, from: Moment, by: string, closesOnExec: boolean): void {
    this.release(descriptor, from, by)
    const reference: OpenReference = { pid, descriptor, from, by }
    socket.references.push(reference)
    socket.open++
    this.slots.set(descriptor, { socket, reference, closesOnExec })
  }

  /** The socket that it named; undefined when it named none. */
  release(descriptor: number, until: Moment, end: string): SocketState | undefined {
    const slot = this.slots.get(descriptor)
    if (slot === undefined) return undefined
    this.slots.delete(descriptor)
    slot.reference.until = until
    slot.reference.end = end
    slot.socket.open--
    return slot.socket
  }

  get size(): number {
    return this.slots.size + this.epolls.size
  }

  copy(pid: number, from: Moment): DescriptorTable {
    const table = new DescriptorTable()
    for (const [descriptor, epoll] of this.epolls) table.epolls.set(descriptor, epoll)
    for (const [descriptor, { socket, closesOnExec }] of this.slots)
      table.name(pid, descriptor, socket, from, 'fork', closesOnExec)
    return table
  }
}

export class ProcessState {
  readonly pid: number
  table = new DescriptorTable()
  parent?: number
  name?: string
  words: readonly string[] = []
  started?: Moment
  ended?: Moment
  status?: CallStatus
  waitedFor?: Record_
  /** those that are alive, as far as the log tells */
  readonly threads = new Set<number>()
  /** its descriptors were closed: it exits */
  isOver = false
  readonly serves = new Set<string>()

  constructor(pid: number) {
    this.pid = pid
  }
}
