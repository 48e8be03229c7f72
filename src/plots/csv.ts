/**
 * A plot's points as CSV (RFC 4180), one a line, for one's own plots. Two blank lines before each series but the first, as
 * gnuplot's `index` wants them; spreadsheets, pandas and R skip them.
 */
import { formatSeconds } from '../bytes/time.js'
import type { Plot, Unit } from './model.js'

const HEAD = 'plot,from,series,time_s,value,value_to,unit,frame,note'

export function* csvLines(plots: readonly Plot[]): Generator<string> {
  yield HEAD
  let isFirst = true
  for (const { name, sender, series, value } of plots) {
    for (const { key, points } of series) {
      if (!isFirst) yield* ['', '']
      isFirst = false
      for (const { time, value: y, to, frame, note } of points) {
        const cells = [
          name,
          sender,
          key,
          formatSeconds(time, 9),
          number(y, value.unit),
          to === undefined ? '' : number(to, value.unit),
          UNITS[value.unit],
          frame ?? '',
          note === undefined ? '' : `"${note.replaceAll('"', '""')}"`,
        ]
        yield cells.join(',')
      }
    }
  }
}

/** Durations in seconds, as the times. */
const UNITS: Readonly<Record<Unit, string>> = { ns: 's', B: 'B', 'bit/s': 'bit/s' }

function number(value: number, unit: Unit): string {
  return unit === 'ns' ? formatSeconds(value, 9) : String(value)
}
