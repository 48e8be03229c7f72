/**
 * Conversations that take their number late. Of two ends that speak SNMP, Wireshark begins a second conversation with their
 * first message, and counts the second when the next packet of theirs comes, or, where none does, at the capture's end. The
 * number that the first had is then nobody's.
 */
import type { Streams } from '../streams.js'

export class LateNumbers {
  readonly #streams: Streams
  readonly #foreknown: ReadonlyMap<number, number> | undefined
  readonly #learned: Map<number, number>
  /** the first number of each that waits, by the one that it goes by meanwhile; in the order in which they began */
  readonly #waiting = new Map<number, number>()

  /**
   * @param foreknown from first numbers to those taken late, as an earlier pass over the same capture has learned them
   * @param learned takes in the same
   */
  constructor(streams: Streams, foreknown: ReadonlyMap<number, number> | undefined, learned: Map<number, number>) {
    this.#streams = streams
    this.#foreknown = foreknown
    this.#learned = learned
  }

  /** Begins such a conversation; returns what it goes by until it takes its number: the same, where that is known. */
  begin(slot: number): number {
    const first = this.#streams.addQuoted()
    const number = this.#foreknown?.get(first) ?? first
    this.#streams.place(number, slot)
    this.#waiting.set(number, first)
    return number
  }

  isWaiting(number: number): boolean {
    return this.#waiting.size > 0 && this.#waiting.has(number)
  }

  /** The conversation that goes by `number` takes its own, which is returned. */
  take(number: number): number {
    const own = this.#streams.move(number)
    this.#learned.set(this.#waiting.get(number) ?? number, own)
    this.#waiting.delete(number)
    return own
  }

  /** Those that still wait, in the order in which they began. */
  waiting(): number[] {
    return [...this.#waiting.keys()]
  }
}
