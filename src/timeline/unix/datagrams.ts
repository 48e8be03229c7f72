/**
 * Unix-domain datagrams: to whom each was sent, and which call took it. None is lost and none overtakes another: a socket gives
 * them out in the order in which they were sent to it.
 */
import { append, push } from '../../bytes/lists.js'
import { compareMoments } from '../../calls/moment.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import { transferOf } from '../../calls/transfers.js'
import { messageLengths } from '../calls/tie/families.js'
import { type Exchange, halvesOf, type Message, passedBy, peersByInode, timeOfReturn } from './exchange.js'

interface Datagram {
  /** a socket, or the name of one that was not traced; '' where that is unknown too */
  readonly from: Socket | string
  readonly to: Socket | string
  readonly sent?: FollowedCall
  readonly taken: FollowedCall[]
  readonly length: number
  readonly text?: string
}

/** Who is not known. */
const NOBODY = ''

export function datagramExchanges(sockets: readonly Socket[]): Exchange[] {
  const own = sockets.filter(({ transport, isLibrarys }) => transport === 'unix-datagram' && !isLibrarys)
  const bound = new Map<string, Socket[]>()
  for (const socket of own) if (socket.local) push(bound, socket.local, socket)
  const peerOf = peersByInode(own)
  const halves = halvesOf(own)
  const datagrams: Datagram[] = []
  const queues = new Map<Socket, Datagram[]>()
  for (const socket of own) {
    const twin = peerOf(socket) ?? halves.get(socket)
    for (const call of socket.calls) {
      const transfer = transferOf(call)
      if (transfer?.way !== 'write') continue
      const to = targetOf(call, twin, bound)
      for (const length of messageLengths(call)) {
        const text = transfer.text
        const datagram = { from: socket, to, sent: call, taken: [], length, ...(text !== undefined && { text }) }
        datagrams.push(datagram)
        if (typeof to !== 'string') push(queues, to, datagram)
      }
    }
  }
  for (const queue of queues.values()) queue.sort((a, b) => compareMoments(timeOf(a), timeOf(b)))
  for (const socket of own) append(datagrams, taken(socket, queues.get(socket) ?? []))
  return exchanges(datagrams)
}

/** Pairs reads with what was sent to their socket; gives those that came from elsewhere. */
function taken(socket: Socket, queue: readonly Datagram[]): Datagram[] {
  const strange: Datagram[] = []
  const left = [...queue]
  const reads = socket.calls
    .filter((call) => transferOf(call)?.way === 'read' && call.returned !== undefined)
    .sort((a, b) => compareMoments(timeOfReturn(a), timeOfReturn(b)))
  for (const read of reads) {
    const transfer = transferOf(read)
    for (const length of messageLengths(read)) {
      const index = left.findIndex(
        ({ from, length: sent }) =>
          sent >= length && (!read.peer || (typeof from !== 'string' && (!from.local || from.local === read.peer))),
      )
      const [datagram] = index < 0 ? [] : left.slice(index, index + 1)
      if (datagram !== undefined) {
        datagram.taken.push(read)
        if (transfer?.isPeek !== true) left.splice(index, 1)
        continue
      }
      const text = transfer?.text
      strange.push({
        from: read.peer ?? NOBODY,
        to: socket,
        taken: [read],
        length,
        ...(text !== undefined && { text }),
      })
    }
  }
  return strange
}

function targetOf(
  { peer, entered }: FollowedCall,
  twin: Socket | undefined,
  bound: ReadonlyMap<string, readonly Socket[]>,
): Socket | string {
  if (twin !== undefined && !peer) return twin
  const there = bound.get(peer ?? NOBODY) ?? []
  // a path may be bound again, later
  return (
    there.findLast(({ opened }) => opened === undefined || compareMoments(opened.entered, entered) <= 0) ??
    peer ??
    NOBODY
  )
}

function exchanges(datagrams: readonly Datagram[]): Exchange[] {
  const groups = new Map<string, Datagram[]>()
  for (const datagram of datagrams.toSorted((a, b) => compareMoments(timeOf(a), timeOf(b)))) {
    const key = [nameOf(datagram.from), nameOf(datagram.to)].sort().join(' ')
    push(groups, key, datagram)
  }
  return [...groups.values()].flatMap((group): Exchange[] => {
    const [first] = group
    if (first === undefined) return []
    const messages = group.map(
      (datagram): Message => ({
        from: datagram.from === first.from ? 'client' : 'server',
        what: 'data',
        length: datagram.length,
        ...(datagram.text !== undefined && { text: datagram.text }),
        ...(datagram.sent && passedBy(datagram.sent)),
        at: timeOf(datagram),
        ...(datagram.sent && { sentBy: datagram.sent }),
        takenBy: datagram.taken,
      }),
    )
    return [{ kind: 'datagram', ...endOf('client', first.from), ...endOf('server', first.to), messages }]
  })
}

function endOf(role: 'client' | 'server', end: Socket | string): Partial<Exchange> {
  return typeof end === 'string' ? { [`${role}Name`]: end } : { [role]: end }
}

function nameOf(end: Socket | string): string {
  return typeof end === 'string' ? `"${end}` : String(end.number)
}

function timeOf({ sent, taken: [read] }: Datagram) {
  const call = sent ?? read
  if (call === undefined) throw new RangeError('a datagram was sent or taken')
  return sent === undefined ? timeOfReturn(call) : call.entered
}
