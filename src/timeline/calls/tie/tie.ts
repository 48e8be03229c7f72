/** Ties each logged call of a session to the packets that it sent, and to those that it waited for or whose bytes it took. */
import type { Timeline } from '../../model.js'
import type { ObservedCall } from '../observe.js'
import { isKilled } from './closing.js'
import { tieDatagrams } from './datagrams.js'
import { tieSegments } from './segments.js'

export interface Tie {
  /** frames that it sent */
  readonly sends: readonly number[]
  /** frames that it waited for, or whose bytes it returned */
  readonly takes: readonly number[]
  /** ns that it was blocked until the first of `takes` came; absent where it did not have to wait */
  readonly waited?: number
}

export type TiedCall = ObservedCall & Tie

/** @param observed of both ends, in the order in which they were entered */
export function tieCalls(timeline: Timeline, observed: readonly ObservedCall[]): TiedCall[] {
  const packets = timeline.events.filter((event) => event.kind === 'packet')
  const errors = timeline.events.filter((event) => event.kind === 'icmp')
  const times = new Map([...packets, ...errors].map(({ frame, time }) => [frame, time]))
  const { summary } = timeline
  const ties = new Map<ObservedCall, Omit<Tie, 'waited'>>()
  for (const role of ['client', 'server'] as const) {
    const own = observed.filter((call) => call.by === role && call.on === 'socket')
    const found =
      summary.protocol === 'tcp'
        ? tieSegments(summary, role, packets, errors, own)
        : tieDatagrams(role, packets, errors, own)
    for (const [call, tie] of found) ties.set(call, tie)
  }
  // a socket that listens can be read when a handshake is complete
  const third = summary.protocol === 'tcp' ? summary.handshake.ack : undefined
  for (const call of observed)
    if (call.on === 'listener' && call.found !== undefined && third !== undefined)
      ties.set(call, { sends: [], takes: [third.frame] })
  return observed.map((call) => tied(call, ties.get(call) ?? { sends: [], takes: [] }, times))
}

/** @param times of what it may have waited for, by number */
export function tied(call: ObservedCall, tie: Omit<Tie, 'waited'>, times: ReadonlyMap<number, number>): TiedCall {
  const whole = { ...call, ...enteredBefore(call, tie.sends, times), ...returnedAfter(call, tie.takes, times), ...tie }
  const waited = waitOf(whole, tie.takes, times)
  return { ...whole, ...(waited !== undefined && { waited }) }
}

/** The end that a signal made is noted after what it sent (`isKilled`). */
function enteredBefore(call: ObservedCall, sends: readonly number[], times: ReadonlyMap<number, number>) {
  if (!isKilled(call)) return {}
  return { entered: sends.reduce((earliest, frame) => Math.min(earliest, times.get(frame) ?? earliest), call.entered) }
}

/**
 * strace stamps the entry of a call before it lets the program go on, and the duration (-T) counts from there: their sum can
 * be before the packets without which the call cannot have returned.
 */
function returnedAfter(
  { returned }: ObservedCall,
  takes: readonly number[],
  times: ReadonlyMap<number, number>,
): { readonly returned?: number } {
  if (returned === undefined) return {}
  return { returned: takes.reduce((latest, frame) => Math.max(latest, times.get(frame) ?? latest), returned) }
}

function waitOf(
  { entered, returned }: ObservedCall,
  takes: readonly number[],
  times: ReadonlyMap<number, number>,
): number | undefined {
  const first = takes.reduce((earliest, frame) => Math.min(earliest, times.get(frame) ?? earliest), Infinity)
  if (!(first > entered) || first === Infinity) return undefined
  // a clock that is a little off must not make it wait for longer than it took
  return Math.min(first, returned ?? first) - entered
}
