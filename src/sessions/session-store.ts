/**
 * Which sessions of one protocol are kept, and in which slots, so that memory depends on what is open and not on what has
 * passed. A session that is over lingers for a while, since stragglers belong to its story. When too many are open, one
 * that has been silent for long is let go (the second-chance clock: one that spoke since it was last looked at waits again).
 */
import { NumberQueue } from './number-queue.js'
import { Streams } from './streams.js'

/** Sessions that are over and still kept for stragglers. */
const MAX_LINGERING = 4096

/** Where the sessions themselves are. */
export interface SessionSlots<S> {
  /** The session in a slot, to be let go; it is not the object that stands for the packet at hand. */
  departing(slot: number): S
}

interface Storable {
  readonly number: number
  readonly over: boolean
  readonly lastFrame: number
  renumber(number: number): void
  forget(): void
}

export class SessionStore<S extends Storable> {
  readonly streams = new Streams()
  readonly #slots: SessionSlots<S>
  readonly #ended: (session: S) => void
  readonly #maxOpen: number
  readonly #free: number[] = []
  #used = 0
  #open = 0
  /** open streams in the order they are to be looked at, each followed by the last frame it had when it was queued */
  readonly #clock = new NumberQueue()
  readonly #lingering = new NumberQueue()

  /** `ended` is called with each session that is let go, whose slot is then used again. */
  constructor(maxOpen: number, slots: SessionSlots<S>, ended: (session: S) => void) {
    this.#maxOpen = maxOpen
    this.#slots = slots
    this.#ended = ended
  }

  /** A slot for a session that is about to begin. */
  take(): number {
    if (this.#open >= this.#maxOpen) this.#evict()
    this.#open++
    return this.#free.pop() ?? this.#used++
  }

  /** The stream's session has begun, with this frame. */
  opened(number: number, frame: number): void {
    if (this.#clock.length > 4 * this.#maxOpen) this.#compact()
    this.#clock.push(number)
    this.#clock.push(frame)
  }

  /** The session in a slot goes by another number from now on, under which `streams` has it. */
  renumbered(slot: number, number: number): void {
    const session = this.#slots.departing(slot)
    session.renumber(number)
    this.opened(number, session.lastFrame)
  }

  /** The stream's session has just come to its end; it is kept until enough others have. */
  over(number: number): void {
    this.#lingering.push(number)
    if (this.#lingering.length <= MAX_LINGERING) return
    const oldest = this.streams.slotOf(this.#lingering.shift())
    if (oldest >= 0 && this.#slots.departing(oldest).over) this.#letGo(oldest)
  }

  /** Lets all that are left go, in the order of their numbers. */
  finish(): void {
    for (let number = 0; number < this.streams.count; number++) {
      const slot = this.streams.slotOf(number)
      if (slot >= 0) this.#letGo(slot)
    }
  }

  #evict(): void {
    for (let looks = this.#clock.length; looks > 0; looks -= 2) {
      const number = this.#clock.shift()
      const frame = this.#clock.shift()
      const slot = this.streams.slotOf(number)
      if (slot < 0) continue
      const { lastFrame } = this.#slots.departing(slot)
      if (lastFrame === frame || looks <= 2) {
        this.#letGo(slot)
        return
      }
      this.#clock.push(number)
      this.#clock.push(lastFrame)
    }
  }

  /** Forgets the places of sessions that have gone. */
  #compact(): void {
    for (let n = this.#clock.length; n > 0; n -= 2) {
      const number = this.#clock.shift()
      const frame = this.#clock.shift()
      if (this.streams.slotOf(number) < 0) continue
      this.#clock.push(number)
      this.#clock.push(frame)
    }
  }

  #letGo(slot: number): void {
    const session = this.#slots.departing(slot)
    this.#ended(session)
    this.streams.close(session.number, session.over)
    session.forget()
    this.#open--
    this.#free.push(slot)
  }
}
