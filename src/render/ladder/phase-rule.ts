/** The rules that set a session's phases apart, with what the phase amounted to. */
import { append } from '../../bytes/lists.js'
import { formatDuration, formatSize } from '../../bytes/units.js'
import type { PhaseName } from '../../sessions/phases.js'
import type { TimelineEvent } from '../../timeline/model.js'
import type { Theme } from '../style.js'
import { displayWidth } from '../width.js'

/** The events of one phase that follow each other. */
export interface PhaseGroup {
  /** undefined: what came before the first packet */
  readonly phase: PhaseName | undefined
  readonly events: TimelineEvent[]
}

/**
 * A silence or an ICMP error has no phase of its own: it belongs to the one it comes in; a call to that of its packets.
 * @param current the phase before the first of them, where they are not a session's first
 */
export function groupByPhase(events: readonly TimelineEvent[], current?: PhaseName): PhaseGroup[] {
  const groups: PhaseGroup[] = []
  let waiting: TimelineEvent[] = []
  for (const event of events) {
    const phase = 'phase' in event ? event.phase : undefined
    let group = groups.at(-1)
    const isOfNext =
      (event.kind === 'silence' && (group !== undefined || current !== undefined)) ||
      (event.kind === 'call' && event.moment === 'made') ||
      (event.kind === 'netstat' && group === undefined)
    if (isOfNext) {
      waiting.push(event)
      continue
    }
    if (group === undefined || (phase !== undefined && phase !== group.phase)) {
      group = { phase: phase ?? current, events: [] }
      groups.push(group)
    }
    append(group.events, waiting)
    group.events.push(event)
    waiting = []
  }
  if (groups.length === 0 && waiting.length > 0) groups.push({ phase: current, events: [] })
  append(groups.at(-1)?.events ?? [], waiting)
  return groups
}

/** `handshake ── 214 µs ─────…`, as wide as the ladder. */
export function phaseRule(group: PhaseGroup, width: number, theme: Theme): string {
  const name = group.phase ?? 'before'
  const facts = group.phase === undefined ? '' : measure(group.events)
  const paint = { handshake: theme.handshake, data: theme.data, teardown: theme.teardown, before: theme.note }[name]
  const label = facts === '' ? '' : ` ${facts} `
  const rest = Math.max(2, width - displayWidth(name) - displayWidth(label) - 4)
  return ` ${paint(theme.strong(name))} ${theme.faint('──')}${label}${theme.faint('─'.repeat(rest))}`
}

/** `22 B → · ← 18 B · 567 µs` */
export function measure(events: readonly TimelineEvent[]): string {
  const bytes = { client: 0, server: 0 }
  let first: number | undefined
  let last = 0
  for (const event of events) {
    if (event.kind === 'packet' || event.kind === 'message') bytes[event.from] += event.length
    else if (event.kind === 'run') {
      bytes.client += event.client.bytes
      bytes.server += event.server.bytes
    } else continue
    first ??= event.time
    last = event.kind === 'run' ? event.until : event.time
  }
  const parts: string[] = []
  if (bytes.client > 0) parts.push(`${formatSize(bytes.client)} →`)
  if (bytes.server > 0) parts.push(`← ${formatSize(bytes.server)}`)
  if (first !== undefined && last !== first) parts.push(formatDuration(last - first))
  return parts.join(' · ')
}
