/** What fits into a field's cell: its name in one or two lines, and its value. */
import { printable } from '../../bytes/printable.js'
import { displayWidth, truncate, wrap } from '../width.js'
import type { CellField } from './layout.js'

export interface CellWords {
  readonly label: readonly string[]
  readonly value: string
}

const MOST_LINES = 2

/** Three letters fit above a single bit. */
const FEWEST = 3

/** For a cell of so many columns. */
export function wordsFor(field: CellField, room: number): CellWords {
  const { label, short, value, meaning } = field
  const columns = Math.max(FEWEST, room)
  if (columns === FEWEST) return { label: [truncate(short, columns)], value: value.slice(0, columns) }
  const lines = wrap(label, columns)
  const fits = lines.length <= MOST_LINES && label.split(' ').every((word) => displayWidth(word) <= columns)
  return { label: fits ? lines : [truncate(short, columns)], value: valueFor(value, meaning, columns) }
}

function valueFor(value: string, meaning: string | undefined, columns: number): string {
  const full = printable(meaning === undefined ? value : `${value} (${meaning})`)
  return displayWidth(full) <= columns ? full : truncate(printable(value), columns)
}
