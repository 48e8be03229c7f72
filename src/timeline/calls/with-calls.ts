/** A timeline with the socket calls among its events: those that a log has, and inferred ones of ends that it has none of. */
import type { Call } from '../../calls/call.js'
import type { Timeline, TimelineEvent } from '../model.js'
import { compareCalls } from './compare.js'
import { type InferredCall, inferCalls } from './infer.js'
import { type ObservedCall, observedCalls, showObservedCalls } from './observe.js'
import { showInferredCalls } from './show.js'

/** What `replay --json` says of a session's calls. */
export interface Calls {
  readonly calls: readonly InferredCall[]
  /** absent where the log has none of this session */
  readonly observed?: readonly ObservedCall[]
  readonly disagreements?: readonly string[]
}

export function callsOf(timeline: Timeline, log: readonly Call[]): Calls {
  const calls = inferCalls(timeline)
  const observed = observedCalls(timeline.summary, log)
  if (observed.length === 0) return { calls }
  const packets = timeline.events.filter((event) => event.kind === 'packet')
  return { calls, observed, disagreements: compareCalls(timeline.summary, packets, calls, observed) }
}

/** `shown`: the timeline's events, folded perhaps; `timeline` has all of them. */
export function withCalls(timeline: Timeline, shown: readonly TimelineEvent[], log: readonly Call[]): Timeline {
  const { calls, observed = [], disagreements } = callsOf(timeline, log)
  const logged = new Set(observed.map((call) => call.by))
  const inferred = calls.filter((call) => !logged.has(call.by))
  const events = showObservedCalls(showInferredCalls(shown, inferred), observed)
  return { ...timeline, events, ...(disagreements && { disagreements }) }
}
