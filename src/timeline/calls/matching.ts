/**
 * Which session is whose, where sockets have no names: that of the right port which was opened while the call that asks for it was
 * under way. Of those that were opened at nearly the same time, the one that ended when the socket did, and that carried as much.
 */
import { push } from '../../bytes/lists.js'
import { parseStart } from '../../bytes/time.js'
import type { Moment } from '../../calls/call.js'
import { compareMoments, nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import { isRead, isWrite } from '../../calls/transfers.js'
import { otherRole } from '../../sessions/roles.js'
import type { Role, SessionSummary } from '../../sessions/summary.js'
import { bytesOf, endsSending, isPeek } from './tie/families.js'

export interface Nameless {
  readonly socket: Socket
  /** `connect`, the first datagram sent, or the `accept` that returned it */
  readonly call: FollowedCall
  readonly port: number
  readonly isServer: boolean
}

/** ns that two readings of one clock may differ by, and strace's stamps on a busy machine. */
const SLACK = 20e6
/** Sessions that are compared, of those that were opened at nearly the same time. */
const COMPARED = 16
/** Farther, in ns, than any clock's reading: it carried more, or less, than the calls on the socket did. */
const OTHER = 1e12

interface Opened {
  readonly session: SessionSummary
  /** ns from the first session's beginning */
  readonly at: number
}

export function* matched(
  nameless: readonly Nameless[],
  sessions: readonly SessionSummary[],
): Generator<[Nameless, SessionSummary]> {
  const origin = momentOfStart(sessions[0]?.start ?? '0.0')
  for (const isServer of [true, false]) {
    const asked = nameless.filter((each) => each.isServer === isServer)
    // of calls under way at the same time, the first one has the first connection
    asked.sort((a, b) => compareMoments(momentOf(a), momentOf(b)))
    const lists = new Map<string, Nameless[]>()
    for (const one of asked) push(lists, `${one.socket.transport} ${one.port}`, one)
    const opened = openedBy(sessions, isServer, origin)
    let found = 0
    for (const [key, list] of lists)
      for (const pair of inTime(list, opened.get(key) ?? [], origin)) {
        found++
        yield pair
      }
    if (found > 0) continue
    // another clock: as many of a port are the same ones, in their order
    for (const [key, list] of lists) {
      const theirs = opened.get(key) ?? []
      if (list.length !== theirs.length) continue
      for (const [index, one] of list.entries()) {
        const session = theirs[index]?.session
        if (session !== undefined) yield [one, session]
      }
    }
  }
}

/** By transport and port, in their order. */
function openedBy(sessions: readonly SessionSummary[], isServer: boolean, origin: Moment): Map<string, Opened[]> {
  const lists = new Map<string, Opened[]>()
  for (const session of sessions) {
    const opened = openedAt(session, isServer)
    const at = nanosecondsBetween(origin, momentOfStart(session.start)) + (opened ?? Number.POSITIVE_INFINITY)
    push(lists, `${session.protocol} ${session.server.port}`, { session, at })
  }
  for (const list of lists.values()) list.sort((a, b) => (a.at === b.at ? 0 : a.at - b.at))
  return lists
}

function* inTime(
  asked: readonly Nameless[],
  opened: readonly Opened[],
  origin: Moment,
): Generator<[Nameless, SessionSummary]> {
  const found = new Set<Opened>()
  let first = 0
  for (const one of asked) {
    const { call, isServer } = one
    const entered = nanosecondsBetween(origin, call.entered)
    const returned = nanosecondsBetween(origin, call.returned ?? call.entered)
    // what is too early for this one is so for those that come after it; an accept may return what has waited for long
    for (let each = opened[first]; each !== undefined; each = opened[++first])
      if (!found.has(each) && (isServer || each.at >= entered - SLACK)) break
    let best: Opened | undefined
    let least = Number.POSITIVE_INFINITY
    let compared = 0
    for (let index = first; index < opened.length && compared < COMPARED; index++) {
      const each = opened[index]
      if (each === undefined || each.at > returned + SLACK) break
      if (found.has(each)) continue
      if (isServer && each.session.duration < since(each.session, call.returned ?? call.entered) - SLACK) continue
      compared++
      const far = distance(one, each.session)
      if (far >= least) continue
      least = far
      best = each
    }
    if (best === undefined) continue
    found.add(best)
    yield [one, best.session]
  }
}

function momentOf({ call, isServer }: Nameless): Moment {
  return isServer ? (call.returned ?? call.entered) : call.entered
}

function momentOfStart(start: string): Moment {
  const [seconds, nanoseconds] = parseStart(start)
  return { seconds, nanoseconds }
}

/** ns since the session's first packet. */
function since({ start }: SessionSummary, moment: Moment): number {
  return nanosecondsBetween(momentOfStart(start), moment)
}

/** When it was asked for, or could be accepted; undefined where that is not in the capture. */
function openedAt(session: SessionSummary, isServer: boolean): number | undefined {
  if (session.protocol === 'udp') return 0
  return isServer ? session.handshake.ack?.time : session.handshake.syn?.time
}

/** How far the calls on a socket are from what a session shows of them, in ns. */
function distance({ socket, call, isServer }: Nameless, session: SessionSummary): number {
  const role = isServer ? 'server' : 'client'
  const opened = openedAt(session, isServer) ?? 0
  const entered = since(session, call.entered)
  // one that waited to be accepted may have waited for long
  const waited = isServer ? Math.max(0, since(session, call.returned ?? call.entered) - Math.max(opened, entered)) : 0
  const opening = isServer ? waited : Math.abs(opened - entered)
  return opening + ending(socket, role, session) + (carries(socket, role, session) ? 0 : OTHER)
}

function ending({ calls }: Socket, role: Role, session: SessionSummary): number {
  const fin = session.protocol === 'udp' ? undefined : session.teardown[`${role}Fin`]
  const close = calls.find(endsSending) ?? calls.find(({ closesLast }) => closesLast === true)
  return fin === undefined || close === undefined ? 0 : Math.abs(since(session, close.entered) - fin.time)
}

function carries({ calls }: Socket, role: Role, session: SessionSummary): boolean {
  const sum = (belongs: (call: FollowedCall) => boolean) =>
    calls.reduce((total, call) => (belongs(call) && !isPeek(call) ? total + bytesOf(call) : total), 0)
  const carried = (from: Role) =>
    session.protocol === 'udp' ? session.data[from].bytes : session.data[from].uniqueBytes
  return sum(isWrite) === carried(role) && sum(isRead) <= carried(otherRole(role))
}
