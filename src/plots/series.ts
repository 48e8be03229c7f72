/** Small parts that all plots are put together from. */
import type { Role } from '../sessions/summary.js'
import type { Plot, Series } from './model.js'

/** A series without points is none. */
export function some(series: Series): Series[] {
  return series.points.length === 0 ? [] : [series]
}

/** The earliest and the latest, which need not be the first and the last where a clock stepped back. */
export function extent(moments: readonly { readonly time: number }[]): readonly [from: number, until: number] {
  return moments.reduce<readonly [number, number]>(
    ([from, until], { time }) => [Math.min(from, time), Math.max(until, time)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}

/** Which session and direction a plot is of. */
export function identity(
  { protocol, session }: Pick<Plot, 'protocol' | 'session'>,
  sender: Role,
): Pick<Plot, 'protocol' | 'session' | 'sender'> {
  return { protocol, session, sender }
}
