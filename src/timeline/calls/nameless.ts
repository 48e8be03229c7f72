/**
 * A log without the names of its sockets (strace without -yy) says of a connection only where it was asked for, or the port that
 * it was accepted at. Which session of the capture that is, shows its time: the SYN leaves while `connect` is under way, and
 * `accept` returns the oldest connection that has been established and not accepted. Both need one clock for log and capture;
 * with another, a log and a capture that have as many connections of a port are taken to have the same ones, in their order.
 * A datagram that was taken without asking from whom it is has a name only where one alone sent any.
 */
import { parseStart } from '../../bytes/time.js'
import type { Call, Moment } from '../../calls/call.js'
import { compareMoments, nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Processes, Socket } from '../../calls/processes/model.js'
import { transferOf } from '../../calls/transfers.js'
import type { EndpointName, SessionSummary, TcpSummary } from '../../sessions/summary.js'
import { parseSocketName } from './socket-name.js'

/** ns that two readings of one clock may differ by, and strace's stamps on a busy machine. */
const SLACK = 20e6

interface Nameless {
  readonly socket: Socket
  /** `connect`, or the `accept` that returned it */
  readonly call: FollowedCall
  readonly port: number
  readonly isServer: boolean
}

/** The calls of a log, with both ends' names where they could be found. */
export function nameSockets(
  calls: readonly Call[],
  { sockets }: Processes,
  summaries: readonly SessionSummary[],
): readonly Call[] {
  const nameless = sockets.flatMap((socket) => namelessOf(socket, sockets))
  const sessions = summaries.filter((summary) => summary.protocol === 'tcp')
  const names = new Map<string, Pick<Call, 'local' | 'peer' | 'transport'>>()
  for (const [one, { client, server }] of matched(nameless, sessions)) {
    const [local, peer] = one.isServer ? [nameOf(server), nameOf(client)] : [nameOf(client), nameOf(server)]
    names.set(keyOf(one.call), { local, peer, transport: 'tcp' })
  }
  for (const socket of sockets) {
    const session = onlySessionOf(socket, summaries)
    if (session === undefined) continue
    for (const call of socket.calls)
      if (call.peer === undefined && transferOf(call)?.way === 'read') names.set(keyOf(call), session)
  }
  if (names.size === 0) return calls
  return calls.map((call) => {
    const named = names.get(keyOf(call))
    return named === undefined ? call : { ...call, ...named }
  })
}

/** Who does not ask from whom a datagram is (`recv`, `recvfrom` with NULL), was sent it by the only one who sent any. */
function onlySessionOf(
  { transport, local = '', isLibrarys }: Socket,
  summaries: readonly SessionSummary[],
): Pick<Call, 'local' | 'peer' | 'transport'> | undefined {
  const port = transport === 'udp' && !isLibrarys ? parseSocketName(local)?.port : undefined
  if (port === undefined || port === 0) return undefined
  const [session, another] = summaries.filter(({ protocol, server }) => protocol === 'udp' && server.port === port)
  if (session === undefined || another !== undefined) return undefined
  return { local: nameOf(session.server), peer: nameOf(session.client), transport }
}

function keyOf({ call, thread, entered }: Call): string {
  return `${thread} ${call} ${entered.seconds} ${entered.nanoseconds}`
}

function namelessOf(socket: Socket, sockets: readonly Socket[]): Nameless[] {
  const { transport, isLibrarys, local, peer, acceptedFrom, opened } = socket
  if (transport !== 'tcp' || isLibrarys) return []
  if (acceptedFrom !== undefined && opened !== undefined) {
    const port = parseSocketName(sockets[acceptedFrom]?.local ?? '')?.port
    return peer !== undefined || port === undefined ? [] : [{ socket, call: opened, port, isServer: true }]
  }
  const connect = socket.calls.find((one) => one.call === 'connect')
  const port = parseSocketName(peer ?? connect?.peer ?? '')?.port
  const isNamed = local !== undefined && !local.endsWith(':0')
  return isNamed || connect === undefined || port === undefined
    ? []
    : [{ socket, call: connect, port, isServer: false }]
}

function* matched(nameless: readonly Nameless[], sessions: readonly TcpSummary[]): Generator<[Nameless, TcpSummary]> {
  for (const isServer of [true, false]) {
    const found = new Set<TcpSummary>()
    const left: Nameless[] = []
    const asked = nameless.filter((each) => each.isServer === isServer)
    // of calls under way at the same time, the first one has the first connection
    asked.sort((a, b) => compareMoments(momentOf(a), momentOf(b)))
    const opened = sessions.toSorted((a, b) => openedIn(a, isServer) - openedIn(b, isServer))
    for (const one of asked) {
      const session = opened.find((each) => !found.has(each) && each.server.port === one.port && fits(one, each))
      if (session === undefined) left.push(one)
      else {
        found.add(session)
        yield [one, session]
      }
    }
    for (const port of new Set(left.map((one) => one.port))) {
      const own = left.filter((one) => one.port === port)
      const theirs = opened.filter((each) => !found.has(each) && each.server.port === port)
      if (own.length !== theirs.length || found.size > 0) continue
      for (const [index, one] of own.entries()) {
        const session = theirs[index]
        if (session !== undefined) yield [one, session]
      }
    }
  }
}

function momentOf({ call, isServer }: Nameless): Moment {
  return isServer ? (call.returned ?? call.entered) : call.entered
}

/** The frame by which `connect` asked for it, or by which `accept` may return it. */
function openedIn({ firstFrame, handshake }: TcpSummary, isServer: boolean): number {
  return isServer ? (handshake.ack?.frame ?? Number.POSITIVE_INFINITY) : firstFrame
}

function fits({ call, isServer }: Nameless, { start, duration, handshake }: TcpSummary): boolean {
  const [seconds, nanoseconds] = parseStart(start)
  const since = (moment: Call['entered']) => nanosecondsBetween({ seconds, nanoseconds }, moment)
  const [entered, returned] = [since(call.entered), since(call.returned ?? call.entered)]
  if (!isServer) {
    const syn = handshake.syn?.time
    return syn !== undefined && syn >= entered - SLACK && syn <= returned + SLACK
  }
  const established = handshake.ack?.time
  return established !== undefined && established <= returned + SLACK && duration >= returned - SLACK
}

function nameOf({ address, port }: EndpointName): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}
