/**
 * What is kept of every stream of one protocol, open or let go: a few bytes each, in typed arrays. A session that is over
 * leaves only this tombstone, so that a late segment is known for what it is and does not begin a new session.
 */
import type { Side } from './facts.js'

export class Streams<S> {
  count = 0
  /** the open session of a stream, undefined once it was let go */
  readonly #open: (S | undefined)[] = []
  /** per side, the sequence number that relative ones are counted from */
  #bases = new Int32Array(512)
  /** bit 0: side 0 is the endpoint that sorts first; bit 1, 2: the base of side 0, 1 is known; bit 3: was over when let go */
  #flags = new Uint8Array(256)

  /** Begins the next stream and returns its number. */
  add(session: S, side0First: boolean): number {
    const number = this.count++
    if (number >= this.#flags.length) this.#grow()
    this.#open[number] = session
    this.#flags[number] = side0First ? 1 : 0
    return number
  }

  session(number: number): S | undefined {
    return this.#open[number]
  }

  /** A stream that was let go while open goes on, with a new first packet. */
  reopen(number: number, session: S, side0First: boolean): void {
    this.#open[number] = session
    this.#flags[number] = side0First ? 1 : 0
  }

  /** Lets the session go; only its tombstone stays. */
  close(number: number, over: boolean): void {
    this.#open[number] = undefined
    if (over) this.#flags[number] = (this.#flags[number] ?? 0) | 8
  }

  /** Which side of the stream sent a packet whose source does (or does not) sort first. */
  sideOf(number: number, sourceFirst: boolean): Side {
    return ((this.#flags[number] ?? 0) & 1) === (sourceFirst ? 1 : 0) ? 0 : 1
  }

  isOver(number: number): boolean {
    return ((this.#flags[number] ?? 0) & 8) !== 0
  }

  setBase(number: number, side: Side, base: number): void {
    this.#bases[number * 2 + side] = base
    this.#flags[number] = (this.#flags[number] ?? 0) | (2 << side)
  }

  hasBase(number: number, side: Side): boolean {
    return ((this.#flags[number] ?? 0) & (2 << side)) !== 0
  }

  base(number: number, side: Side): number {
    return this.#bases[number * 2 + side] ?? 0
  }

  #grow(): void {
    const bases = new Int32Array(this.#bases.length * 2)
    bases.set(this.#bases)
    this.#bases = bases
    const flags = new Uint8Array(this.#flags.length * 2)
    flags.set(this.#flags)
    this.#flags = flags
  }
}
