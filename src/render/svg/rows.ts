/** The rows of a figure, one an event: what is drawn, how high it is, and where either end's state changes. */
import { printable } from '../../bytes/printable.js'
import { formatSeconds } from '../../bytes/time.js'
import { formatDuration } from '../../bytes/units.js'
import { otherRole } from '../../explain/endpoints.js'
import { isTrouble } from '../../explain/findings.js'
import { explainSilence } from '../../explain/silence.js'
import type { Role } from '../../sessions/summary.js'
import type {
  CallEvent,
  NetstatEvent,
  PacketEvent,
  RunEvent,
  SilenceEvent,
  TimelineEvent,
} from '../../timeline/model.js'
import { describe } from '../ladder/call-rows.js'
import {
  evidence,
  icmpParts,
  lookupText,
  messagePaint,
  messageParts,
  resolutionText,
  runParts,
} from '../ladder/event-rows.js'
import type { Part } from '../ladder/lane.js'
import { formatGap } from '../ladder/layout.js'
import { labelOf, paintOf } from '../ladder/packet-label.js'
import type { Pen, Point2, Span } from '../pen.js'
import { wrap } from '../width.js'
import { between, COLUMN, type Columns, SLANT, SMALL_COLUMN, SMALL_LINE } from './columns.js'
import { linesOf } from './lines.js'
import { classOf, svgTheme } from './style.js'

export interface Row {
  readonly height: number
  readonly shapes: readonly string[]
  /** where an arrow leaves and reaches the lifelines: where the states change */
  readonly ends?: Readonly<Record<Role, number>>
  /** where neither lifeline is drawn: nothing happens for long */
  readonly pause?: readonly [from: number, to: number]
}

export interface Drawing {
  readonly columns: Columns
  readonly digits: number
  readonly isTcp: boolean
  readonly rawNumbers: boolean
  readonly pen: Pen
}

const LINE = 13
/** between an arrow's line and the lifeline's middle */
const CLEAR = 4

export function rowOf(event: TimelineEvent, top: number, drawing: Drawing): Row {
  switch (event.kind) {
    case 'packet':
      return packetRow(event, top, drawing)
    case 'run':
      return runRow(event, top, drawing)
    case 'silence':
      return silenceRow(event, top, drawing)
    case 'call':
    case 'netstat':
      return callRow(event, top, drawing)
    case 'icmp': {
      const from = otherRole(event.about)
      const parts = icmpParts(event, svgTheme)
      const arrow = { from, parts, className: 'trouble', midway: event.onTheWay === true }
      const drawn = drawArrow(arrow, top, drawing)
      return { ...drawn, shapes: [...drawn.shapes, ...leftOf(event, event.frame, drawn.tail, true, drawing)] }
    }
    case 'message': {
      const { from, number, received } = event
      const parts = messageParts(event, svgTheme)
      const className = classOf(messagePaint(event, svgTheme))
      const drawn = drawArrow({ from, parts, className, lost: !received }, top, drawing)
      return { ...drawn, shapes: [...drawn.shapes, ...leftOf(event, number, drawn.tail, !received, drawing)] }
    }
    case 'lookup':
      return asideRow(lookupText(event), event.time, top, drawing)
    case 'resolution':
      return asideRow(resolutionText(event), event.time, top, drawing)
  }
}

function packetRow(event: PacketEvent, top: number, drawing: Drawing): Row {
  const { columns, pen } = drawing
  const arrow = {
    from: event.from,
    parts: labelOf(event, svgTheme, drawing.rawNumbers),
    className: classOf(paintOf(event, svgTheme)),
    remarks: [
      ...[...evidence(event)].map((words) => ({ words: `↳ ${words}`, className: 'trouble' })),
      ...(columns.notes === undefined ? notesOf(event).map((words) => ({ words, className: 'note' })) : []),
    ],
    lost: !event.received,
  }
  const drawn = drawArrow(arrow, top, drawing)
  const isMarked = event.truth?.verdict ? true : event.findings.some(({ name }) => isTrouble(name)) || !event.received
  const shapes = [...drawn.shapes, ...leftOf(event, event.frame, drawn.tail, isMarked, drawing)]
  let { height } = drawn
  if (columns.notes !== undefined && event.comments !== undefined) {
    const lines = notesOf(event).flatMap((note) => wrap(note, columns.noteColumns))
    const first = drawn.tail - 4
    shapes.push(pen.line(columns.notes, first - 7, columns.notes, first + lines.length * SMALL_LINE - 8, 'l-note'))
    for (const [index, words] of lines.entries()) {
      shapes.push(pen.text(columns.notes + 6, first + index * SMALL_LINE + 1, words, { className: 'note small' }))
    }
    height = Math.max(height, first - top + lines.length * SMALL_LINE + 4)
  }
  return { height, shapes, ends: drawn.ends }
}

function notesOf({ comments = [] }: PacketEvent): string[] {
  return comments.map((comment) => `✎ ${printable(comment)}`)
}

function runRow(event: RunEvent, top: number, drawing: Drawing): Row {
  const shapes: string[] = []
  let height = 0
  let tail: number | undefined
  let ends: Row['ends']
  for (const from of ['client', 'server'] as const) {
    const part = event[from]
    if (part.segments + part.acks === 0) continue
    const duration = `in ${formatDuration(event.until - event.time)}`
    const parts = runParts(part, duration, drawing.isTcp ? 'segment' : 'datagram', svgTheme)
    const className = part.segments > 0 ? 'data' : 'faint'
    const drawn = drawArrow({ from, parts, className, many: true }, top + height, drawing)
    tail ??= drawn.tail
    ends ??= drawn.ends
    shapes.push(...drawn.shapes)
    height += drawn.height
  }
  const { columns, pen } = drawing
  const y = tail ?? top
  shapes.push(...leftOf(event, event.firstFrame, y, false, drawing))
  shapes.push(
    pen.text(columns.frame, y + 3 + SMALL_LINE, `–${event.lastFrame}`, { anchor: 'end', className: 'strong small' }),
  )
  return { height: Math.max(height, y - top + 20), shapes, ...(ends && { ends }) }
}

interface Arrow {
  readonly from: Role
  readonly parts: readonly Part[]
  /** of the shaft and the head */
  readonly className: string
  /** sentences below it */
  readonly remarks?: readonly { readonly words: string; readonly className: string }[]
  /** it does not arrive */
  readonly lost?: boolean
  /** it begins somewhere on the way */
  readonly midway?: boolean
  /** stands for many packets */
  readonly many?: boolean
}

interface DrawnArrow {
  readonly height: number
  readonly shapes: readonly string[]
  readonly ends: Readonly<Record<Role, number>>
  readonly tail: number
}

/** A slanted arrow: what the segment is stands above it, the rest of its label below, both along it. */
function drawArrow(arrow: Arrow, top: number, { columns, pen }: Drawing): DrawnArrow {
  const { from, className, remarks = [], lost = false, midway = false, many = false } = arrow
  const width = columns.server - columns.client - 2 * CLEAR - 16
  const isSecond = (part: Part) => part.elastic === true || (part.paint === svgTheme.faint && part !== arrow.parts[0])
  // centred, a label must not reach beyond either end
  const room = lost || midway ? width * 0.64 : width
  const above = linesOf(
    arrow.parts.filter((part) => !isSecond(part)),
    Math.floor(room / COLUMN),
  )
  const below = linesOf(arrow.parts.filter(isSecond), Math.floor(room / SMALL_COLUMN))
  const tail = top + above.length * LINE + 2
  const toRight = from === 'client'
  const [x1, x2] = toRight
    ? [columns.client + CLEAR, columns.server - CLEAR]
    : [columns.server - CLEAR, columns.client + CLEAR]
  const reach = lost ? 0.86 : 1
  const begin = midway ? 0.14 : 0
  const [startX, startY] = [x1 + (x2 - x1) * begin, tail + SLANT * begin]
  const [endX, endY] = [x1 + (x2 - x1) * reach, tail + SLANT * reach]
  // the two lines of a double shaft end within its head
  const inset = toRight ? 6 : -6
  const middle = { x: (x1 + x2) / 2, y: tail + SLANT / 2 }
  const angle = (Math.atan2(SLANT, x2 - x1) * 180) / Math.PI
  const rotate = { angle: toRight ? angle : angle - 180, ...middle }
  const shapes = many
    ? [
        pen.line(x1, tail - 1.5, endX - inset, endY - 1.5, `l-${className}`),
        pen.line(x1, tail + 1.5, endX - inset, endY + 1.5, `l-${className}`),
      ]
    : [pen.line(startX, startY, endX, endY, `l-${className}`)]
  if (midway) shapes.push(pen.line(startX, startY - 4, startX, startY + 4, `l-${className}`))
  if (lost) {
    for (const slope of [-5, 5]) shapes.push(pen.line(endX - 5, endY - slope, endX + 5, endY + slope, `l-${className}`))
  } else shapes.push(pen.polygon(arrowHead([x1, tail], [x2, tail + SLANT]), className))
  const put = (spans: readonly Span[], y: number, size: string) =>
    shapes.push(pen.text(middle.x, y, spans, { anchor: 'middle', rotate, className: size }))
  for (const [index, spans] of above.entries()) put(spans, middle.y - 4.5 - (above.length - 1 - index) * LINE, 'ink')
  for (const [index, spans] of below.entries()) put(spans, middle.y + 11 + index * SMALL_LINE, 'ink small')
  let bottom = tail + SLANT + (below.length > 0 ? 4 + below.length * SMALL_LINE : 8)
  for (const { words, className: paint } of remarks) {
    for (const [index, part] of wrap(words, Math.floor(width / SMALL_COLUMN) - 2).entries()) {
      const x = columns.client + 14 + (index > 0 ? 12 : 0)
      shapes.push(pen.text(x, bottom + 6, part, { className: `${paint} small` }))
      bottom += SMALL_LINE
    }
  }
  const ends = toRight ? { client: tail, server: tail + SLANT } : { client: tail + SLANT, server: tail }
  return { height: bottom - top + 5, shapes, ends, tail }
}

/** Frame, time, gap; and a mark where something is wrong. */
function leftOf(
  event: TimelineEvent,
  frame: number,
  y: number,
  marked: boolean,
  { columns, digits, pen }: Drawing,
): string[] {
  const shapes = [
    pen.text(columns.frame, y + 3, String(frame), { anchor: 'end', className: 'strong small' }),
    ...timeOf(formatSeconds(event.time, digits), y + 3, 'ink', { columns, pen }),
  ]
  const gap = formatGap(event)
  if (gap !== '') shapes.push(...timeOf(gap, y + 14.5, 'faint', { columns, pen }))
  if (marked) shapes.push(pen.rect(3, y - 7, 3, 14, 'trouble'), pen.text(8, y + 3, '!', { className: 'trouble small' }))
  return shapes
}

/** In the column of times, where there is one. */
function timeOf(
  words: string,
  y: number,
  className: string,
  { columns, pen }: Pick<Drawing, 'columns' | 'pen'>,
): string[] {
  const { time } = columns
  return time === undefined ? [] : [pen.text(time, y, words, { anchor: 'end', className: `${className} small` })]
}

function silenceRow(event: SilenceEvent, top: number, { columns, pen }: Drawing): Row {
  const middle = (columns.client + columns.server) / 2
  const lines = wrap(explainSilence(event), between(columns))
  const shapes = lines.map((words, index) =>
    pen.text(middle, top + 22 + index * SMALL_LINE, words, { anchor: 'middle', className: 'faint aside small' }),
  )
  const more = (lines.length - 1) * SMALL_LINE
  return { height: 38 + more, shapes, pause: [top + 6, top + 32 + more] }
}

/** A call stands outside the lifeline of the program that makes it, with a tick to it; so does what its kernel says. */
function callRow(event: CallEvent | NetstatEvent, top: number, { columns, digits, pen }: Drawing): Row {
  const isInferred = event.kind === 'call' && event.inferred
  const said = describe(event)
  if (said === '') return { height: 0, shapes: [] }
  const lines = wrap(said, columns.outside)
  const [x, anchor, outwards] =
    event.by === 'client' ? ([columns.client - 10, 'end', -1] as const) : ([columns.server + 10, 'start', 1] as const)
  const lifeline = event.by === 'client' ? columns.client : columns.server
  const shapes = lines.map((words, index) =>
    pen.text(x, top + 9 + index * SMALL_LINE, words, {
      anchor,
      className: isInferred ? 'note aside small' : 'note small',
    }),
  )
  shapes.push(pen.line(lifeline + outwards * 3, top + 6, lifeline + outwards * 8, top + 6, 'l-note thin'))
  if (!isInferred) shapes.push(...timeOf(formatSeconds(event.time, digits), top + 9, 'faint', { columns, pen }))
  return { height: lines.length * SMALL_LINE + 4, shapes }
}

/** What came before the session: across both lifelines. */
function asideRow(words: string, time: number, top: number, { columns, digits, pen }: Drawing): Row {
  const middle = (columns.client + columns.server) / 2
  const lines = wrap(words, between(columns))
  const shapes = lines.map((one, index) =>
    pen.text(middle, top + 11 + index * SMALL_LINE, one, { anchor: 'middle', className: 'note small' }),
  )
  shapes.push(...timeOf(formatSeconds(time, digits), top + 11, 'ink', { columns, pen }))
  return { height: lines.length * SMALL_LINE + 8, shapes }
}

/** A filled arrow head with its point at the end of a line. */
function arrowHead([fromX, fromY]: Point2, [x, y]: Point2): Point2[] {
  const length = Math.hypot(x - fromX, y - fromY)
  const [dx, dy] = [((x - fromX) / length) * 9, ((y - fromY) / length) * 9]
  return [
    [x, y],
    [x - dx - dy * 0.38, y - dy + dx * 0.38],
    [x - dx + dy * 0.38, y - dy - dx * 0.38],
  ]
}
