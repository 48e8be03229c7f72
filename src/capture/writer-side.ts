/** The side of the shared memory that writes everything down. It has a thread of its own, and may block. */
import { Control, type Region, Word } from './memory.js'

export class WriterSide extends Control {
  #sequence = 0
  #start = 0

  /** What comes next, once it is there; undefined when nothing has come for `milliseconds`. `finished` tells why. */
  next(milliseconds: number): Region | undefined {
    const changes = this.load(Word.changes)
    const region = this.#look()
    if (region !== undefined || this.ended) return region ?? this.#look()
    Atomics.wait(this.words, Word.changes, changes, milliseconds)
    return this.#look()
  }

  /** Everything has come, and everything has been taken. */
  get finished(): boolean {
    return this.ended && this.#look() === undefined
  }

  /** What `next` gave is written. */
  done(region: Region): void {
    this.#start = region.end
  }

  #look(): Region | undefined {
    for (;;) {
      // before `filled`: once another slot is being filled, this one's end is final
      const filling = this.load(Word.filling)
      const slot = this.slotOf(this.#sequence)
      const end = this.filled(slot)
      if (this.#start < end) return { slot, start: this.#start, end }
      if (this.#sequence === filling) return undefined
      this.#start = 0
      Atomics.store(this.words, Word.writer, ++this.#sequence)
    }
  }
}
