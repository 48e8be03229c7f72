/** What one end has selectively acknowledged beyond its acknowledgment (RFC 2018), all its reports taken together. */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'

/** More blocks than this at once are not kept apart: the first is forgotten. */
const LIMIT = 1024

export class Selected {
  /** in order of sequence, and apart: left and right edge in turn */
  readonly #edges: number[] = []

  /** Has it been told that all of [left, right) had come? */
  covers(left: number, right: number): boolean {
    const edges = this.#edges
    for (let i = 0; i < edges.length; i += 2) {
      if (sequenceBefore(left, edges[i] ?? 0)) return false
      if (sequenceBefore(left, edges[i + 1] ?? 0)) return !sequenceAfter(right, edges[i + 1] ?? 0)
    }
    return false
  }

  /** How many bytes from `start` on it has told of. */
  bytesFrom(start: number): number {
    const edges = this.#edges
    let bytes = 0
    for (let i = 0; i < edges.length; i += 2) {
      const [left = 0, right = 0] = [edges[i], edges[i + 1]]
      if (sequenceAfter(right, start)) bytes += sequenceDifference(right, sequenceAfter(left, start) ? left : start)
    }
    return bytes
  }

  add(left: number, right: number): void {
    const edges = this.#edges
    let first = 0
    while (first < edges.length && sequenceBefore(edges[first + 1] ?? 0, left)) first += 2
    let last = first
    let [from, to] = [left, right]
    for (; last < edges.length && !sequenceAfter(edges[last] ?? 0, right); last += 2) {
      if (sequenceBefore(edges[last] ?? 0, from)) from = edges[last] ?? 0
      if (sequenceAfter(edges[last + 1] ?? 0, to)) to = edges[last + 1] ?? 0
    }
    if (last === first + 2) {
      edges[first] = from
      edges[first + 1] = to
    } else edges.splice(first, last - first, from, to)
    if (edges.length > 2 * LIMIT) edges.splice(0, 2)
  }

  /** All before `acknowledged` has come in order. */
  acknowledge(acknowledged: number): void {
    const edges = this.#edges
    let gone = 0
    while (gone < edges.length && !sequenceAfter(edges[gone + 1] ?? 0, acknowledged)) gone += 2
    if (gone > 0) edges.splice(0, gone)
    if (edges.length > 0 && sequenceBefore(edges[0] ?? 0, acknowledged)) edges[0] = acknowledged
  }
}
