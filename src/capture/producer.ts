/** The side of the shared memory that fills it. */
import { type CaptureMemory, Control, FILL, Word } from './memory.js'

/** The sequence number of a slot that was never filled: before all others, and never held (that is -1, when nothing is). */
const NEVER = -2

export class Producer extends Control {
  /** the slot to fill, or -1 when none is free: call `turn` again in a while */
  slot = 0
  /** frames published so far */
  count = 0
  readonly #written: boolean
  /** sequence number that each slot was last filled under */
  readonly #sequences: Int32Array
  readonly #ring: () => void

  /** @param ring called when the viewer wants to know that there is something new */
  constructor(memory: CaptureMemory, ring: () => void) {
    super(memory)
    this.#written = memory.written
    this.#sequences = new Int32Array(this.slots).fill(NEVER)
    this.#sequences[0] = 0
    this.#ring = ring
  }

  /** Shows the readers that the slot is filled up to byte `end`, with `count` more frames. */
  publish(end: number, count: number): void {
    this.count += count
    Atomics.store(this.words, Word.tables + this.slots + this.slot, end)
    this.announce()
  }

  /** A slot that is filled up to byte `end` takes no more: `turn`. */
  isFull(end: number): boolean {
    return end >= FILL
  }

  /** Leaves the slot, and takes a free one. False when there is none now. */
  turn(): boolean {
    this.slot = this.#free()
    if (this.slot < 0 && this.#skip()) this.slot = this.#free()
    if (this.slot < 0) return false
    const sequence = this.load(Word.filling) + 1
    this.#sequences[this.slot] = sequence
    Atomics.store(this.before, this.slot, BigInt(this.count))
    Atomics.store(this.words, Word.tables + this.slots + this.slot, 0)
    Atomics.store(this.words, Word.tables + (sequence % this.slots), this.slot)
    Atomics.store(this.words, Word.filling, sequence)
    return true
  }

  protected override announce(): void {
    super.announce()
    if (Atomics.exchange(this.words, Word.bell, 0) === 1) this.#ring()
  }

  #free(): number {
    const viewer = this.load(Word.viewer)
    const done = this.#written ? Math.min(viewer, this.load(Word.writer)) : viewer
    // after `viewer`: the viewer says what it holds before it moves on
    const held = this.load(Word.held) - 1
    return this.#sequences.findIndex((sequence) => sequence < done && sequence !== held)
  }

  /** Moves a viewer that is behind the writer on to where the writer is. */
  #skip(): boolean {
    if (!this.#written) return false
    const viewer = this.load(Word.viewer)
    const writer = this.load(Word.writer)
    return viewer < writer && Atomics.compareExchange(this.words, Word.viewer, viewer, writer) === viewer
  }
}
