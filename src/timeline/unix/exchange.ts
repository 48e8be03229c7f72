/** What two Unix-domain sockets said to each other, before it is a timeline. */
import type { Moment } from '../../calls/call.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import { descriptorsIn } from '../../calls/processes/passing.js'
import type { Role } from '../../sessions/summary.js'

export interface Message {
  readonly from: Role
  readonly what: 'connection' | 'data' | 'end'
  /** bytes */
  readonly length: number
  /** the bytes, one character each, as far as the log shows them */
  readonly text?: string
  /** descriptors that were sent along (SCM_RIGHTS) */
  readonly passes?: number
  readonly at: Moment
  /** absent where the sender was not traced */
  readonly sentBy?: FollowedCall
  readonly takenBy: FollowedCall[]
}

export interface Exchange {
  readonly kind: 'stream' | 'datagram'
  /** absent where that end was not traced */
  readonly client?: Socket
  readonly server?: Socket
  /** what an end that was not traced is called, where that is known */
  readonly clientName?: string
  readonly serverName?: string
  /** in the order in which each end sent them */
  readonly messages: readonly Message[]
}

/** Finds the other end of a socket by its inode, where the log tells inodes. */
export function peersByInode(sockets: readonly Socket[]): (socket: Socket) => Socket | undefined {
  const byInode = new Map(sockets.flatMap((socket) => (socket.inode === undefined ? [] : [[socket.inode, socket]])))
  return (socket) => {
    const peer = socket.peerInode === undefined ? undefined : byInode.get(socket.peerInode)
    return peer === socket ? undefined : peer
  }
}

/** Of each socket that `socketpair` made, the other one. */
export function halvesOf(sockets: readonly Socket[]): ReadonlyMap<Socket, Socket> {
  const first = new Map<FollowedCall, Socket>()
  const halves = new Map<Socket, Socket>()
  for (const socket of sockets) {
    const { opened } = socket
    if (opened?.call !== 'socketpair') continue
    const half = first.get(opened)
    if (half === undefined) first.set(opened, socket)
    else halves.set(half, socket).set(socket, half)
  }
  return halves
}

export function timeOfReturn({ entered, returned = entered }: FollowedCall): Moment {
  return returned
}

/** How many descriptors `sendmsg` sent along. */
export function passedBy(call: FollowedCall): { readonly passes?: number } {
  const passes = descriptorsIn(call).length
  return passes === 0 ? {} : { passes }
}
