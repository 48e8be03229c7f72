/** Sessions as a table, one row each: who, how much, and the verdict, in as many columns as the width allows. */
import Table from 'cli-table3'
import { formatCount, formatDuration } from '../bytes/units.js'
import { formatEndpoint } from '../explain/endpoints.js'
import { verdict, wentWell } from '../explain/verdict.js'
import type { SessionSummary } from '../sessions/summary.js'
import type { Theme } from './style.js'
import { displayWidth } from './width.js'

interface Column {
  readonly title: string
  readonly align: 'left' | 'right'
  readonly cell: (summary: SessionSummary) => string
  /** columns that the output must have for it to be shown */
  readonly from: number
}

const COLUMNS: readonly Column[] = [
  { title: '#', align: 'left', from: 0, cell: (s) => `${s.protocol.toUpperCase()} ${s.session}` },
  { title: 'client', align: 'left', from: 0, cell: (s) => formatEndpoint(s.client) + (s.assumed ? '?' : '') },
  { title: 'server', align: 'left', from: 0, cell: (s) => formatEndpoint(s.server) + (s.assumed ? '?' : '') },
  { title: 'packets', align: 'right', from: 96, cell: (s) => formatCount(s.packets) },
  { title: 'time', align: 'right', from: 112, cell: (s) => formatDuration(s.duration) },
  { title: 'B →', align: 'right', from: 96, cell: (s) => formatCount(s.data.client.bytes) },
  { title: '← B', align: 'right', from: 96, cell: (s) => formatCount(s.data.server.bytes) },
  { title: 'state', align: 'left', from: 136, cell: (s) => s.connState },
]

/** Rows that are laid out together: a table of any length needs memory for no more. */
export const ROWS_AT_ONCE = 1000

const GAP = 2
const SHORTEST_VERDICT = 24
const LONGEST_ENDPOINT = 27

/**
 * The table's lines. The columns are as wide as these sessions need; with `widths` of an earlier part, the table goes on
 * below it without a title.
 */
export function sessionsTable(
  summaries: readonly SessionSummary[],
  width: number,
  theme: Theme,
  widths?: readonly number[],
): { readonly lines: string[]; readonly widths: readonly number[] } {
  const columns = COLUMNS.filter((column) => width >= column.from)
  const fitted = widths ?? fit(columns, summaries, width)
  const table = new Table({
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    ...(widths === undefined && {
      head: [...columns.map((column) => theme.strong(column.title)), theme.strong('verdict')],
    }),
    colAligns: [...columns.map((column) => column.align), 'left'],
    colWidths: [...fitted],
    wordWrap: true,
    wrapOnWordBoundary: true,
  })
  for (const summary of summaries) {
    const paint = wentWell(summary) ? theme.good : theme.trouble
    table.push([...columns.map((column) => column.cell(summary)), paint(verdict(summary))])
  }
  const lines = table.toString().split('\n')
  return { lines: lines.map((line) => line.trimEnd()), widths: fitted }
}

/** Every column as wide as its widest cell; the verdict gets what is left. */
function fit(columns: readonly Column[], summaries: readonly SessionSummary[], width: number): number[] {
  const widths = columns.map(({ title, cell }) => {
    let widest = displayWidth(title)
    for (const summary of summaries) widest = Math.max(widest, displayWidth(cell(summary)))
    return widest
  })
  const used = widths.reduce((sum, each) => sum + each + GAP, 0)
  const verdictWidth = Math.max(SHORTEST_VERDICT, width - used)
  if (used + verdictWidth <= width) return [...widths, verdictWidth]
  // only long addresses (IPv6) make it too wide: they are broken
  const narrowed = widths.map((each) => Math.min(each, LONGEST_ENDPOINT))
  const rest = width - narrowed.reduce((sum, each) => sum + each + GAP, 0)
  return [...narrowed, Math.max(SHORTEST_VERDICT, rest)]
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
