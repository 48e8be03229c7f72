/** The sessions over Unix-domain sockets that a log has, as timelines: streams first, then datagrams, each by their beginning. */
import { push } from '../../bytes/lists.js'
import { printable } from '../../bytes/printable.js'
import { formatMoment } from '../../bytes/time.js'
import type { Moment } from '../../calls/call.js'
import { compareMoments, nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Processes, Socket } from '../../calls/processes/model.js'
import { transferOf } from '../../calls/transfers.js'
import { otherRole } from '../../sessions/roles.js'
import type { Role } from '../../sessions/summary.js'
import { CallLog, type ObservedCall } from '../calls/observe.js'
import { placeCalls } from '../calls/place.js'
import { type TiedCall, tied } from '../calls/tie/tie.js'
import type { MessageEvent, SilenceEvent } from '../model.js'
import { datagramExchanges } from './datagrams.js'
import type { Exchange, Message } from './exchange.js'
import type { UnixEnd, UnixSummary, UnixTimeline } from './model.js'
import { streams } from './streams.js'

/** Messages of one session that are told; the rest is counted. */
const MOST_MESSAGES = 2000
/** Sessions that are told. */
const MOST_SESSIONS = 200
/** Characters of a message that are shown. */
const PREVIEW = 64
/** ns without a message that are worth a line of their own. */
const SILENCE = 500e6
const PHASES = { connection: 'handshake', data: 'data', end: 'teardown' } as const
const DIGITS = 9

export function unixSessions(processes: Processes): UnixTimeline[] {
  const log = new CallLog(processes)
  const found = [...streams(processes.sockets), ...datagramExchanges(processes.sockets)]
  return found
    .map((exchange) => ({ ...exchange, messages: exchange.messages.toSorted((a, b) => compareMoments(a.at, b.at)) }))
    .sort((a, b) => compareMoments(beginning(a), beginning(b)))
    .slice(0, MOST_SESSIONS)
    .map((exchange, session) => timelineOf(exchange, session, log))
}

/** With its calls among its messages, as it is drawn. */
export function withUnixCalls(timeline: UnixTimeline): UnixTimeline {
  return { ...timeline, events: placeCalls(timeline.events, timeline.observed ?? []) }
}

function beginning({ messages: [first], client, server }: Exchange): Moment {
  return first?.at ?? (client ?? server)?.calls[0]?.entered ?? { seconds: 0, nanoseconds: 0 }
}

function timelineOf(exchange: Exchange, session: number, log: CallLog): UnixTimeline {
  const { messages, client, server } = exchange
  const start = beginning(exchange)
  const kept = messages.slice(0, MOST_MESSAGES)
  const numbers = new Map(kept.map((message, index) => [message, index + 1]))
  const events = eventsOf(exchange, kept, start)
  const ends = { ...(client && { client }), ...(server && { server }) }
  const isLeftOut = messages.length > kept.length
  const carry = callsOf(messages)
  const carryKept = isLeftOut ? callsOf(kept) : carry
  const last = isLeftOut ? kept.at(-1)?.at : undefined
  const isTheirs = (call: FollowedCall) => {
    // later ones are not told, but a wait is tied by what took its message
    if (last !== undefined && compareMoments(call.entered, last) > 0) return carryKept.has(call)
    // a datagram socket may have other sessions too: their calls are theirs
    return exchange.kind === 'stream' || carry.has(call) || (transferOf(call)?.done ?? 0) === 0
  }
  const { calls, processes } = log.between(ends, [start.seconds, start.nanoseconds], isTheirs)
  const until = isLeftOut ? (events.at(-1)?.time ?? 0) : Number.POSITIVE_INFINITY
  const observed = tieMessages(calls, numbers, events, until)
  const digits = [...calls.keys()].some(({ entered }) => entered.nanoseconds % 1000 !== 0) ? DIGITS : 6
  return {
    summary: summaryOf(exchange, session, start),
    events,
    observed,
    processes,
    leftOut: messages.length - kept.length,
    timeDigits: digits,
  }
}

/** Those that handed messages over or took them. */
function callsOf(messages: readonly Message[]): ReadonlySet<FollowedCall> {
  return new Set(messages.flatMap(({ sentBy, takenBy }) => (sentBy ? [sentBy, ...takenBy] : takenBy)))
}

function eventsOf(
  { client, server }: Exchange,
  messages: readonly Message[],
  start: Moment,
): (MessageEvent | SilenceEvent)[] {
  const events: (MessageEvent | SilenceEvent)[] = []
  let last = 0
  for (const [index, { from, what, length, text, passes, at, takenBy }] of messages.entries()) {
    const time = nanosecondsBetween(start, at)
    const gap = time - last
    if (gap >= SILENCE && index > 0) events.push({ kind: 'silence', time: last, gap, brokenBy: from })
    const isTold = otherRole(from) === 'client' ? client !== undefined : server !== undefined
    events.push({
      kind: 'message',
      number: index + 1,
      time,
      gap,
      from,
      phase: PHASES[what],
      what,
      length,
      ...(what === 'data' && previewOf(text)),
      ...(passes !== undefined && { passes }),
      received: what === 'end' || !isTold || takenBy.length > 0,
    })
    last = time
  }
  return events
}

/** Bytes that are no text are not shown. */
function previewOf(bytes: string | undefined): { readonly text?: string } {
  if (bytes === undefined || bytes === '') return {}
  const text = new TextDecoder().decode(Uint8Array.from(bytes.slice(0, PREVIEW), (one) => one.charCodeAt(0)))
  return /[\x00-\x08\x0e-\x1f\ufffd]/.test(text.slice(0, -1)) ? {} : { text: printable(text) }
}

function tieMessages(
  calls: ReadonlyMap<FollowedCall, ObservedCall>,
  numbers: ReadonlyMap<Message, number>,
  events: readonly (MessageEvent | SilenceEvent)[],
  until: number,
): TiedCall[] {
  const sends = new Map<FollowedCall, number[]>()
  const takes = new Map<FollowedCall, number[]>()
  let connection: number | undefined
  for (const [message, number] of numbers) {
    if (message.what === 'connection') connection = number
    if (message.sentBy !== undefined) push(sends, message.sentBy, number)
    for (const call of message.takenBy) push(takes, call, number)
  }
  const times = new Map(events.flatMap((event) => (event.kind === 'message' ? [[event.number, event.time]] : [])))
  const taking = [...calls].filter(([call]) => takes.has(call)).map(([call, { by }]) => ({ call, by }))
  taking.sort((a, b) => compareMoments(a.call.entered, b.call.entered))
  const told = [...calls].filter(([, { entered }]) => entered <= until)
  const result = told.map(([call, observed]) => {
    const own = { sends: sends.get(call) ?? [], takes: takes.get(call) ?? awaitedBy(call, observed) }
    return tied(observed, own, times)
  })
  return result.sort((a, b) => a.entered - b.entered)

  /** What a wait found ready is what the next call takes. */
  function awaitedBy(wait: FollowedCall, { found, on, by }: ObservedCall): readonly number[] {
    if (found !== 'readable' && found !== 'error') return []
    if (on === 'listener') return connection === undefined ? [] : [connection]
    const next = taking.find((one) => one.by === by && compareMoments(one.call.entered, wait.entered) >= 0)
    return (next && takes.get(next.call)?.slice(0, 1)) ?? []
  }
}

function summaryOf(exchange: Exchange, session: number, start: Moment): UnixSummary {
  const { kind, messages, client, server, clientName, serverName } = exchange
  const last = messages.at(-1)?.at ?? start
  const end = messages.find(({ what }) => what === 'end')
  const of = (role: Role) => {
    const own = messages.filter(({ from, what }) => from === role && what === 'data')
    return { messages: own.length, bytes: own.reduce((sum, { length }) => sum + length, 0) }
  }
  const isBoth = client !== undefined && server !== undefined
  return {
    protocol: 'unix',
    kind,
    session,
    client: endOf(client, clientName ?? server?.peer, 'a process that was not traced'),
    server: endOf(server, serverName ?? client?.peer, 'a process that was not traced'),
    start: formatMoment('epoch', start.seconds, start.nanoseconds, DIGITS),
    duration: nanosecondsBetween(start, last),
    messages: messages.length,
    data: { client: of('client'), server: of('server') },
    ...(end && { endedFirst: end.from }),
    untaken: isBoth ? messages.filter(({ what, takenBy }) => what !== 'end' && takenBy.length === 0).length : 0,
  }
}

function endOf(socket: Socket | undefined, named: string | undefined, otherwise: string): UnixEnd {
  const pids = [...new Set(socket?.references.map(({ pid }) => pid))]
  const name = socket?.local || (socket === undefined ? named : undefined)
  return { name: name || (pids[0] === undefined ? otherwise : `process ${pids[0]}`), pids }
}
