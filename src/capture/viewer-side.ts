/** The side of the shared memory that looks at what is captured, and may be passed over. */
import { type CaptureMemory, Control, type Region, Word } from './memory.js'
import { nextRecord } from './records.js'

/** Bytes that the viewer gets at once: few enough that it can soon do something else. */
const PORTION = 256 << 10

export interface CountedRegion extends Region {
  /** how many records there are */
  readonly count: number
}

export class ViewerSide extends Control {
  /** frames before the region that is held */
  number = 0
  #sequence = 0
  #start = 0
  readonly #views: readonly DataView[]

  constructor(memory: CaptureMemory) {
    super(memory)
    this.#views = memory.slots.map((slot) => new DataView(slot))
  }

  view(slot: number): DataView {
    const view = this.#views[slot]
    if (view === undefined) throw new RangeError(`there is no slot ${slot}`)
    return view
  }

  /** Some of the records that came since the last time, if any did. They stay until `release`. */
  take(): CountedRegion | undefined {
    for (;;) {
      const sequence = this.load(Word.viewer)
      if (sequence !== this.#sequence) this.#begin(sequence)
      Atomics.store(this.words, Word.held, sequence + 1)
      // moved on meanwhile: what was about to be held may be filled anew already
      if (this.load(Word.viewer) !== sequence) continue
      const filling = this.load(Word.filling)
      const slot = this.slotOf(sequence)
      const end = this.filled(slot)
      if (this.#start === 0) this.number = Number(Atomics.load(this.before, slot))
      if (this.#start < end) return this.#portion(slot, end)
      Atomics.store(this.words, Word.held, 0)
      if (sequence === filling) return undefined
      Atomics.compareExchange(this.words, Word.viewer, sequence, sequence + 1)
    }
  }

  /** The records of `take` may be overwritten from now on. */
  release(region: CountedRegion): void {
    this.number += region.count
    this.#start = region.end
    Atomics.store(this.words, Word.held, 0)
  }

  #portion(slot: number, filled: number): CountedRegion {
    const view = this.view(slot)
    const start = this.#start
    let end = start
    let count = 0
    for (; end < filled && end - start < PORTION; end = nextRecord(view, end)) count++
    return { slot, start, end, count }
  }

  /** Asks to be told of the next change. What came before it asked must be looked for again, once. */
  askForBell(): void {
    Atomics.store(this.words, Word.bell, 1)
  }

  #begin(sequence: number): void {
    this.#sequence = sequence
    this.#start = 0
  }
}
