/** The calls of a log that a session's two ends made, at their own times among its packets. */
import { parseStart } from '../../bytes/time.js'
import type { Call, Moment } from '../../calls/call.js'
import type { EndpointName, Role, SessionSummary } from '../../sessions/summary.js'
import { parseSocketName } from './socket-name.js'

/** A logged call of one of a session's ends. Times are ns since the session's first packet. */
export interface ObservedCall {
  readonly by: Role
  readonly pid: number
  readonly thread: number
  readonly call: string
  readonly arguments: readonly string[]
  readonly descriptor?: number
  readonly entered: number
  readonly returned?: number
  readonly result?: number
  readonly errno?: string
  /** whether it gives up the last descriptor of the socket, where that is known */
  readonly closesLast?: boolean
}

/** The calls whose sockets have this session's two ends, in the order in which they were entered. */
export function observedCalls(summary: SessionSummary, calls: readonly Call[]): ObservedCall[] {
  const start = parseStart(summary.start)
  const observed: ObservedCall[] = []
  for (const call of calls) {
    if (call.transport !== summary.protocol) continue
    const by = roleOf(call, summary)
    if (by !== undefined) observed.push(observedCall(call, by, start))
  }
  return observed.sort((a, b) => a.entered - b.entered)
}

function roleOf({ local, peer }: Call, { client, server }: SessionSummary): Role | undefined {
  if (local === undefined || peer === undefined) return undefined
  if (isAt(local, client) && isAt(peer, server)) return 'client'
  return isAt(local, server) && isAt(peer, client) ? 'server' : undefined
}

function isAt(name: string, { address, port }: EndpointName): boolean {
  const end = parseSocketName(name)
  return end !== undefined && end.port === port && (end.address === address || end.address === '*')
}

function observedCall(call: Call, by: Role, start: readonly [number, number]): ObservedCall {
  const { pid, thread, descriptor, entered, returned, result, errno } = call
  return {
    by,
    pid,
    thread,
    call: call.call,
    arguments: call.arguments,
    ...(descriptor !== undefined && { descriptor }),
    entered: since(start, entered),
    ...(returned && { returned: since(start, returned) }),
    ...(result !== undefined && { result }),
    ...(errno !== undefined && { errno }),
  }
}

function since([seconds, nanoseconds]: readonly [number, number], moment: Moment): number {
  return (moment.seconds - seconds) * 1e9 + (moment.nanoseconds - nanoseconds)
}
