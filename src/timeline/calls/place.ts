/** Puts logged calls among a timeline's events: one that something happens during is told twice, made and returning. */
import { append } from '../../bytes/lists.js'
import { isWrite } from '../../calls/transfers.js'
import type { CallEvent, SilenceEvent, TimelineEvent } from '../model.js'
import { bytesOf } from './tie/families.js'
import type { TiedCall } from './tie/tie.js'

/** @param calls in the order in which they were entered */
export function placeCalls(events: readonly TimelineEvent[], calls: readonly TiedCall[]): TimelineEvent[] {
  const moments = calls.flatMap((call, index) => momentsOf(call, index + 1))
  const merged: TimelineEvent[] = []
  let next = 0
  moments.sort((a, b) => a.time - b.time)
  let pause: SilenceEvent | undefined
  for (const event of events) {
    if (event.kind === 'silence') {
      pause = event
      continue
    }
    if (pause !== undefined) {
      const begin = next
      while ((moments[next]?.time ?? event.time) < event.time) next++
      append(merged, aroundPause(pause, moments.slice(begin, next), event.time))
      pause = undefined
    }
    for (let call = moments[next]; call !== undefined && isBefore(call, event); call = moments[++next])
      merged.push(call)
    merged.push(event)
  }
  if (pause !== undefined) merged.push(pause)
  for (const call of moments.slice(next)) merged.push(call)
  return joined(merged)
}

/** What is sent at the moment of a call comes behind it; a call that returns then, behind what let it. */
function isBefore({ time, moment }: CallEvent, event: TimelineEvent): boolean {
  return time < event.time || (time === event.time && moment === 'made')
}

/** Calls are made and return while no packet comes: the silence stands where the longest part of it is. */
function aroundPause(pause: SilenceEvent, within: readonly CallEvent[], end: number): TimelineEvent[] {
  let longest = -1
  let place = 0
  for (let index = 0; index <= within.length; index++) {
    const gap = (within[index]?.time ?? end) - (within[index - 1]?.time ?? pause.time)
    if (gap > longest) {
      longest = gap
      place = index
    }
  }
  return [...within.slice(0, place), pause, ...within.slice(place)]
}

function momentsOf(tied: TiedCall, id: number): CallEvent[] {
  const { by, call, pid, thread, descriptor, entered, returned, result, errno, sends, takes, waited } = tied
  const { waitsOn, waitsOnMore, ready, skipped } = tied
  const made: CallEvent = {
    kind: 'call',
    time: entered,
    gap: 0,
    by,
    moment: 'made',
    call,
    inferred: false,
    id,
    on: tied.on,
    pid,
    thread,
    ...(descriptor !== undefined && { descriptor }),
    arguments: tied.arguments,
    ...(isWrite(tied) && tied.on === 'socket' && { bytes: bytesOf(tied) }),
    ...(tied.status !== undefined && { status: tied.status }),
    entered,
    ...(returned !== undefined && { returned }),
    ...(sends.length > 0 && { sends }),
    ...(takes.length > 0 && { takes }),
    ...(waited !== undefined && { waited }),
    ...(waitsOn && { waitsOn }),
    ...(waitsOnMore !== undefined && { waitsOnMore }),
    ...(ready && { ready }),
    ...(skipped !== undefined && { skipped }),
  }
  // a signal, and the end of a process, take no time
  if (returned === undefined || call === 'signal' || call === 'ended') return [made]
  const outcome = { ...(result !== undefined && { result }), ...(errno !== undefined && { errno }) }
  return [made, { ...made, moment: 'returns', time: returned, ...outcome }]
}

/** A call that returns as the very next thing is one event; also where its own message alone stands between. */
function joined(events: readonly TimelineEvent[]): TimelineEvent[] {
  const result: TimelineEvent[] = []
  for (const event of events) {
    const last = result.at(-1)
    const isOwn = event.kind === 'call' && last?.kind === 'message' && event.sends?.includes(last.number) === true
    const at = result.length - (isOwn ? 2 : 1)
    const before = result[at]
    const isSame =
      event.kind === 'call' &&
      event.moment === 'returns' &&
      before?.kind === 'call' &&
      before.id === event.id &&
      event.id !== undefined
    if (isSame) result[at] = { ...event, moment: 'made', time: before.time }
    else result.push(event)
  }
  return result
}
