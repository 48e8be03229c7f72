/**
 * Every stream of one protocol, open or let go: its session while it is open, and then a byte, so that a late segment is
 * known for what it is and does not begin a new session. What else is known of a TCP stream is in learned.ts.
 */
import type { Side } from './facts.js'

const SIDE_0_FIRST = 1
const OVER = 2

export class Streams<S> {
  count = 0
  /** the open session of a stream, undefined once it was let go */
  readonly #open: (S | undefined)[] = []
  /** bit 0: side 0 is the endpoint that sorts first; bit 1: it was over when it was let go */
  #flags = new Uint8Array(256)

  /** Begins the next stream and returns its number. */
  add(session: S, side0First: boolean): number {
    const number = this.count++
    if (number >= this.#flags.length) this.#grow()
    this.#open[number] = session
    this.#flags[number] = side0First ? SIDE_0_FIRST : 0
    return number
  }

  session(number: number): S | undefined {
    return this.#open[number]
  }

  /** A stream that was let go while open goes on, with a new first packet. */
  reopen(number: number, session: S, side0First: boolean): void {
    this.#open[number] = session
    this.#flags[number] = side0First ? SIDE_0_FIRST : 0
  }

  /** Lets the session go; only its tombstone stays. */
  close(number: number, over: boolean): void {
    this.#open[number] = undefined
    if (over) this.#flags[number] = (this.#flags[number] ?? 0) | OVER
  }

  /** Which side of the stream sent a packet whose source does (or does not) sort first. */
  sideOf(number: number, sourceFirst: boolean): Side {
    return ((this.#flags[number] ?? 0) & 1) === (sourceFirst ? 1 : 0) ? 0 : 1
  }

  isOver(number: number): boolean {
    return ((this.#flags[number] ?? 0) & OVER) !== 0
  }

  #grow(): void {
    const flags = new Uint8Array(this.#flags.length * 2)
    flags.set(this.#flags)
    this.#flags = flags
  }
}
