/** Which sessions this thread analyses, and which the other one does: each as many as it has time for. */
import type { Box } from '../bytes/box.js'
import type { Backlog } from '../sessions/tcp/backlog.js'
import type { Successor } from '../sessions/tcp/handover.js'
import type { BoxSender } from './box-ring.js'

const HERE = 1
const THERE = 2
/**
 * By what the share of the sessions that the other thread gets changes with a box. At first it gets all: this one reads as well, and where
 * it need not help, V8 need not compile the analysis twice.
 */
const STEP = 1 / 32

export class Sharing implements Successor {
  readonly #ring: BoxSender
  readonly #backlog: Backlog
  readonly #there: (words: number) => Box
  #share = 1
  /** what the shares of the sessions that have begun add up to, but for those that the other thread got */
  #due = 0

  /** @param there gives a box of the ring, with room for so many words */
  constructor(ring: BoxSender, backlog: Backlog, there: (words: number) => Box) {
    this.#ring = ring
    this.#backlog = backlog
    this.#there = there
  }

  choose(): number {
    this.#due += this.#share
    if (this.#due < 1) return HERE
    this.#due--
    return THERE
  }

  box(which: number, words: number): Box {
    if (which === HERE) return this.#backlog.box(which, words)
    const ring = this.#ring
    if (ring.box.room < words) {
      // whoever waits for the other has too little to do
      if (ring.isFull) this.#share = Math.max(0, this.#share - STEP)
      else if (ring.isEmpty) this.#share = Math.min(1, this.#share + STEP)
    }
    return this.#there(words)
  }

  /** Goes through all that waits here. */
  finish(): void {
    this.#backlog.clear()
  }
}
