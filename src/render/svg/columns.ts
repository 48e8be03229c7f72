/** Where things stand in a figure, in pixels. */
import type { AnyTimeline } from '../../timeline/model.js'

/** The width of a printed page's text, and of a README on GitHub. */
export const WIDTH = 860
export const MARGIN = 12
/** How much the far end of an arrow lies below its beginning: a direction, no measure. */
export const SLANT = 14
/** Pixels a column of the type that labels are set in takes, in the widest of its fonts. */
export const COLUMN = 6.63
export const SMALL_COLUMN = 5.73
/** Pixels from one line of small type to the next. */
export const SMALL_LINE = 11.5

export interface Columns {
  /** of the whole figure */
  readonly width: number
  /** right edges of the frame number and of the time; a narrow figure has no room for times */
  readonly frame: number
  readonly time: number | undefined
  /** the lifelines */
  readonly client: number
  readonly server: number
  /** outside the lifelines: states and calls, in columns of small type */
  readonly outside: number
  /** where notes stand; undefined when there are none, or no room */
  readonly notes: number | undefined
  readonly noteColumns: number
}

const NOTES_WIDTH = 150
const OUTSIDE_WIDTH = 128
/** of calls with their arguments, as a log has them */
const LOGGED_WIDTH = 160
/** A figure narrower than this goes without times and notes, and has states but no long calls outside its lifelines. */
const NARROW = 600
/** In a figure narrower than this, notes stand below the arrows, not beside them. */
const WIDE = 800

export function columnsOf({ events }: AnyTimeline, width = WIDTH): Columns {
  if (width < NARROW) return narrow(width)
  const hasNotes = width >= WIDE && events.some((event) => event.kind === 'packet' && event.comments !== undefined)
  const outside = events.some((event) => event.kind === 'call' && !event.inferred) ? LOGGED_WIDTH : OUTSIDE_WIDTH
  const right = width - MARGIN - (hasNotes ? NOTES_WIDTH : 0)
  return {
    width,
    frame: 44,
    time: 122,
    client: 122 + outside,
    server: right - outside,
    outside: Math.floor((outside - 12) / SMALL_COLUMN),
    notes: hasNotes ? right + 6 : undefined,
    noteColumns: Math.floor((NOTES_WIDTH - 10) / SMALL_COLUMN),
  }
}

/** The longest state, and what stands between it and the lifeline. */
const STATE_WIDTH = 11 * SMALL_COLUMN + 11

function narrow(width: number): Columns {
  const frame = 34
  return {
    width,
    frame,
    time: undefined,
    client: frame + 6 + STATE_WIDTH,
    server: width - 4 - STATE_WIDTH,
    outside: 11,
    notes: undefined,
    noteColumns: 0,
  }
}

/** Columns of small type that there is room for between the lifelines. */
export function between({ client, server }: Columns): number {
  return Math.floor((server - client - 20) / SMALL_COLUMN)
}
