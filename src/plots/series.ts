/** Small parts that all plots are put together from. */
import type { Role } from '../sessions/summary.js'
import type { Plot, Series } from './model.js'

/** A series without points is none. */
export function some(series: Series): Series[] {
  return series.points.length === 0 ? [] : [series]
}

/** Which session and direction a plot is of. */
export function identity(
  { protocol, session }: Pick<Plot, 'protocol' | 'session'>,
  sender: Role,
): Pick<Plot, 'protocol' | 'session' | 'sender'> {
  return { protocol, session, sender }
}
