/** Which two sockets are the ends of a Unix-domain stream, and what went from one to the other: bytes are counted, as with TCP. */
import { push } from '../../bytes/lists.js'
import { compareMoments } from '../../calls/moment.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import { transferOf } from '../../calls/transfers.js'
import { otherRole } from '../../sessions/roles.js'
import type { Role } from '../../sessions/summary.js'
import { endsSending } from '../calls/tie/families.js'
import { type Exchange, halvesOf, type Message, passedBy, peersByInode, timeOfReturn } from './exchange.js'

const ROLES: readonly Role[] = ['client', 'server']

export function streams(sockets: readonly Socket[]): Exchange[] {
  const own = sockets.filter(
    ({ transport, isLibrarys, listened }) => transport === 'unix' && !isLibrarys && listened === undefined,
  )
  const pairs = pairsOf(own).filter((pair) => !isStandardStream(pair))
  return pairs.map((pair) => ({ kind: 'stream', ...pair, messages: messagesOf(pair) }))
}

/** Standard input, output or error that the program was started with, where a socket stands in for the pipe. */
function isStandardStream({ client, server }: Pair): boolean {
  const only = client === undefined ? server : server === undefined ? client : undefined
  return only !== undefined && only.opened === undefined && (only.calls[0]?.descriptor ?? 0) <= 2
}

interface Pair {
  readonly client?: Socket
  readonly server?: Socket
}

function pairsOf(own: readonly Socket[]): Pair[] {
  const pairs: Pair[] = []
  const paired = new Set<Socket | undefined>()
  const pair = (client: Socket, server: Socket) => {
    pairs.push({ client, server })
    paired.add(client).add(server)
  }
  const peerOf = peersByInode(own)
  for (const socket of own) {
    const other = peerOf(socket)
    if (other === undefined || paired.has(socket) || paired.has(other)) continue
    const isServer = socket.acceptedFrom !== undefined || hasConnected(other)
    pair(...(isServer ? ([other, socket] as const) : ([socket, other] as const)))
  }
  // where the log has no inodes: a pair is made by one call, and connections are accepted in their order
  for (const [socket, other] of halvesOf(own)) if (!paired.has(socket) && !paired.has(other)) pair(socket, other)
  const accepted = acceptedAt(own.filter((socket) => socket.acceptedFrom !== undefined && !paired.has(socket)))
  for (const client of own.filter((socket) => hasConnected(socket) && !paired.has(socket))) {
    const firstFree = (place: string) => {
      const left = accepted.get(place)
      while (paired.has(left?.at(-1))) left?.pop()
      return left?.at(-1)
    }
    const server = firstFree(placeOf(client.peer, client.opened?.pid)) ?? firstFree(placeOf(client.peer))
    if (server !== undefined) pair(client, server)
  }
  for (const socket of own) {
    if (paired.has(socket) || !socket.calls.some(isUse)) continue
    pairs.push(socket.acceptedFrom === undefined ? { client: socket } : { server: socket })
  }
  return pairs
}

/** Accepted sockets by their path, and by that and each process known to be at the other end; the first is the last of its list. */
function acceptedAt(sockets: readonly Socket[]): Map<string, Socket[]> {
  const lists = new Map<string, Socket[]>()
  for (const socket of sockets.toReversed()) {
    const places = new Set([placeOf(socket.local)])
    for (const { peerProcess } of socket.calls)
      if (peerProcess !== undefined) places.add(placeOf(socket.local, peerProcess))
    for (const place of places) push(lists, place, socket)
  }
  return lists
}

function placeOf(path = '', pid?: number): string {
  return `${pid ?? ''} ${path}`
}

function hasConnected({ calls }: Socket): boolean {
  return calls.some(({ call, result }) => call === 'connect' && result === 0)
}

function isUse(call: FollowedCall): boolean {
  return transferOf(call) !== undefined || (call.call === 'connect' && call.result === 0)
}

function messagesOf(pair: Pair): Message[] {
  const connect = pair.client?.calls.find(({ call, result }) => call === 'connect' && result === 0)
  const accept = pair.server?.acceptedFrom === undefined ? undefined : pair.server.opened
  const opening: Message[] =
    connect === undefined
      ? []
      : [
          {
            from: 'client',
            what: 'connection',
            length: 0,
            at: connect.entered,
            sentBy: connect,
            takenBy: accept === undefined ? [] : [accept],
          },
        ]
  return [...opening, ...ROLES.flatMap((from) => oneWay(from, pair[from], pair[otherRole(from)]))]
}

/** What one end wrote, and which of the other's reads took it; what an end that was not traced wrote shows in the reads alone. */
function oneWay(from: Role, writer: Socket | undefined, reader: Socket | undefined): Message[] {
  const reads = (reader?.calls ?? [])
    .filter((call) => transferOf(call)?.way === 'read' && (call.result ?? -1) >= 0)
    .sort((a, b) => compareMoments(timeOfReturn(a), timeOfReturn(b)))
  if (writer === undefined) return reads.map((read) => readMessage(from, read))
  const messages: Message[] = []
  for (const call of writer.calls) {
    const transfer = transferOf(call)
    const sentBy = { from, at: call.entered, sentBy: call, takenBy: [] }
    if (transfer?.way === 'write' && transfer.done > 0)
      messages.push({ ...sentBy, what: 'data', length: transfer.done, ...textOf(transfer.text), ...passedBy(call) })
    else if (endsSending(call) || call.closesLast === true) {
      messages.push({ ...sentBy, what: 'end', length: 0 })
      break
    }
  }
  take(messages, reads)
  return messages
}

function take(messages: readonly Message[], reads: readonly FollowedCall[]): void {
  const end = messages.at(-1)
  let index = 0
  /** where the first message that is not yet taken whole begins, and what is taken, in the stream */
  let start = 0
  let at = 0
  for (const read of reads) {
    const transfer = transferOf(read)
    if (read.result === 0 && end?.what === 'end') end.takenBy.push(read)
    const until = at + (transfer?.done ?? 0)
    let from = start
    for (let next = index; from < until; next++) {
      const message = messages[next]
      if (message === undefined) break
      const to = from + message.length
      if (to > at) message.takenBy.push(read)
      from = to
    }
    if (transfer?.isPeek === true) continue
    at = until
    for (let first = messages[index]; first !== undefined && first.length > 0 && start + first.length <= at; ) {
      start += first.length
      first = messages[++index]
    }
  }
}

function readMessage(from: Role, read: FollowedCall): Message {
  const transfer = transferOf(read)
  const isEnd = read.result === 0
  return {
    from,
    what: isEnd ? 'end' : 'data',
    length: transfer?.done ?? 0,
    ...textOf(isEnd ? undefined : transfer?.text),
    at: timeOfReturn(read),
    takenBy: [read],
  }
}

function textOf(text: string | undefined): { readonly text?: string } {
  return text === undefined ? {} : { text }
}
