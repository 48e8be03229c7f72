/** Calls from a log, tied to a session by the two ends of their sockets, at their own times among its packets. */
import { parseStart } from '../../bytes/time.js'
import type { Call, Moment } from '../../calls/call.js'
import type { EndpointName, Role, SessionSummary } from '../../sessions/summary.js'
import type { CallEvent, TimelineEvent } from '../model.js'

/** A logged call of one of a session's ends. Times are ns since the session's first packet. */
export interface ObservedCall {
  readonly by: Role
  readonly call: string
  readonly entered: number
  readonly returned?: number
  readonly result?: number
  readonly errno?: string
}

/** Calls that wait for the other end are shown when they return too. */
const INSTANT = 20_000

/** The calls whose sockets have this session's two ends. */
export function observedCalls(summary: SessionSummary, calls: readonly Call[]): ObservedCall[] {
  const client = formatName(summary.client)
  const server = formatName(summary.server)
  const start = parseStart(summary.start)
  const observed: ObservedCall[] = []
  for (const { call, transport, local, peer, entered, returned, result, errno } of calls) {
    if (transport !== summary.protocol) continue
    const by =
      local === client && peer === server ? 'client' : local === server && peer === client ? 'server' : undefined
    if (by === undefined) continue
    observed.push({
      by,
      call,
      entered: since(start, entered),
      ...(returned && { returned: since(start, returned) }),
      ...(result !== undefined && { result }),
      ...(errno !== undefined && { errno }),
    })
  }
  return observed.sort((a, b) => a.entered - b.entered)
}

/** As the log writes a socket's end. */
function formatName({ address, port }: EndpointName): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
}

function since([seconds, nanoseconds]: readonly [number, number], moment: Moment): number {
  return (moment.seconds - seconds) * 1e9 + (moment.nanoseconds - nanoseconds)
}

/** The events with the calls at their times; of one that took no time, only that it was made. */
export function showObservedCalls(events: readonly TimelineEvent[], calls: readonly ObservedCall[]): TimelineEvent[] {
  const moments = calls.flatMap((call): CallEvent[] => {
    const { by, entered, returned, result, errno } = call
    const common = { kind: 'call' as const, gap: 0, by, call: call.call, inferred: false }
    const outcome = { ...(result !== undefined && { result }), ...(errno !== undefined && { errno }) }
    if (returned === undefined) return [{ ...common, moment: 'made', time: entered }]
    if (returned - entered < INSTANT) return [{ ...common, moment: 'made', time: entered, ...outcome }]
    return [
      { ...common, moment: 'made', time: entered },
      { ...common, moment: 'returns', time: returned, ...outcome },
    ]
  })
  moments.sort((a, b) => a.time - b.time)
  const merged: TimelineEvent[] = []
  let next = 0
  for (const event of events) {
    for (let call = moments[next]; call !== undefined && call.time < event.time; call = moments[++next])
      merged.push(call)
    merged.push(event)
  }
  return [...merged, ...moments.slice(next)]
}
