/** A timeline with the socket calls among its events: those that a log has, and inferred ones of ends that it has none of. */
import type { Timeline, TimelineEvent } from '../model.js'
import { compareCalls } from './compare.js'
import { type InferredCall, inferCalls } from './infer.js'
import type { CallLog, SessionProcess } from './observe.js'
import { placeCalls } from './place.js'
import { showInferredCalls } from './show.js'
import { type TiedCall, tieCalls } from './tie/tie.js'

/** What `replay --json` says of a session's calls. */
export interface Calls {
  readonly calls: readonly InferredCall[]
  /** absent where the log has none of this session */
  readonly observed?: readonly TiedCall[]
  readonly processes?: readonly SessionProcess[]
  readonly disagreements?: readonly string[]
}

export function callsOf(timeline: Timeline, log: CallLog | undefined): Calls {
  const calls = inferCalls(timeline)
  const { calls: own = [], processes = [] } = log?.of(timeline.summary) ?? {}
  if (own.length === 0) return { calls }
  const observed = tieCalls(timeline, own)
  const packets = timeline.events.filter((event) => event.kind === 'packet')
  const onSocket = observed.filter(({ on }) => on === 'socket')
  return { calls, observed, processes, disagreements: compareCalls(timeline.summary, packets, calls, onSocket) }
}

/** `shown`: the timeline's events, folded perhaps; `timeline` has all of them. */
export function withCalls(timeline: Timeline, shown: readonly TimelineEvent[], log?: CallLog): Timeline {
  const { calls, observed = [], processes, disagreements } = callsOf(timeline, log)
  const logged = new Set(observed.map((call) => call.by))
  const inferred = calls.filter((call) => !logged.has(call.by))
  const events = placeCalls(showInferredCalls(shown, inferred), observed)
  return { ...timeline, events, ...(processes && { processes }), ...(disagreements && { disagreements }) }
}
