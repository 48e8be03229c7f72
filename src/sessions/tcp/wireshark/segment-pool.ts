/**
 * The unacknowledged segments of all sessions, in one block of memory: linked lists over one pool, so that a session with
 * nothing in flight costs nothing, and each segment 32 bytes that lie together.
 */

/** No segment: the end of a list. */
export const NONE = -1

/** A segment in words of 32 bits: next, frame, start, end, and its time in the last two. */
const WORDS = 8
const NEXT = 0
const FRAME = 1
const START = 2
const END = 3
/** the same in words of 64 bits */
const LONG_WORDS = 4
const TIME = 3

export class SegmentPool {
  #words: Int32Array
  #times: Float64Array
  #free = NONE
  #used = 0

  constructor(capacity = 256) {
    const memory = new ArrayBuffer(capacity * WORDS * 4)
    this.#words = new Int32Array(memory)
    this.#times = new Float64Array(memory)
  }

  /** Segments that there is room for before it grows. */
  get capacity(): number {
    return this.#words.length / WORDS
  }

  /** The slot of a new segment, which is followed by none. */
  add(frame: number, start: number, end: number, time: number): number {
    const slot = this.#take()
    const at = slot * WORDS
    this.#words[at + NEXT] = NONE
    this.#words[at + FRAME] = frame
    this.#words[at + START] = start
    this.#words[at + END] = end
    this.#times[slot * LONG_WORDS + TIME] = time
    return slot
  }

  /** Gives back the slots from `oldest` to `newest`, a whole list at once. What is in them holds until the next `add`. */
  release(oldest: number, newest: number): void {
    this.setNext(newest, this.#free)
    this.#free = oldest
  }

  /** The next younger segment of the same list. */
  next(slot: number): number {
    return this.#words[slot * WORDS + NEXT] ?? NONE
  }

  setNext(slot: number, next: number): void {
    this.#words[slot * WORDS + NEXT] = next
  }

  frame(slot: number): number {
    return this.#words[slot * WORDS + FRAME] ?? 0
  }

  /** The sequence number of the first byte that is not acknowledged. */
  start(slot: number): number {
    return this.#words[slot * WORDS + START] ?? 0
  }

  setStart(slot: number, start: number): void {
    this.#words[slot * WORDS + START] = start
  }

  /** The sequence number after the last byte. */
  end(slot: number): number {
    return this.#words[slot * WORDS + END] ?? 0
  }

  /** When it was sent, in nanoseconds since its session began. */
  time(slot: number): number {
    return this.#times[slot * LONG_WORDS + TIME] ?? 0
  }

  /** The slot of the segment that was sent first; either may be `NONE`. */
  older(a: number, b: number): number {
    if (a === NONE || b === NONE) return a === NONE ? b : a
    return this.frame(a) < this.frame(b) ? a : b
  }

  #take(): number {
    const slot = this.#free
    if (slot !== NONE) {
      this.#free = this.next(slot)
      return slot
    }
    if (this.#used === this.capacity) this.#grow()
    return this.#used++
  }

  #grow(): void {
    const memory = new ArrayBuffer(this.#words.byteLength * 2)
    const words = new Int32Array(memory)
    words.set(this.#words)
    this.#words = words
    this.#times = new Float64Array(memory)
  }
}

/** One pool serves all sessions: it holds nothing but room. */
export const sharedSegments: SegmentPool = new SegmentPool()
