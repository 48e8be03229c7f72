/**
 * Rows of a kind, column by column: a page carries thousands of events, and naming each part of each of them makes most of
 * a page's size and of the time until it is there. What comes out of `rowsOf(columnsOf(rows))` equals `rows`; values that
 * are alike may be one and the same.
 */

type Row = Readonly<Record<string, unknown>>

/** Plain data for JSON. Rows with the same keys have a shape in common. */
export interface Columns {
  readonly count: number
  /** keys of each shape */
  readonly shapes: readonly (readonly string[])[]
  /** which shape each row has */
  readonly shape: Column
  /** of each key its values, in the rows that have it */
  readonly columns: Readonly<Record<string, Column>>
}

export type Column =
  /** as they are */
  | { readonly values: readonly unknown[] }
  /** integers, each as the difference to the one before */
  | { readonly steps: readonly number[] }
  /** few different ones, and which of them each is, a letter a value, the first being FIRST_KIND; without `at` there is only one */
  | { readonly kinds: readonly unknown[]; readonly at?: string }
  /** objects */
  | { readonly rows: Columns }

/** `#`: it and those that follow can be seen. */
const FIRST_KIND = 0x23
const MOST_KINDS = 0x7f - FIRST_KIND

export function columnsOf(rows: readonly object[]): Columns {
  const shapes = new Map<string, { readonly index: number; readonly keys: readonly string[] }>()
  const shape: number[] = []
  const values = new Map<string, unknown[]>()
  for (const row of rows as readonly Row[]) {
    const keys = Object.keys(row).filter((key) => row[key] !== undefined)
    const name = keys.join()
    const found = shapes.get(name) ?? { index: shapes.size, keys }
    shapes.set(name, found)
    shape.push(found.index)
    for (const key of keys) {
      const column = values.get(key)
      if (column === undefined) values.set(key, [row[key]])
      else column.push(row[key])
    }
  }
  return {
    count: rows.length,
    shapes: [...shapes.values()].map(({ keys }) => keys),
    shape: columnOf(shape),
    columns: Object.fromEntries([...values].map(([key, column]) => [key, columnOf(column)])),
  }
}

function columnOf(values: readonly unknown[]): Column {
  const kinds = kindsOf(values)
  if (kinds !== undefined) return kinds
  if (values.every(isObject)) return { rows: columnsOf(values) }
  return values.every(Number.isSafeInteger) ? { steps: stepsOf(values as readonly number[]) } : { values }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Undefined where they are too many. */
function kindsOf(values: readonly unknown[]): Column | undefined {
  const kinds = new Map<string, number>()
  let at = ''
  const most = Math.min(MOST_KINDS, values.length / 4 + 1)
  for (const value of values) {
    const name = JSON.stringify(value)
    const kind = kinds.get(name) ?? kinds.size
    kinds.set(name, kind)
    if (kinds.size > most) return undefined
    at += String.fromCharCode(FIRST_KIND + kind)
  }
  const different = [...kinds.keys()].map((name) => JSON.parse(name) as unknown)
  return different.length === 1 ? { kinds: different } : { kinds: different, at }
}

function stepsOf(values: readonly number[]): number[] {
  return values.map((value, index) => value - (values[index - 1] ?? 0))
}

export function rowsOf({ count, shapes, shape, columns }: Columns): object[] {
  const readers = new Map(Object.entries(columns).map(([key, column]) => [key, reader(column)]))
  const kinds = shapes.map((keys) => keys.map((key) => [key, readers.get(key) ?? nothing] as const))
  const next = reader(shape)
  const rows: object[] = []
  for (let i = 0; i < count; i++) {
    const row: Record<string, unknown> = {}
    for (const [key, read] of kinds[Number(next())] ?? []) row[key] = read()
    rows.push(row)
  }
  return rows
}

function nothing(): unknown {
  return undefined
}

/** Gives one value after the other. */
function reader(column: Column): () => unknown {
  let i = 0
  if ('values' in column) return () => column.values[i++]
  if ('steps' in column) {
    let value = 0
    return () => {
      value += column.steps[i++] ?? 0
      return value
    }
  }
  if ('rows' in column) {
    const rows = rowsOf(column.rows)
    return () => rows[i++]
  }
  const { kinds, at } = column
  return at === undefined ? () => kinds[0] : () => kinds[at.charCodeAt(i++) - FIRST_KIND]
}
