/** A timeline with the socket calls among its events: those that a log has, and inferred ones of ends that it has none of. */
import type { Timeline, TimelineEvent } from '../model.js'
import { compareCalls } from './compare.js'
import { type InferredCall, inferCalls } from './infer.js'
import type { CallSource, SessionProcess } from './observe.js'
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

export function callsOf(timeline: Timeline, log: CallSource | undefined): Calls {
  const calls = inferCalls(timeline)
  const { observed, processes } = log === undefined ? timeline : observedOf(timeline, log)
  if (observed === undefined || observed.length === 0) return { calls }
  const packets = timeline.events.filter((event) => event.kind === 'packet')
  const onSocket = observed.filter(({ on }) => on === 'socket')
  const disagreements = compareCalls(timeline.summary, packets, calls, onSocket)
  return { calls, observed, ...(processes && { processes }), disagreements }
}

/** The timeline with a log's calls beside its events, for whoever shows them later. */
export function observedOf(timeline: Timeline, log: CallSource): Timeline {
  const { calls, processes } = log.of(timeline.summary)
  return calls.length === 0 ? timeline : { ...timeline, observed: tieCalls(timeline, calls), processes }
}

/** `shown`: the timeline's events, folded perhaps; `timeline` has all of them. */
export function withCalls(timeline: Timeline, shown: readonly TimelineEvent[], log?: CallSource): Timeline {
  const { calls, observed = [], processes, disagreements } = callsOf(timeline, log)
  const logged = new Set(observed.map((call) => call.by))
  const inferred = calls.filter((call) => !logged.has(call.by))
  const events = placeCalls(showInferredCalls(shown, inferred), observed)
  return { ...timeline, events, ...(processes && { processes }), ...(disagreements && { disagreements }) }
}
