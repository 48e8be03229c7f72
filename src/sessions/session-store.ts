/**
 * The open sessions of one protocol: made, pooled, and let go, so that memory depends on what is open and not on what has
 * passed. A session that is over lingers for a while, since stragglers belong to its story. When too many are open, one
 * that has been silent for long is let go (the second-chance clock: one that spoke since it was last looked at waits again).
 */
import { NumberQueue } from './number-queue.js'
import { Streams } from './streams.js'

/** Sessions that are over and still kept for stragglers. */
const MAX_LINGERING = 4096

interface Storable {
  readonly number: number
  readonly over: boolean
  readonly lastFrame: number
}

export class SessionStore<S extends Storable> {
  readonly streams = new Streams<S>()
  readonly #make: () => S
  readonly #ended: (session: S) => void
  readonly #maxOpen: number
  readonly #pool: S[] = []
  #open = 0
  /** open streams in the order they are to be looked at, each followed by the last frame it had when it was queued */
  readonly #clock = new NumberQueue()
  readonly #lingering = new NumberQueue()

  /** `ended` is called with each session that is let go; the session is reused as soon as it returns. */
  constructor(maxOpen: number, make: () => S, ended: (session: S) => void) {
    this.#maxOpen = maxOpen
    this.#make = make
    this.#ended = ended
  }

  /** A session object for a new stream, which the caller opens and then hands to `opened`. */
  take(): S {
    if (this.#open >= this.#maxOpen) this.#evict()
    this.#open++
    return this.#pool.pop() ?? this.#make()
  }

  opened(session: S): void {
    if (this.#clock.length > 4 * this.#maxOpen) this.#compact()
    this.#clock.push(session.number)
    this.#clock.push(session.lastFrame)
  }

  /** A session has just come to its end; it is kept until enough others have. */
  over(session: S): void {
    this.#lingering.push(session.number)
    if (this.#lingering.length <= MAX_LINGERING) return
    const oldest = this.streams.session(this.#lingering.shift())
    if (oldest?.over) this.#letGo(oldest)
  }

  /** Lets all that are left go, in the order of their numbers. */
  finish(): void {
    for (let number = 0; number < this.streams.count; number++) {
      const session = this.streams.session(number)
      if (session !== undefined) this.#letGo(session)
    }
  }

  #evict(): void {
    for (let looks = this.#clock.length; looks > 0; looks -= 2) {
      const session = this.streams.session(this.#clock.shift())
      const lastFrame = this.#clock.shift()
      if (session === undefined) continue
      if (session.lastFrame === lastFrame || looks <= 2) {
        this.#letGo(session)
        return
      }
      this.#clock.push(session.number)
      this.#clock.push(session.lastFrame)
    }
  }

  /** Forgets the places of sessions that have gone. */
  #compact(): void {
    for (let n = this.#clock.length; n > 0; n -= 2) {
      const number = this.#clock.shift()
      const lastFrame = this.#clock.shift()
      if (this.streams.session(number) === undefined) continue
      this.#clock.push(number)
      this.#clock.push(lastFrame)
    }
  }

  #letGo(session: S): void {
    this.#ended(session)
    this.streams.close(session.number, session.over)
    this.#open--
    this.#pool.push(session)
  }
}
