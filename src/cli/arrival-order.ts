/**
 * Where segments are analysed, lines come from two threads, and each goes through what it has session by session. This puts them into the
 * order in which the sessions were let go, so that what is printed does not depend on who was quicker.
 */
import { LineStore } from './line-store.js'
import type { ReorderWindow } from './reorder-window.js'

interface Waiting {
  readonly protocol: 'tcp' | 'udp'
  readonly number: number
  /** of the line */
  readonly place: number
}

export class ArrivalOrder {
  readonly #window: ReorderWindow
  readonly #lines = new LineStore()
  readonly #waiting = new Map<number, Waiting>()
  #next = 0

  constructor(window: ReorderWindow) {
    this.#window = window
  }

  /** Takes the line of a session, or copies it; `turn`: how many sessions were let go before it. */
  add(turn: number, protocol: 'tcp' | 'udp', number: number, line: Uint8Array): void {
    if (turn !== this.#next) {
      this.#waiting.set(turn, { protocol, number, place: this.#lines.put(line) })
      return
    }
    this.#window.add(protocol, number, line)
    for (;;) {
      this.#next++
      const waiting = this.#waiting.get(this.#next)
      if (waiting === undefined) return
      this.#waiting.delete(this.#next)
      this.#window.add(waiting.protocol, waiting.number, this.#lines.take(waiting.place))
    }
  }
}
