/** The pieces of a label in lines of at most so many columns, for text of one width a character. */
import type { Part } from '../ladder/lane.js'
import type { Span } from '../pen.js'
import { displayWidth, truncate, wrap } from '../width.js'
import { classOf } from './style.js'

const GAP = 2
/** A payload shorter than this says little. */
const SHORTEST_PAYLOAD = 16
/** A figure shows what it is, not what it says. */
const LONGEST_PAYLOAD = 44

export function linesOf(parts: readonly Part[], columns: number): Span[][] {
  const lines: Span[][] = []
  let used = columns
  const put = (text: string, className: string) => {
    const width = displayWidth(text)
    if (used + GAP + width > columns) {
      lines.push([])
      used = -GAP
    }
    lines.at(-1)?.push({ text, className })
    used += GAP + width
  }
  for (const part of parts) {
    const room = columns - used - GAP
    if (part.elastic) {
      const most = Math.min(LONGEST_PAYLOAD, room >= SHORTEST_PAYLOAD ? room : columns)
      put(truncate(part.text, most), classOf(part.paint))
    } else for (const piece of wrap(part.text, columns)) put(piece, classOf(part.paint))
  }
  return lines
}
