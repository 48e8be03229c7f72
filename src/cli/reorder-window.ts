/**
 * Puts sessions, which end in any order, into the order of their numbers: a line waits until all before it have come. Each
 * protocol counts for itself. So that one long session does not hold up everything, no more than so many lines wait.
 */
import { LineStore } from './line-store.js'

const WIDTH = 8192
/** Numbers from the lowest that has not come to the highest that waits, at most: those of streams that were only quoted never come. */
const SPAN = 1 << 20

export class ReorderWindow {
  readonly #emit: (line: Uint8Array) => void
  readonly #width: number
  readonly #lines = new LineStore()
  readonly #waiting = { tcp: new Waiting(), udp: new Waiting() }

  constructor(emit: (line: Uint8Array) => void, width = WIDTH) {
    this.#emit = emit
    this.#width = width
  }

  /** Takes a line, or copies it. A session goes on after it was given once (`resumed`): its line goes out at once. */
  add(protocol: 'tcp' | 'udp', number: number, line: Uint8Array): void {
    const waiting = this.#waiting[protocol]
    if (number <= waiting.next || waiting.has(number)) {
      this.#emit(line)
      if (number === waiting.next) this.#advance(waiting)
      return
    }
    while (number - waiting.next >= SPAN) this.#skip(waiting, number - 1)
    waiting.set(number, this.#lines.put(line))
    if (waiting.count > this.#width) this.#skip(waiting, number)
  }

  /** Gives out all that still waits. */
  finish(): void {
    for (const waiting of [this.#waiting.tcp, this.#waiting.udp]) {
      while (waiting.count > 0) this.#skip(waiting, Number.POSITIVE_INFINITY)
    }
  }

  /** Passes over numbers that have not come, to the first that waits or to `end`, and gives out what follows there. */
  #skip(waiting: Waiting, end: number): void {
    if (waiting.count === 0) waiting.next = end
    else while (!waiting.has(waiting.next)) waiting.next++
    waiting.next--
    this.#advance(waiting)
  }

  /** The next number has come: gives out the lines that follow it. */
  #advance(waiting: Waiting): void {
    waiting.next++
    while (waiting.has(waiting.next)) {
      this.#emit(this.#lines.take(waiting.take(waiting.next)))
      waiting.next++
    }
  }
}

/** The lines that wait, by number: a ring over the numbers from `next` on, no object each. */
class Waiting {
  /** the lowest number that has not come */
  next = 0
  count = 0
  /** places of lines, plus one; 0: none */
  #places = new Float64Array(1024)

  has(number: number): boolean {
    const places = this.#places
    return number - this.next < places.length && places[number & (places.length - 1)] !== 0
  }

  set(number: number, place: number): void {
    while (number - this.next >= this.#places.length) this.#grow()
    this.#places[number & (this.#places.length - 1)] = place + 1
    this.count++
  }

  take(number: number): number {
    const index = number & (this.#places.length - 1)
    const place = (this.#places[index] ?? 0) - 1
    this.#places[index] = 0
    this.count--
    return place
  }

  #grow(): void {
    const old = this.#places
    const places = new Float64Array(old.length * 2)
    for (let number = this.next; number < this.next + old.length; number++) {
      places[number & (places.length - 1)] = old[number & (old.length - 1)] ?? 0
    }
    this.#places = places
  }
}
