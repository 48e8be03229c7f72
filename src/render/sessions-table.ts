/** Sessions as a table, one row each: who, how much, and the verdict, in as many columns as the width allows. */
import Table from 'cli-table3'
import { formatCount, formatDuration } from '../bytes/units.js'
import { formatEndpoint } from '../explain/endpoints.js'
import { verdict, wentWell } from '../explain/verdict.js'
import type { SessionSummary } from '../sessions/summary.js'
import type { Theme } from './style.js'
import { displayWidth, wrap } from './width.js'

interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  readonly cell: (summary: SessionSummary) => string
  /** it is left out where the width does not allow it, the highest rank first; 0: never */
  readonly rank: number
}

const COLUMNS: readonly Column[] = [
  { title: '#', align: 'left', rank: 0, cell: (s) => `${s.protocol.toUpperCase()} ${s.session}` },
  { title: 'client', align: 'left', rank: 0, cell: (s) => formatEndpoint(s.client) + (s.assumed ? '?' : '') },
  { title: 'server', align: 'left', rank: 0, cell: (s) => formatEndpoint(s.server) + (s.assumed ? '?' : '') },
  { title: 'packets', align: 'right', rank: 1, cell: (s) => formatCount(s.packets) },
  { title: 'time', align: 'right', rank: 3, cell: (s) => formatDuration(s.duration) },
  { title: 'B →', align: 'right', rank: 2, cell: (s) => formatCount(s.data.client.bytes) },
  { title: '← B', align: 'right', rank: 2, cell: (s) => formatCount(s.data.server.bytes) },
  { title: 'state', align: 'left', rank: 4, cell: (s) => s.connState },
]

/** Rows that are laid out together: a table of any length needs memory for no more. */
export const ROWS_AT_ONCE = 1000

const GAP = 2
/** The verdict is what the table is for: columns are left out, and long addresses (IPv6) broken, until it has so much. */
const SHORTEST_VERDICT = 36
const LONGEST_ADDRESS = 20

/** Which columns a table has, and how wide each is; the verdict comes last. */
export interface TableLayout {
  readonly columns: readonly Column[]
  readonly widths: readonly number[]
}

/** The layout in which these sessions fit the width. */
export function tableLayout(summaries: readonly SessionSummary[], width: number): TableLayout {
  const natural = new Map(COLUMNS.map((column) => [column, widest(column, summaries)]))
  for (const longest of [Number.POSITIVE_INFINITY, LONGEST_ADDRESS]) {
    for (let rank = 4; rank >= (longest === LONGEST_ADDRESS ? 0 : 1); rank--) {
      const columns = COLUMNS.filter((column) => column.rank <= rank)
      const widths = columns.map((column) => Math.min(natural.get(column) ?? 0, longest))
      const rest = width - widths.reduce((sum, each) => sum + each + GAP, 0)
      if (rest >= SHORTEST_VERDICT || (rank === 0 && longest === LONGEST_ADDRESS)) {
        return { columns, widths: [...widths, Math.max(rest, 1)] }
      }
    }
  }
  return { columns: [], widths: [width] }
}

function widest({ title, cell }: Column, summaries: readonly SessionSummary[]): number {
  let width = displayWidth(title)
  for (const summary of summaries) width = Math.max(width, displayWidth(cell(summary)))
  return width
}

/** The table's lines, with a title or, below an earlier part of it, without. */
export function sessionsTable(
  summaries: readonly SessionSummary[],
  { columns, widths }: TableLayout,
  theme: Theme,
  titled = true,
): string[] {
  const titles = [...columns.map((column) => theme.strong(column.title)), theme.strong('verdict')]
  const table = new Table({
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    ...(titled && { head: titles }),
    colAligns: [...columns.map((column) => column.align), 'left'],
    colWidths: [...widths],
    wordWrap: true,
    // an address has no spaces to be broken at: the cells are wrapped here
    wrapOnWordBoundary: false,
  })
  for (const summary of summaries) {
    const paint = wentWell(summary) ? theme.good : theme.trouble
    const cells = columns.map((column, index) => wrap(column.cell(summary), widths[index] ?? 1).join('\n'))
    const last = wrap(verdict(summary), widths.at(-1) ?? 1)
    table.push([...cells, last.map(paint).join('\n')])
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

const NO_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}
