/** Puts calls among the events of a timeline: made before the first packet that they send, returning after what they wait for. */
import { push } from '../../bytes/lists.js'
import type { CallEvent, TimelineEvent } from '../model.js'
import type { InferredCall } from './infer.js'

/** Calls whose packets are folded away are folded with them. */
export function showInferredCalls(events: readonly TimelineEvent[], calls: readonly InferredCall[]): TimelineEvent[] {
  const made = new Map<number, InferredCall[]>()
  const returning = new Map<number, InferredCall[]>()
  for (const call of calls) {
    if (call.sends[0] !== undefined) push(made, call.sends[0], call)
    if (call.returnsOn !== undefined) push(returning, call.returnsOn, call)
  }
  return events.flatMap((event): TimelineEvent[] => {
    if (event.kind !== 'packet' && event.kind !== 'icmp') return [event]
    const { frame, time } = event
    return [
      ...(made.get(frame) ?? []).map((call) => callEvent(call, 'made', time)),
      event,
      ...(returning.get(frame) ?? []).map((call) => callEvent(call, 'returns', time)),
    ]
  })
}

/** What is not told at this moment is left out: a call that waits shows its result when it returns, others at once. */
function callEvent(from: InferredCall, moment: CallEvent['moment'], time: number): CallEvent {
  const { by, call, sends, bytes, result, errno, returnsOn, note } = from
  const tellsAll = moment === 'returns' || returnsOn === undefined
  return {
    kind: 'call',
    time,
    gap: 0,
    by,
    moment,
    call,
    inferred: true,
    ...(sends.length > 0 && { sends }),
    ...(returnsOn !== undefined && { takes: [returnsOn] }),
    ...(bytes !== undefined && { bytes }),
    ...(tellsAll && result !== undefined && { result }),
    ...(tellsAll && errno !== undefined && { errno }),
    ...(tellsAll && note !== undefined && { note }),
  }
}
