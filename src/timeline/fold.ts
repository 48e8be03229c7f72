/**
 * Folds long runs of plain data into one event: packets in the data phase that carry new bytes or acknowledge some, with
 * nothing to remark on. The first and last packets of a run stay, so that one sees how it began and ended.
 */
import type { PacketEvent, RunEvent, RunPart, TimelineEvent } from './model.js'

/** Packets of a run that stay visible at either end. */
const KEPT = 3
/** A shorter run than this is not worth folding. */
const SHORTEST = 12

export function fold(events: readonly TimelineEvent[]): TimelineEvent[] {
  const folded: TimelineEvent[] = []
  let run: PacketEvent[] = []
  const flush = () => {
    if (run.length < SHORTEST) folded.push(...run)
    else folded.push(...run.slice(0, KEPT), runEvent(run.slice(KEPT, -KEPT)), ...run.slice(-KEPT))
    run = []
  }
  for (const event of events) {
    if (event.kind === 'packet' && isPlain(event)) {
      const before = run.at(-1)
      if (before !== undefined && !sameStates(before, event)) flush()
      run.push(event)
    } else {
      flush()
      folded.push(event)
    }
  }
  flush()
  return folded
}

function isPlain(event: PacketEvent): boolean {
  if (event.phase !== 'data' || event.findings.length > 0 || event.comments !== undefined || !event.received)
    return false
  return event.tcp === undefined || event.tcp.flags.every((flag) => flag === 'ACK' || flag === 'PSH')
}

function sameStates(a: PacketEvent, b: PacketEvent): boolean {
  return a.states?.client === b.states?.client && a.states?.server === b.states?.server
}

function runEvent(run: readonly PacketEvent[]): RunEvent {
  const first = run[0]
  const last = run.at(-1)
  if (first === undefined || last === undefined) throw new RangeError('a run has at least one packet')
  return {
    kind: 'run',
    time: first.time,
    gap: first.gap,
    until: last.time,
    phase: 'data',
    ...(first.states && { states: first.states }),
    firstFrame: first.frame,
    lastFrame: last.frame,
    client: partOf(run.filter((event) => event.from === 'client')),
    server: partOf(run.filter((event) => event.from === 'server')),
  }
}

function partOf(events: readonly PacketEvent[]): RunPart {
  let bytes = 0
  let segments = 0
  let from = 0
  let to = 0
  for (const event of events) {
    if (event.length === 0) continue
    const sequence = event.tcp?.sequence ?? 0
    if (segments++ === 0) from = sequence
    to = sequence + event.length
    bytes += event.length
  }
  return { segments, bytes, acks: events.length - segments, from, to }
}
