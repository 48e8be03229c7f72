/** Sessions as a table, one row each: who, how much, and the verdict, in as many columns as the width allows. */
import Table from 'cli-table3'
import { formatCount, formatDuration } from '../bytes/units.js'
import { formatEndpoint } from '../explain/endpoints.js'
import { verdict, wentWell } from '../explain/verdict.js'
import type { SessionSummary } from '../sessions/summary.js'
import type { Theme } from './style.js'
import { displayWidth, padEnd, padStart, wrap } from './width.js'

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

/** Rows of a long table that cli-table3 draws. */
export const FIRST_ROWS = 100

const GAP = 2
/** The verdict is what the table is for: columns are left out, and long addresses (IPv6) broken, until it has so much. */
const SHORTEST_VERDICT = 36
/** Every IPv4 address with its port, and the question mark of a role that is assumed. */
const LONGEST_ADDRESS = 22

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

/** The table's lines, with a title. cli-table3 takes about 0.7 ms a row: what is longer goes on with `moreRows`. */
export function sessionsTable(summaries: readonly SessionSummary[], layout: TableLayout, theme: Theme): string[] {
  const { columns, widths } = layout
  const table = new Table({
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
    head: [...columns.map((column) => theme.strong(column.title)), theme.strong('verdict')],
    colAligns: [...columns.map((column) => column.align), 'left'],
    colWidths: [...widths],
  })
  for (const summary of summaries) table.push(cellsOf(summary, layout, theme).map((lines) => lines.join('\n')))
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
}

/** Rows in the table's columns, to stand below it: as cli-table3 lays them out, a hundred times as fast. */
export function* moreRows(summaries: Iterable<SessionSummary>, layout: TableLayout, theme: Theme): Generator<string> {
  for (const summary of summaries) {
    const cells = cellsOf(summary, layout, theme)
    const height = Math.max(...cells.map((lines) => lines.length))
    for (let line = 0; line < height; line++) {
      let text = ''
      for (const [index, { align }] of layout.columns.entries()) {
        const pad = align === 'right' ? padStart : padEnd
        text += pad(cells[index]?.[line] ?? '', layout.widths[index] ?? 0) + ' '.repeat(GAP)
      }
      yield (text + (cells.at(-1)?.[line] ?? '')).trimEnd()
    }
  }
}

/** Each cell's lines, the verdict's last. */
function cellsOf(summary: SessionSummary, { columns, widths }: TableLayout, theme: Theme): string[][] {
  const paint = wentWell(summary) ? theme.good : theme.trouble
  // an address has no spaces to be broken at, so that the table would not break it
  const cells = columns.map((column, index) => wrap(column.cell(summary), widths[index] ?? 1))
  return [...cells, wrap(verdict(summary), widths.at(-1) ?? 1).map(paint)]
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
