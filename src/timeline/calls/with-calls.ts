/** A timeline with the socket calls among its events: those that a log has, and inferred ones of ends that it has none of. */
import type { Call } from '../../calls/call.js'
import type { Timeline, TimelineEvent } from '../model.js'
import { compareCalls } from './compare.js'
import { type InferredCall, inferCalls } from './infer.js'
import { observedCalls } from './observe.js'
import { placeCalls } from './place.js'
import { showInferredCalls } from './show.js'
import { type TiedCall, tieCalls } from './tie/tie.js'

/** What `replay --json` says of a session's calls. */
export interface Calls {
  readonly calls: readonly InferredCall[]
  /** absent where the log has none of this session */
  readonly observed?: readonly TiedCall[]
  readonly disagreements?: readonly string[]
}

export function callsOf(timeline: Timeline, log: readonly Call[]): Calls {
  const calls = inferCalls(timeline)
  const own = observedCalls(timeline.summary, log)
  if (own.length === 0) return { calls }
  const observed = tieCalls(timeline, own)
  const packets = timeline.events.filter((event) => event.kind === 'packet')
  return { calls, observed, disagreements: compareCalls(timeline.summary, packets, calls, observed) }
}

/** `shown`: the timeline's events, folded perhaps; `timeline` has all of them. */
export function withCalls(timeline: Timeline, shown: readonly TimelineEvent[], log: readonly Call[]): Timeline {
  const { calls, observed = [], disagreements } = callsOf(timeline, log)
  const logged = new Set(observed.map((call) => call.by))
  const inferred = calls.filter((call) => !logged.has(call.by))
  const events = placeCalls(showInferredCalls(shown, inferred), observed)
  return { ...timeline, events, ...(disagreements && { disagreements }) }
}
