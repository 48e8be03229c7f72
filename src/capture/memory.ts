/**
 * The memory that captured frames lie in, shared by three threads: one fills it (the kernel's records are copied there, once),
 * one writes it to a file, and one looks at it. It is a few slots of a megabyte or two. One slot is filled at a time, and what
 * is in it can be read at once, up to where it is filled; a full one is sealed, and another is taken.
 *
 * The writer must get everything. The viewer must never make the others wait: when no slot is free because the viewer is
 * behind, it is moved on to what the writer has not done yet. Only the slot that the viewer is looking into is left alone.
 * Where nothing is written, the viewer gets everything, and the kernel waits (and counts what it drops).
 *
 * Slots are known by the sequence number of their filling. Every number here is read and written with Atomics.
 */
import { Counters } from './counters.js'
import { nextRecord } from './records.js'

/** A slot is sealed when this much is in it. */
const FILL = 2 << 20
/** Room past that, so that many records of the largest size can be asked of libpcap in one call; rarely touched. */
const HEADROOM = 14 << 20
const MOST_RECORDS = 4096
const SLOTS = 8
/** Bytes that the viewer gets at once: few enough that it can soon do something else. */
const PORTION = 256 << 10

const Word = {
  /** sequence number of the slot that is being filled */
  filling: 0,
  /** 1 when nothing comes any more */
  ended: 1,
  /** what the writer and the viewer read next: everything before is done */
  writer: 2,
  viewer: 3,
  /** 1 + the sequence number that the viewer is looking into, or 0 */
  held: 4,
  /** 1 when the viewer wants to be told of the next change */
  bell: 5,
  /** counts changes, for the writer to wait on */
  changes: 6,
  /** set by whoever wants the capture to stop: 1 + the index of its reason in STOP_REASONS */
  stop: 7,
  /** then one word per slot of each of: which slot a sequence number has, how many bytes are filled */
  tables: 8,
} as const

export interface CaptureMemory {
  readonly control: SharedArrayBuffer
  /** frames before each slot's first, as 64-bit integers */
  readonly before: SharedArrayBuffer
  readonly slots: readonly SharedArrayBuffer[]
  readonly counters: SharedArrayBuffer
  /** records to ask of libpcap at once: with fewer than FILL bytes in a slot, they fit */
  readonly atOnce: number
  readonly written: boolean
}

export interface MemoryOptions {
  /** bytes kept of a frame, at most */
  readonly snapLength: number
  readonly interfaces: number
  /** whether there is a writer */
  readonly written: boolean
}

export function createMemory({ snapLength, interfaces, written }: MemoryOptions, slots = SLOTS): CaptureMemory {
  const largest = 16 + snapLength
  const atOnce = Math.max(1, Math.min(MOST_RECORDS, Math.floor(HEADROOM / largest)))
  return {
    control: new SharedArrayBuffer(4 * (Word.tables + 2 * slots)),
    before: new SharedArrayBuffer(8 * slots),
    slots: Array.from({ length: slots }, () => new SharedArrayBuffer(FILL + atOnce * largest)),
    counters: Counters.allocate(interfaces),
    atOnce,
    written,
  }
}

/** Some whole records: [start, end) of a slot. */
export interface Region {
  readonly slot: number
  readonly start: number
  readonly end: number
}

export const STOP_REASONS = [
  /** asked to: `stop()`, a signal */
  'stopped',
  /** asked to stop at once: `close()`, a second signal */
  'closed',
  /** the limits that the user set */
  'packets',
  'duration',
  'file-size',
  /** the last interface is no more, or can't be read */
  'interface-gone',
  'disk-full',
  /** whoever read the pipe that is written to is gone */
  'reader-gone',
  /** the file cannot be written for another reason */
  'output-failed',
] as const
export type StopReason = (typeof STOP_REASONS)[number]

export interface CountedRegion extends Region {
  /** how many records there are */
  readonly count: number
}

/** What the three sides have in common. */
export class Control {
  protected readonly words: Int32Array
  protected readonly before: BigInt64Array
  protected readonly slots: number

  constructor(memory: CaptureMemory) {
    this.words = new Int32Array(memory.control)
    this.before = new BigInt64Array(memory.before)
    this.slots = memory.slots.length
  }

  protected load(word: number): number {
    return Atomics.load(this.words, word)
  }

  protected slotOf(sequence: number): number {
    return this.load(Word.tables + (sequence % this.slots))
  }

  protected filled(slot: number): number {
    return this.load(Word.tables + this.slots + slot)
  }

  get ended(): boolean {
    return this.load(Word.ended) === 1
  }

  /** Tells the others that nothing comes any more. */
  end(): void {
    Atomics.store(this.words, Word.ended, 1)
    this.announce()
  }

  protected announce(): void {
    Atomics.add(this.words, Word.changes, 1)
    Atomics.notify(this.words, Word.changes)
  }

  /** Asks the capturing thread to stop, which looks at this every now and then. The first reason stays. */
  requestStop(reason: StopReason): void {
    Atomics.compareExchange(this.words, Word.stop, 0, 1 + STOP_REASONS.indexOf(reason))
  }

  get stopRequested(): StopReason | undefined {
    return STOP_REASONS[this.load(Word.stop) - 1]
  }
}

/** The sequence number of a slot that was never filled: before all others, and never held (that is -1, when nothing is). */
const NEVER = -2

/** The side that fills. */
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

/** The side that writes everything down. It has a thread of its own, and may block. */
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

/** The side that looks. */
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
