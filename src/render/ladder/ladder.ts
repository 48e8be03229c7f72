/**
 * A timeline as text: two lifelines, one arrow a packet in its true direction, both endpoints' states where they change,
 * the phases set apart. Every line fits the width, and reads the same without colour.
 */
import { countOf } from '../../bytes/units.js'
import type { AnySummary } from '../../explain/endpoints.js'
import type { Role } from '../../sessions/summary.js'
import type { AnyTimeline, TimelineEvent } from '../../timeline/model.js'
import { wrap } from '../width.js'
import { callRows, isUnderWay, netstatRows, WAITING } from './call-rows.js'
import {
  icmpRows,
  lookupRows,
  messageRows,
  packetRows,
  resolutionRows,
  runRows,
  type States,
  silenceRows,
} from './event-rows.js'
import { columnTitles, heading } from './heading.js'
import { besideLane, blankLeft, emptyLane, type LadderOptions, type Layout, layoutOf, row } from './layout.js'
import { groupByPhase, phaseRule } from './phase-rule.js'
import { inWords } from './words.js'

export type { LadderOptions } from './layout.js'

/** The lines of one session's timeline, from its heading to its explanation. */
export function* drawLadder(timeline: AnyTimeline, options: LadderOptions): Generator<string> {
  const { summary, leftOut } = timeline
  const { theme } = options
  const layout = layoutOf(timeline, options)
  yield* heading(summary, timeline.timeDigits, options.width, theme)
  yield ''
  for (const line of columnTitles(layout, summary)) yield theme.faint(line)
  yield* drawEvents(timeline, layout)
  if (leftOut > 0)
    yield theme.trouble(
      ` ${countOf(leftOut, summary.protocol === 'unix' ? 'message' : 'packet')} more not shown: the timeline would be too long`,
    )
  for (const sentence of timeline.disagreements ?? []) {
    for (const line of wrap(sentence, options.width - 4)) yield theme.trouble(` ! ${line}`)
  }
  yield ''
  yield* inWords(summary, options.width, theme)
}

function* drawEvents(timeline: AnyTimeline, layout: Layout): Generator<string> {
  const { summary } = timeline
  const manyVlans = summary.protocol !== 'unix' && (summary.vlans?.length ?? 0) > 1
  let states = startStates(summary)
  let isStateShown = states === undefined
  // the logged calls that have not returned: both lifelines have a bracket there
  const open = new Map<number | undefined, Role>()
  for (const group of groupByPhase(timeline.events)) {
    if (group.phase !== undefined && states !== undefined && !isStateShown) {
      yield firstRow(layout, states)
      isStateShown = true
    }
    if (layout.stateWidth > 0 || group.phase === undefined) yield phaseRule(group, layout.width, layout.theme)
    for (const event of group.events) {
      if (event.kind === 'call' && event.moment === 'returns') open.delete(event.id)
      yield* eventRows(event, { ...layout, brackets: bracketsOf(open, layout) }, states, manyVlans)
      if (event.kind === 'call' && isUnderWay(event)) open.set(event.id, event.by)
      if (event.kind === 'packet' && event.states !== undefined) states = event.states
    }
  }
}

function bracketsOf(open: ReadonlyMap<number | undefined, Role>, { theme }: Layout): Record<Role, string> {
  const waiting = [...open.values()]
  const bracket = (role: Role) => (waiting.includes(role) ? theme.note(WAITING) : ' ')
  return { client: bracket('client'), server: bracket('server') }
}

/** Both ends before the first segment; not known when the opening was not captured. */
export function startStates(summary: AnySummary): States | undefined {
  return summary.protocol === 'tcp' && summary.handshake.syn ? { client: 'CLOSED', server: 'LISTEN' } : undefined
}

/** The states before anything happens; on a narrow terminal they stand where the time will. */
export function firstRow(layout: Layout, { client, server }: States): string {
  if (layout.narrow) return row(layout, besideLane(layout, client), emptyLane(layout), '', server)
  return row(layout, blankLeft(layout), emptyLane(layout), client, server)
}

export function eventRows(event: TimelineEvent, layout: Layout, states: States | undefined, vlan: boolean): string[] {
  switch (event.kind) {
    case 'packet':
      return packetRows(event, layout, states, vlan)
    case 'run':
      return runRows(event, layout)
    case 'silence':
      return silenceRows(event, layout)
    case 'icmp':
      return icmpRows(event, layout)
    case 'lookup':
      return lookupRows(event, layout)
    case 'resolution':
      return resolutionRows(event, layout)
    case 'call':
      return callRows(event, layout)
    case 'netstat':
      return netstatRows(event, layout)
    case 'message':
      return messageRows(event, layout)
  }
}
