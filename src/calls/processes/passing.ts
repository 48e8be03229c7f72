/**
 * Descriptors that are sent to another process (unix(7), SCM_RIGHTS): its descriptor is one more name of the same socket. On the way
 * the kernel itself holds the socket, so that the sender may close its own at once, and no FIN is sent.
 */
import type { Call } from '../call.js'
import { effectOf } from './order.js'
import type { DescriptorTable, Record_, SocketState } from './state.js'

interface Sent {
  readonly through: SocketState
  /** in their order; undefined of what is no socket */
  readonly sockets: readonly (SocketState | undefined)[]
}

/** Messages with descriptors that nobody has received: in a log that lacks the receiver, all of them. Linux lets no user have more. */
const MOST_UNDER_WAY = 1024

export class Passing {
  readonly #underWay: Sent[] = []

  /** Takes a call on `through` that may send descriptors, or receive some, of the process whose table it is. */
  follow(through: SocketState, call: Record_, table: DescriptorTable): void {
    const descriptors = descriptorsIn(call)
    if (descriptors.length === 0 || (call.result ?? -1) < 0) return
    if (call.call === 'sendmsg') this.#send(through, descriptors, table)
    else if (call.call === 'recvmsg' && !call.arguments[2]?.includes('MSG_PEEK'))
      this.#receive(through, call, descriptors, table)
  }

  #send(through: SocketState, descriptors: readonly number[], table: DescriptorTable): void {
    const sockets = descriptors.map((descriptor) => table.slots.get(descriptor)?.socket)
    for (const socket of sockets) {
      if (socket === undefined) continue
      socket.isPassedOn = true
      socket.open++
    }
    if (this.#underWay.length < MOST_UNDER_WAY) this.#underWay.push({ through, sockets })
  }

  #receive(through: SocketState, call: Record_, descriptors: readonly number[], table: DescriptorTable): void {
    const at = this.#underWay.findIndex(
      (sent) => sent.sockets.length === descriptors.length && mayReach(sent.through, through),
    )
    const [sent] = at < 0 ? [] : this.#underWay.splice(at, 1)
    const closesOnExec = call.arguments[2]?.includes('MSG_CMSG_CLOEXEC') === true
    for (const [index, descriptor] of descriptors.entries()) {
      const socket = sent?.sockets[index]
      if (socket === undefined) continue
      table.name(call.pid, descriptor, socket, effectOf(call), call.call, closesOnExec)
      socket.open--
    }
  }
}

/** The descriptors that `sendmsg` sent along, or `recvmsg` received. */
export function descriptorsIn({ arguments: given }: Pick<Call, 'arguments'>): number[] {
  const list = /SCM_RIGHTS, cmsg_data=\[([\d, ]+)/.exec(given[1] ?? '')?.[1]
  return list === undefined ? [] : list.split(',').map(Number)
}

/** Where the log does not tell who is whose peer, what was sent first is received first. */
function mayReach(from: SocketState, to: SocketState): boolean {
  if (from.inode !== undefined && to.peerInode !== undefined) return from.inode === to.peerInode
  if (from.opened?.call === 'socketpair') return from.opened === to.opened && from !== to
  return from !== to
}
