/**
 * What a log of calls tells of processes and sockets: who made whom, which descriptors of which processes name a socket,
 * and when the last of them was given up, for only then does the kernel send the FIN (close(2)). Plain data.
 */
import type { Call, CallStatus, CallTransport, Moment } from '../call.js'
import type { Readiness, Ready } from '../waits.js'

/** A record of the log, with what all of the log together tells of it. */
export interface FollowedCall extends Call {
  /** which socket it was made on: the number of one of `Processes.sockets`; of `accept`, the new one */
  readonly socket?: number
  /** it gave up the last descriptor that named the socket: this is what sends the FIN */
  readonly closesLast?: boolean
  /** the C library made it for itself: the resolver, a probe of an address, nscd, netlink */
  readonly isLibrarys?: boolean
  /** of `select`, `poll` and `epoll_wait`: the descriptors that they waited for, and those that they found ready */
  readonly waitsOn?: readonly number[]
  /** how many it waited for besides, where they are many */
  readonly waitsOnMore?: number
  readonly ready?: readonly Ready[]
}

/** A call that waited for a socket, and perhaps for others. */
export interface SocketWait {
  readonly call: FollowedCall
  readonly descriptor: number
  /** how it found this socket ready; absent where it did not */
  readonly ready?: Readiness
  /** of a datagram socket without a peer of its own: who had sent what the next call took */
  readonly peer?: string
}

export interface Process {
  readonly pid: number
  readonly parent?: number
  /** the program's file, without its folder; of a child that ran no other program, its parent's */
  readonly name?: string
  /** as `execve` was given them */
  readonly words: readonly string[]
  readonly started?: Moment
  readonly ended?: Moment
  readonly status?: CallStatus
  /** the call by which its parent learned how it ended */
  readonly waitedFor?: FollowedCall
  /** other ends of the connections that were accepted and that it read or wrote: `127.0.0.1:52416` */
  readonly serves: readonly string[]
}

/** A descriptor of a process that names the socket, for a time. */
export interface Reference {
  readonly pid: number
  readonly descriptor: number
  readonly from: Moment
  /** what made it: `socket`, `accept`, `fork`, `dup`, …; `inherited` where the log does not have it */
  readonly by: string
  /** absent while it still names it when the log ends */
  readonly until?: Moment
  /** what ended it; `exit` and `ended` (the process's end), `execve` (FD_CLOEXEC), `dup2` (over it) */
  readonly end?: string
}

/** One socket as the kernel has it, whichever descriptors name it: an open file description. */
export interface Socket {
  readonly number: number
  readonly transport: CallTransport
  readonly local?: string
  readonly peer?: string
  readonly inode?: number
  readonly peerInode?: number
  /** the call that made it; absent when it was there before the log begins, or came over a Unix-domain socket */
  readonly opened?: FollowedCall
  /** of one that `accept` returned: the number of the socket that listens */
  readonly acceptedFrom?: number
  /** the last `listen` that succeeded */
  readonly listened?: FollowedCall
  /** every call made on it, in the order in which they were entered */
  readonly calls: readonly FollowedCall[]
  readonly references: readonly Reference[]
  /** calls that waited for it, in the order in which they returned */
  readonly waits: readonly SocketWait[]
  /** of one that `accept` returned: the wait that found the listening socket ready */
  readonly announcedBy?: FollowedCall
  /** a descriptor of it was sent to another process (SCM_RIGHTS), which may not be in the log: who has it may not be known */
  readonly isPassedOn: boolean
  readonly isLibrarys: boolean
}

export interface Processes {
  readonly processes: readonly Process[]
  readonly sockets: readonly Socket[]
  /**
   * The whole log in the order in which calls were entered, with names and sockets filled in. An end of a process stands
   * once more for each socket whose last descriptor it gave up, as `exit` on that descriptor.
   */
  readonly calls: readonly FollowedCall[]
  /** what happened last: nothing is known of later */
  readonly until: Moment
}
