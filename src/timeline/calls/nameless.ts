/**
 * A log without the names of its sockets (strace without -yy) says of a session only where it was asked for, or the port that
 * it was accepted at. Which one of the capture that is, shows its time (`matching.ts`): the SYN leaves while `connect` is under
 * way, the first datagram while it is sent, and `accept` returns the oldest connection that has been established and not accepted.
 * Both need one clock for log and capture; with another, a log and a capture that have as many connections of a port are taken to
 * have the same ones, in their order. A datagram that was taken without asking from whom it is has a name only where one alone
 * sent any.
 */
import type { Call } from '../../calls/call.js'
import type { Processes, Socket } from '../../calls/processes/model.js'
import { isRead, isWrite } from '../../calls/transfers.js'
import type { SessionSummary } from '../../sessions/summary.js'
import { matched, type Nameless } from './matching.js'
import { parseSocketName, socketName } from './socket-name.js'

/** The calls of a log, with both ends' names where they could be found. */
export function nameSockets(
  calls: readonly Call[],
  { sockets }: Processes,
  summaries: readonly SessionSummary[],
): readonly Call[] {
  const nameless = sockets.flatMap((socket) => namelessOf(socket, sockets))
  const names = new Map<string, Pick<Call, 'local' | 'peer' | 'transport'>>()
  for (const [{ call, isServer, socket }, { client, server }] of matched(nameless, summaries)) {
    const [local, peer] = isServer ? [socketName(server), socketName(client)] : [socketName(client), socketName(server)]
    names.set(keyOf(call), { local, peer, transport: socket.transport })
  }
  for (const socket of sockets) {
    const session = onlySessionOf(socket, summaries)
    if (session === undefined) continue
    for (const call of socket.calls) if (call.peer === undefined && isRead(call)) names.set(keyOf(call), session)
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
  return { local: socketName(session.server), peer: socketName(session.client), transport }
}

function keyOf({ call, thread, entered }: Call): string {
  return `${thread} ${call} ${entered.seconds} ${entered.nanoseconds}`
}

function namelessOf(socket: Socket, sockets: readonly Socket[]): Nameless[] {
  const { transport, isLibrarys, local, peer, acceptedFrom, opened } = socket
  if ((transport !== 'tcp' && transport !== 'udp') || isLibrarys) return []
  if (acceptedFrom !== undefined && opened !== undefined) {
    const port = parseSocketName(sockets[acceptedFrom]?.local ?? '')?.port
    return peer !== undefined || port === undefined ? [] : [{ socket, call: opened, port, isServer: true }]
  }
  if (local !== undefined && !local.endsWith(':0')) return []
  // a datagram socket has a name from its first datagram on
  const call = socket.calls.find((one) => (transport === 'tcp' ? one.call === 'connect' : isWrite(one)))
  const port = parseSocketName(call?.peer ?? peer ?? '')?.port
  return call === undefined || port === undefined ? [] : [{ socket, call, port, isServer: false }]
}
