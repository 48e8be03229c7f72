/** What is drawn between the two lifelines: arrows, and text that belongs to the arrow above it. */
import type { Role } from '../../sessions/summary.js'
import type { Paint } from '../style.js'
import { displayWidth, padEnd, truncate, wrap } from '../width.js'
import type { Layout } from './layout.js'

/** A piece of a label. Pieces are kept whole as far as they fit. */
export interface Part {
  readonly text: string
  readonly paint: Paint
  /** it is cut off rather than wrapped where it does not fit: a preview */
  readonly elastic?: boolean
}

export interface Arrow {
  readonly from: Role
  readonly parts: readonly Part[]
  /** of the shaft and the head */
  readonly paint: Paint
  /** drawn double: stands for many packets */
  readonly double?: boolean
  /** its receiver did not take it */
  readonly lost?: boolean
  /** it does not come from the lifeline: somebody on the way sent it */
  readonly midway?: boolean
}

const SEPARATOR = '  '
/** columns from the lifeline to the label */
const INDENT = 5
/** columns of the shaft's end at its shortest: a blank, a dash, the head, the lifeline */
const SHORTEST_END = 4
/** columns between a shaft and the lifeline that it does not reach, or does not come from, at least */
const MISSED = 4
/** A preview with less room than this goes into the next line. */
const SHORTEST_PREVIEW = 12

/** The arrow with as much of its label as fits, and the lines below with the rest. */
export function drawArrow(layout: Layout, arrow: Arrow): string[] {
  const end = SHORTEST_END + (arrow.lost || arrow.midway ? MISSED : 0)
  const [first = [], ...rest] = flow(arrow.parts, layout.laneWidth - INDENT - end, textWidth(layout))
  const lines = [shaft(layout, arrow, first)]
  for (const line of rest) lines.push(textLine(layout, line))
  return lines
}

/** A line of text between the lifelines, in the pieces that a label is made of. */
export function drawText(layout: Layout, parts: readonly Part[]): string[] {
  const lines = flow(parts, textWidth(layout), textWidth(layout)).filter((line) => line.length > 0)
  return lines.map((line) => textLine(layout, line))
}

/** A remark between lifelines that are dotted, since nothing happens on them. */
export function drawPause(layout: Layout, text: string, paint: Paint): string[] {
  const width = textWidth(layout)
  const { faint } = layout.theme
  return wrap(text, width).map((line) => {
    const blank = layout.laneWidth - 2 - displayWidth(line)
    const before = blank >> 1
    return `${faint('┊')}${' '.repeat(before)}${paint(line)}${' '.repeat(blank - before)}${faint('┊')}`
  })
}

function textWidth(layout: Layout): number {
  return layout.laneWidth - INDENT - 2
}

function textLine(layout: Layout, parts: readonly Part[]): string {
  const { faint } = layout.theme
  const missing = layout.laneWidth - 1 - INDENT - widthOf(parts)
  return `${faint('│')}${' '.repeat(INDENT - 1)}${paintAll(parts)}${' '.repeat(Math.max(0, missing))}${faint('│')}`
}

function shaft(layout: Layout, arrow: Arrow, parts: readonly Part[]): string {
  const { faint } = layout.theme
  const dash = arrow.double ? '═' : '─'
  const label = parts.length === 0 ? '' : ` ${paintAll(parts)} `
  const labelWidth = parts.length === 0 ? 0 : widthOf(parts) + 2
  if (arrow.midway) {
    const blank = ' '.repeat(Math.max(0, layout.laneWidth - 7 - labelWidth))
    const [before, after] = arrow.from === 'client' ? [`${blank}╶─`, '──▶'] : ['◀──', `─╴${blank}`]
    return faint('│') + arrow.paint(before) + label + arrow.paint(after) + faint('│')
  }
  if (arrow.from === 'client') {
    const length = layout.laneWidth - 6 - labelWidth
    const end = arrow.lost ? lostEnd(length + 1, dash) : dash.repeat(length) + '▶'
    return faint('├') + arrow.paint(dash.repeat(3)) + label + arrow.paint(end) + faint('│')
  }
  const head = arrow.lost ? ` ✗${dash}` : `◀${dash.repeat(2)}`
  return (
    faint('│') + arrow.paint(head) + label + arrow.paint(dash.repeat(layout.laneWidth - 5 - labelWidth)) + faint('┤')
  )
}

/** A shaft that does not reach the lifeline. */
function lostEnd(length: number, dash: string): string {
  const missed = Math.min(MISSED, length - 2)
  return padEnd(dash.repeat(length - missed - 1) + '✗', length)
}

/** Breaks parts into lines: the first as wide as there is room on the arrow, the others as wide as the lane allows. */
function flow(parts: readonly Part[], firstWidth: number, width: number): Part[][] {
  const lines: Part[][] = []
  let line: Part[] = []
  let room = firstWidth
  const newLine = () => {
    lines.push(line)
    line = []
    room = width
  }
  for (const part of parts) {
    const separator = line.length > 0 ? SEPARATOR.length : 0
    const needed = displayWidth(part.text) + separator
    if (needed <= room) {
      line.push(part)
      room -= needed
    } else if (part.elastic && room - separator >= SHORTEST_PREVIEW && needed > width) {
      line.push({ ...part, text: shorten(part.text, room - separator) })
      room = 0
    } else {
      if (line.length > 0 || lines.length === 0) newLine()
      const pieces = part.elastic ? [shorten(part.text, width)] : wrap(part.text, width)
      for (const [index, text] of pieces.entries()) {
        if (index > 0) newLine()
        line.push({ ...part, text })
        room = width - displayWidth(text)
      }
    }
  }
  if (line.length > 0 || lines.length === 0) lines.push(line)
  return lines
}

/** Cut off, but for the quotation mark at its end. */
function shorten(text: string, width: number): string {
  if (!text.endsWith('"') || displayWidth(text) <= width) return truncate(text, width)
  return `${truncate(text.slice(0, -1), width - 1)}"`
}

function widthOf(parts: readonly Part[]): number {
  let width = SEPARATOR.length * Math.max(0, parts.length - 1)
  for (const part of parts) width += displayWidth(part.text)
  return width
}

function paintAll(parts: readonly Part[]): string {
  return parts.map((part) => part.paint(part.text)).join(SEPARATOR)
}
