/** Looks up by their times what is in the order of a capture or of a stream: times may run backwards there. */
import { lastUpTo } from '../../../bytes/lists.js'

export class ByTime<T extends { readonly time: number }> {
  /** each with the earliest time from there on: these are in order */
  readonly #list: { readonly value: T; earliest: number }[]

  constructor(values: readonly T[]) {
    this.#list = values.map((value) => ({ value, earliest: value.time }))
    let earliest = Number.POSITIVE_INFINITY
    for (const each of this.#list.toReversed()) {
      earliest = Math.min(earliest, each.earliest)
      each.earliest = earliest
    }
  }

  /** The last one whose time is at most `limit`. */
  last(limit: number): T | undefined {
    return lastUpTo(this.#list, limit, ({ earliest }) => earliest)?.value
  }
}
