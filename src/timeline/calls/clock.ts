/**
 * How far a log's clock is from the capture's. What a call sends comes after it was entered; what it waited for came before it
 * returned: each pair of a call and its packet bounds the difference from one side, and the truth lies between the tightest.
 */
import { isAccept, isRead, isWrite } from '../../calls/transfers.js'
import type { Timeline } from '../model.js'
import type { CallSource, ObservedCall } from './observe.js'
import { isKilled } from './tie/closing.js'
import { tieCalls } from './tie/tie.js'

export interface ClockDifference {
  /** to be added to the log's times; 0 where one clock has stamped both */
  readonly nanoseconds: number
  /** calls and packets that were compared */
  readonly pairs: number
  /** ns by which it may be wrong */
  readonly uncertainty: number
}

/** ns by which two readings of one clock may contradict each other. */
export const SAME_CLOCK = 50e3
/** ns by which strace may stamp a call before the program goes on. */
const STAMPED_EARLY = 5e6
/** ns by which it does so on a machine that is held up. */
const HELD_UP = 100e6
/** Calls that sent something: so few may all have been stamped early. */
const FEW = 3
/** Of bounds that contradict each other, the share that is left aside at the tight end. */
const TIGHTEST = 0.1
/** Beyond it, a log is first laid over the capture by its opening. */
const NEAR = 0.5e9

/** Undefined where no call of the log belongs to a packet of these sessions. */
export function estimateClock(timelines: readonly Timeline[], log: CallSource): ClockDifference | undefined {
  const logged = timelines.flatMap((timeline) => {
    const calls = log.of(timeline.summary).calls.filter(({ on }) => on === 'socket')
    return calls.length > 0 ? [{ timeline, calls }] : []
  })
  const guesses = logged.flatMap(({ timeline, calls }) => guess(timeline, calls) ?? [])
  const rough = median(guesses)
  if (rough === undefined) return undefined
  const start = Math.abs(rough) < NEAR ? 0 : Math.round(rough)
  // the difference is at most each of the first, at least each of the others
  const most: number[] = []
  const least: number[] = []
  for (const { timeline, calls } of logged) {
    const times = new Map(
      timeline.events.flatMap((event) => (event.kind === 'packet' ? [[event.frame, event.time] as const] : [])),
    )
    const near = calls.map((call) => moved(call, start))
    for (const [index, { sends, takes }] of tieCalls(timeline, near).entries()) {
      const call = near[index]
      if (call === undefined) continue
      const { entered, returned } = call
      const first = times.get(sends[0] ?? 0)
      if (first !== undefined && !isKilled(call)) most.push(first - entered)
      const last = times.get(takes.at(-1) ?? 0)
      if (last !== undefined && returned !== undefined && (isRead(call) || isAccept(call) || call.call === 'connect'))
        least.push(last - returned)
    }
  }
  const pairs = most.length + least.length
  if (pairs === 0) return undefined
  most.sort((one, other) => one - other)
  least.sort((one, other) => one - other)
  const upper = most[0] ?? Number.POSITIVE_INFINITY
  const lower = least.at(-1) ?? Number.NEGATIVE_INFINITY
  // strace's durations can make a call return before what it waited for: bounds that contradict each other about zero
  const isNone = Math.min(lower, upper) <= SAME_CLOCK && Math.max(lower, upper) >= -SAME_CLOCK
  if (start === 0 && isNone) return { nanoseconds: 0, pairs, uncertainty: 0 }
  const { middle, uncertainty, isWeak } = between(most, least)
  const isDoubtful = Math.abs(middle) < (logged.some(isOnOneHost) ? HELD_UP : isWeak ? STAMPED_EARLY : 0)
  if (start === 0 && (isDoubtful || (Math.abs(middle) <= uncertainty && most.length > 0 && least.length > 0)))
    return { nanoseconds: 0, pairs, uncertainty }
  return { nanoseconds: Math.round(start + middle), pairs, uncertainty }
}

/** What the bounds leave, in order; `isWeak`: they contradict each other, or few of them speak, as on a machine that is held up. */
function between(most: readonly number[], least: readonly number[]) {
  const [upper] = most
  const lower = least.at(-1)
  if (upper === undefined || lower === undefined) {
    const only = upper ?? lower ?? 0
    return { middle: only, uncertainty: Math.abs(only), isWeak: true }
  }
  const uncertainty = Math.abs(upper - lower) / 2
  if (lower <= upper) return { middle: (lower + upper) / 2, uncertainty, isWeak: most.length < FEW }
  // a clock that was set, or drifts, contradicts itself: then the middle is the best that there is, whatever a few calls say.
  // only the tightest tell something: what a large send buffer took is sent much later
  const tight = (values: readonly number[], share: number) => values[Math.floor((values.length - 1) * share)] ?? 0
  return { middle: (tight(most, TIGHTEST) + tight(least, 1 - TIGHTEST)) / 2, uncertainty, isWeak: true }
}

/** What goes from an address to itself never leaves its host: the clock that stamps the packets is the one that stamps the calls. */
function isOnOneHost({ timeline: { summary } }: { readonly timeline: Timeline }): boolean {
  return summary.client.address === summary.server.address
}

/** The first call that must belong to a packet of its own. */
function guess({ summary, events }: Timeline, calls: readonly ObservedCall[]): number | undefined {
  for (const call of calls) {
    const at = call.returned ?? call.entered
    const has = (call.result ?? -1) >= 0
    if (summary.protocol === 'tcp') {
      const { syn, ack } = summary.handshake
      if (call.call === 'connect' && syn !== undefined) return syn.time - call.entered
      if (isAccept(call) && has && ack !== undefined) return ack.time - at
    }
    const isOwn = isWrite(call)
    if (!has || (!isOwn && !isRead(call))) continue
    const packet = events.find(
      (event) => event.kind === 'packet' && event.length > 0 && (event.from === call.by) === isOwn,
    )
    if (packet !== undefined) return packet.time - (isOwn ? call.entered : at)
  }
  return undefined
}

function moved(call: ObservedCall, by: number): ObservedCall {
  return { ...call, entered: call.entered + by, ...(call.returned !== undefined && { returned: call.returned + by }) }
}

function median(values: readonly number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[values.length >> 1]
}
