/** Where the columns of a ladder stand: frame, time, gap, client's state, the lane between the lifelines, server's state. */

import { formatTime, type TimeFormat } from '../../bytes/time.js'
import { formatDuration } from '../../bytes/units.js'
import type { Role } from '../../sessions/summary.js'
import type { AnyTimeline, TimelineEvent } from '../../timeline/model.js'
import type { Theme } from '../style.js'
import { displayWidth, padStart } from '../width.js'

export interface LadderOptions {
  /** columns of the terminal */
  readonly width: number
  readonly theme: Theme
  readonly time: TimeFormat
  /** sequence and acknowledgment numbers and windows as they are on the wire */
  readonly rawNumbers: boolean
}

/** Columns and what else every row needs. */
export interface Layout {
  readonly theme: Theme
  readonly time: TimeFormat
  readonly rawNumbers: boolean
  /** epoch time of the session's first packet */
  readonly start: string
  readonly timeDigits: number
  readonly frameWidth: number
  readonly timeWidth: number
  readonly gapWidth: number
  /** 0 where there are no states to show (UDP) */
  readonly stateWidth: number
  /** too narrow for a column of the client's states: they stand at the left, below the time */
  readonly narrow: boolean
  /** columns outside either lifeline, where states and calls stand; undefined where calls stand between the lifelines */
  readonly outside?: Readonly<Record<Role, number>>
  /** with `outside`: what stands at the lifelines' outer sides in this row, a bracket of the call that is under way */
  readonly brackets?: Readonly<Record<Role, string>>
  /** ends of which several processes have a hand in this: each call says whose it is */
  readonly severalProcesses: ReadonlySet<Role>
  /** from one lifeline to the other, both included */
  readonly laneWidth: number
  readonly width: number
}

/** From this width on, calls stand outside the lifelines. */
const WIDE = 120
/** Columns that the lane is left with at least, and that a column of calls has at least and at most. */
const NARROWEST_WIDE_LANE = 46
const CALLS = { least: 18, most: 40 }
/** a blank, and the bracket */
const BRACKET = 2

/** A lane that is longer is harder to follow with the eye. */
const WIDEST = 160
/** The lane takes what is left, and never less than this. */
const NARROWEST_LANE = 24
/** Below it, columns are saved where that can be done. */
const NARROW = 110
const NARROW_DIGITS = 6

export function layoutOf(timeline: AnyTimeline, options: LadderOptions): Layout {
  const { summary, events } = timeline
  const width = Math.min(options.width, WIDEST)
  const narrow = width < NARROW
  const timeDigits = narrow ? Math.min(timeline.timeDigits, NARROW_DIGITS) : timeline.timeDigits
  let frameWidth = 1
  let timeWidth = 4
  let gapWidth = 3
  let stateWidth = summary.protocol === 'tcp' ? 'CLOSED'.length : 0
  for (const event of events) {
    frameWidth = Math.max(frameWidth, lastFrameOf(event).length)
    timeWidth = Math.max(timeWidth, formatTime(options.time, summary.start, event.time, timeDigits).length)
    gapWidth = Math.max(gapWidth, displayWidth(formatGap(event)))
    if (event.kind !== 'packet' || event.states === undefined) continue
    stateWidth = Math.max(stateWidth, event.states.client.length, event.states.server.length)
  }
  const left = frameWidth + 1 + timeWidth + 1 + gapWidth + 1
  const outside = width < WIDE ? undefined : outsideOf(events, width - left, stateWidth)
  if (outside !== undefined) {
    const laneWidth = width - left - outside.client - outside.server - 2 * BRACKET
    return { ...common(), outside, narrow: false, laneWidth, width }
  }
  const states = stateWidth === 0 ? 0 : (narrow ? 1 : 2) * (stateWidth + 1)
  const laneWidth = Math.max(NARROWEST_LANE, width - left - states)
  return { ...common(), narrow, laneWidth, width: left + states + laneWidth }

  function common() {
    const { theme, time, rawNumbers } = options
    const severalProcesses = new Set(ROLES.filter((role) => pidsOf(events, role).size > 1))
    const widths = { frameWidth, timeWidth, gapWidth, stateWidth }
    return { theme, time, rawNumbers, start: summary.start, timeDigits, ...widths, severalProcesses }
  }
}

const ROLES: readonly Role[] = ['client', 'server']

function pidsOf(events: readonly TimelineEvent[], role: Role): Set<number> {
  const pids = new Set<number>()
  for (const event of events)
    if (event.kind === 'call' && event.by === role && event.pid !== undefined) pids.add(event.pid)
  return pids
}

/** The columns for calls, at the ends that have some; undefined where there are none. */
function outsideOf(
  events: readonly TimelineEvent[],
  room: number,
  stateWidth: number,
): Readonly<Record<Role, number>> | undefined {
  const has = (role: Role) =>
    events.some((event) => (event.kind === 'call' || event.kind === 'netstat') && event.by === role)
  const [client, server] = [has('client'), has('server')]
  if (!client && !server) return undefined
  const sides = client && server ? 2 : 1
  const free = room - NARROWEST_WIDE_LANE - 2 * BRACKET - (sides === 1 ? stateWidth : 0)
  const width = Math.min(CALLS.most, Math.max(CALLS.least, stateWidth, Math.floor(free / sides)))
  return { client: client ? width : stateWidth, server: server ? width : stateWidth }
}

/** The widest text that an event puts into the frame column. */
function lastFrameOf(event: TimelineEvent): string {
  switch (event.kind) {
    case 'packet':
    case 'icmp':
      return String(event.frame)
    case 'run':
      return `–${event.lastFrame}`
    case 'message':
      return String(event.number)
    default:
      return ''
  }
}

/** Time since the event before; nothing for the first one, and for one that came at the same time. */
export function formatGap(event: TimelineEvent): string {
  if (event.kind === 'silence' || event.gap === 0) return ''
  const text = formatDuration(event.gap)
  return event.gap > 0 ? `+${text}` : text
}

/** The columns left of the client's state. */
export function leftColumns(layout: Layout, frame: string, time: number | undefined, gap: string): string {
  const { theme } = layout
  const when = time === undefined ? '' : formatTime(layout.time, layout.start, time, layout.timeDigits)
  return `${padStart(frame, layout.frameWidth)} ${padStart(when, layout.timeWidth)} ${theme.faint(padStart(gap, layout.gapWidth))} `
}

/** One whole row: the columns at the left, the client's state, the lane, the server's state. */
export function row(layout: Layout, left: string, lane: string, client = '', server = ''): string {
  const { state } = layout.theme
  if (layout.outside !== undefined) {
    const { client: before = ' ', server: after = ' ' } = layout.brackets ?? {}
    return `${left}${state(padStart(client, layout.outside.client))} ${before}${lane}${after} ${state(server)}`.trimEnd()
  }
  const column = layout.narrow || layout.stateWidth === 0 ? '' : state(padStart(client, layout.stateWidth)) + ' '
  const text = left + column + lane
  return server === '' ? text : `${text} ${state(server)}`
}

/**
 * The rows of one event: `left` beside the first line of its lane, the states where they changed. On a narrow terminal
 * the client's state stands below the time, and so on a line of its own where there is but one.
 */
export function rows(layout: Layout, left: string, lane: readonly string[], client = '', server = ''): string[] {
  const lines = layout.narrow && client !== '' && lane.length === 1 ? [...lane, emptyLane(layout)] : lane
  return lines.map((line, index) => {
    if (index === 0) return row(layout, left, line, layout.narrow ? '' : client, server)
    return row(layout, index === 1 && layout.narrow ? besideLane(layout, client) : blankLeft(layout), line)
  })
}

/** Blank columns at the left, for rows that go on with what stands above them. */
export function blankLeft(layout: Layout): string {
  return ' '.repeat(leftWidth(layout))
}

/** A state in place of frame, time and gap. */
export function besideLane(layout: Layout, state: string): string {
  return `${layout.theme.state(padStart(state, leftWidth(layout) - 1))} `
}

/** Both lifelines, and nothing between them. */
export function emptyLane(layout: Layout): string {
  const { faint } = layout.theme
  return faint('│') + ' '.repeat(layout.laneWidth - 2) + faint('│')
}

function leftWidth(layout: Layout): number {
  return layout.frameWidth + layout.timeWidth + layout.gapWidth + 3
}
