/**
 * Puts sessions, which end in any order, into the order of their numbers: a line waits until all before it have come. Each
 * protocol counts for itself. So that one long session does not hold up everything, no more than so many lines wait.
 */
import { LineStore, type Place } from './line-store.js'

const WIDTH = 8192

export class ReorderWindow {
  readonly #emit: (line: Uint8Array) => void
  readonly #width: number
  readonly #waiting = { tcp: new Map<number, Place>(), udp: new Map<number, Place>() }
  readonly #lines = new LineStore()
  /** the lowest number that has not come */
  readonly #next = { tcp: 0, udp: 0 }

  constructor(emit: (line: Uint8Array) => void, width = WIDTH) {
    this.#emit = emit
    this.#width = width
  }

  /** Takes a line, or copies it. A session goes on after it was given once (`resumed`): its line goes out at once. */
  add(protocol: 'tcp' | 'udp', number: number, line: Uint8Array): void {
    const waiting = this.#waiting[protocol]
    if (number <= this.#next[protocol] || waiting.has(number)) {
      this.#emit(line)
      if (number === this.#next[protocol]) this.#advance(protocol)
      return
    }
    waiting.set(number, this.#lines.put(line))
    if (waiting.size > this.#width) this.#advance(protocol, true)
  }

  /** Gives out all that still waits. */
  finish(): void {
    for (const protocol of ['tcp', 'udp'] as const) {
      while (this.#waiting[protocol].size > 0) this.#advance(protocol, true)
    }
  }

  /** Gives out the lines that follow the last one; when `skip`, first passes over the numbers that have not come. */
  #advance(protocol: 'tcp' | 'udp', skip = false): void {
    const waiting = this.#waiting[protocol]
    let next = this.#next[protocol]
    if (skip) while (!waiting.has(next)) next++
    else next++
    for (let place = waiting.get(next); place !== undefined; place = waiting.get(next)) {
      this.#emit(this.#lines.take(place))
      waiting.delete(next++)
    }
    this.#next[protocol] = next
  }
}
