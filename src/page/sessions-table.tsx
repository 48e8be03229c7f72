/** The sessions of a capture: sorted by any column, filtered, searched. */
import { useMemo, useState } from 'preact/hooks'
import { countOf, formatCount, formatDuration, formatSize } from '../bytes/units.js'
import { formatEndpoint } from '../explain/endpoints.js'
import type { PageCapture, PageRow } from '../render/html/model.js'
import { sessionName } from './model.js'
import { hrefOf } from './route.js'

type Column = 'session' | 'client' | 'server' | 'packets' | 'bytes' | 'duration' | 'verdict'
type Filter = 'all' | 'wrong' | 'noted'

const COLUMNS: readonly (readonly [Column, string])[] = [
  ['session', 'session'],
  ['client', 'client'],
  ['server', 'server'],
  ['packets', 'packets'],
  ['bytes', 'on the wire'],
  ['duration', 'duration'],
  ['verdict', 'verdict'],
]
const NUMERIC: ReadonlySet<Column> = new Set(['packets', 'bytes', 'duration'])
/** Rows that are there before more are asked for. */
const AT_FIRST = 200

export interface SessionsTableProps {
  readonly index: number
  readonly capture: PageCapture
  /** keys of the sessions that have notes */
  readonly noted: ReadonlySet<string>
}

export function SessionsTable({ index, capture, noted }: SessionsTableProps) {
  const { rows } = capture
  const [sort, setSort] = useState<readonly [Column, 1 | -1]>(['session', 1])
  const [filter, setFilter] = useState<Filter>('all')
  const [search, setSearch] = useState('')
  const [most, setMost] = useState(AT_FIRST)
  const told = useMemo(() => new Set(capture.told.map(({ key }) => key)), [capture])
  const order = useMemo(() => new Map(rows.map((row, place) => [row.key, place])), [rows])
  const found = useMemo(() => {
    const words = search.toLowerCase().split(/\s+/).filter(Boolean)
    const kept = rows.filter(
      (row) =>
        (filter === 'all' || (filter === 'wrong' ? !row.well : noted.has(row.key))) &&
        words.every((word) => textOf(row).includes(word)),
    )
    const [column, direction] = sort
    return kept.toSorted((a, b) => direction * compare(a, b, column, order))
  }, [rows, filter, search, sort, noted])
  if (rows.length === 0) return <p>There is no TCP or UDP session in it.</p>
  const wrong = rows.filter((row) => !row.well).length
  const filters: readonly (readonly [Filter, string])[] = [
    ['all', `all ${formatCount(rows.length)}`],
    ['wrong', `not as it should be ${formatCount(wrong)}`],
    ['noted', `with notes ${formatCount(noted.size)}`],
  ]
  return (
    <>
      <div class="tools">
        <label>
          <span class="label">Search</span>
          <input
            type="search"
            value={search}
            placeholder="address, port, verdict"
            onInput={(event) => setSearch(event.currentTarget.value)}
          />
        </label>
        <fieldset class="chips">
          <legend class="unseen">Which sessions</legend>
          {filters.map(([name, label]) => (
            <button
              key={name}
              type="button"
              class="chip"
              aria-pressed={filter === name}
              onClick={() => setFilter(name)}
            >
              {label}
            </button>
          ))}
        </fieldset>
        <output class="faint">{found.length < rows.length ? `${countOf(found.length, 'session')} found` : ''}</output>
      </div>
      <table class="sessions">
        <caption class="unseen">Sessions; the buttons in the heads sort</caption>
        <thead>
          <tr>
            {COLUMNS.map(([column, label]) => (
              <th
                key={column}
                scope="col"
                class={NUMERIC.has(column) ? 'number' : ''}
                aria-sort={sort[0] !== column ? 'none' : sort[1] === 1 ? 'ascending' : 'descending'}
              >
                <button
                  type="button"
                  class="sort"
                  onClick={() => setSort([column, sort[0] === column && sort[1] === 1 ? -1 : 1])}
                >
                  {label}
                  <span aria-hidden="true">{sort[0] !== column ? '' : sort[1] === 1 ? ' ▲' : ' ▼'}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {found.slice(0, most).map((row) => (
            <Row key={row.key} row={row} href={told.has(row.key) ? hrefOf({ capture: index, session: row.key }) : ''} />
          ))}
        </tbody>
      </table>
      {found.length > most && (
        <button type="button" class="button" onClick={() => setMost(most + 5 * AT_FIRST)}>
          Show {formatCount(Math.min(found.length - most, 5 * AT_FIRST))} more of {formatCount(found.length)}
        </button>
      )}
    </>
  )
}

function Row({ row, href }: { readonly row: PageRow; readonly href: string }) {
  const open = () => {
    if (href !== '' && getSelection()?.isCollapsed !== false) location.hash = href
  }
  return (
    <tr class={href === '' ? '' : 'opens'} onClick={open}>
      <th scope="row" data-label="session">
        {href === '' ? sessionName(row.key) : <a href={href}>{sessionName(row.key)}</a>}
      </th>
      <td data-label="client">{formatEndpoint(row.client)}</td>
      <td data-label="server">{formatEndpoint(row.server)}</td>
      <td data-label="packets" class="number">
        {formatCount(row.packets)}
      </td>
      <td data-label="on the wire" class="number">
        {formatSize(row.bytes)}
      </td>
      <td data-label="duration" class="number">
        {formatDuration(row.duration)}
      </td>
      <td data-label="verdict" class={row.well ? 'well' : 'wrong'}>
        <span aria-hidden="true">{row.well ? '✓ ' : '! '}</span>
        {row.verdict}
      </td>
    </tr>
  )
}

function textOf(row: PageRow): string {
  const { key, client, server, verdict } = row
  return `${key} ${sessionName(key)} ${formatEndpoint(client)} ${formatEndpoint(server)} ${verdict}`.toLowerCase()
}

function compare(a: PageRow, b: PageRow, column: Column, order: ReadonlyMap<string, number>): number {
  const byOrder = (order.get(a.key) ?? 0) - (order.get(b.key) ?? 0)
  switch (column) {
    case 'session':
      return byOrder
    case 'client':
    case 'server':
      return formatEndpoint(a[column]).localeCompare(formatEndpoint(b[column]), 'en', { numeric: true }) || byOrder
    case 'verdict':
      return Number(a.well) - Number(b.well) || a.verdict.localeCompare(b.verdict, 'en') || byOrder
    default:
      return a[column] - b[column] || byOrder
  }
}
