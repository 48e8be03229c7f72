/** What both kernels said of a session's sockets, among its events. */
import { parseStart } from '../bytes/time.js'
import type { SocketTable } from '../calls/socket-table.js'
import type { Role, TcpSummary } from '../sessions/summary.js'
import { socketName } from './calls/socket-name.js'
import type { NetstatEvent, Timeline, TimelineEvent } from './model.js'

/** The timeline, with a line wherever one of the tables says something new of the session. */
export function withNetstat(timeline: Timeline, tables: readonly SocketTable[]): Timeline {
  return { ...timeline, events: merge(timeline.events, netstatOf(timeline, tables)) }
}

/** In the order of time. */
export function netstatOf({ summary }: Timeline, tables: readonly SocketTable[]): NetstatEvent[] {
  if (summary.protocol !== 'tcp') return []
  const start = parseStart(summary.start)
  const found = (['client', 'server'] as const).flatMap((by) => {
    const own = tables.filter(({ node }) => node === by).map((table) => eventOf(table, by, summary, start))
    // what stood when the session began, and each change from there on
    const begun = Math.max(
      0,
      own.findLastIndex(({ time }) => time <= 0),
    )
    return own.slice(begun).filter((event, at, all) => !isSame(event, all[at - 1]))
  })
  return found.sort((a, b) => a.time - b.time)
}

function eventOf(table: SocketTable, by: Role, summary: TcpSummary, start: readonly [number, number]): NetstatEvent {
  const [seconds = 0, nanoseconds = 0] = table.from.split('.').map(Number)
  const time = (seconds - start[0]) * 1e9 + (nanoseconds - start[1])
  const [local, remote] = by === 'client' ? [summary.client, summary.server] : [summary.server, summary.client]
  const state = table.sockets.find((one) => one.local === socketName(local) && one.remote === socketName(remote))?.state
  const listens = table.sockets.some((one) => one.state === 'LISTEN' && one.local.endsWith(`:${local.port}`))
  return { kind: 'netstat', time, gap: 0, by, ...(state !== undefined && { state }), listens }
}

/** Nothing to say is the same as having said nothing. */
function isSame(a: NetstatEvent, b: NetstatEvent | undefined): boolean {
  return a.state === b?.state && a.listens === (b?.listens ?? false)
}

function merge(events: readonly TimelineEvent[], more: readonly NetstatEvent[]): TimelineEvent[] {
  const merged: TimelineEvent[] = []
  let next = 0
  for (const event of events) {
    for (let one = more[next]; one !== undefined && one.time < event.time; one = more[++next]) merged.push(one)
    merged.push(event)
  }
  return [...merged, ...more.slice(next)]
}
