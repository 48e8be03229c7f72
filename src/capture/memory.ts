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
import { STOP_REASONS, type StopReason } from './stop-reason.js'

/** A slot is sealed when this much is in it. */
export const FILL = 2 << 20
/** Room past that, so that many records of the largest size can be asked of libpcap in one call; rarely touched. */
const HEADROOM = 14 << 20
const MOST_RECORDS = 4096
const SLOTS = 8

export const Word = {
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
