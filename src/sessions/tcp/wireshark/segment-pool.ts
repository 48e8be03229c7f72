/**
 * The unacknowledged segments of all sessions, in typed arrays: linked lists over one pool, so that a session that has
 * nothing in flight costs nothing and one more segment costs 24 bytes.
 */

/** The end of a list. */
export const NONE = -1

export class SegmentPool {
  /** the next younger segment of the same list */
  next: Int32Array
  frame: Int32Array
  /** sequence numbers of the first byte that is not acknowledged, and of the first byte after the segment */
  start: Int32Array
  end: Int32Array
  /** when it was sent, in nanoseconds since its session began */
  time: Float64Array
  #free = NONE
  #used = 0

  constructor(capacity = 256) {
    this.next = new Int32Array(capacity)
    this.frame = new Int32Array(capacity)
    this.start = new Int32Array(capacity)
    this.end = new Int32Array(capacity)
    this.time = new Float64Array(capacity)
  }

  /** A slot with a segment in it, followed by none. */
  add(frame: number, start: number, end: number, time: number): number {
    const slot = this.#take()
    this.next[slot] = NONE
    this.frame[slot] = frame
    this.start[slot] = start
    this.end[slot] = end
    this.time[slot] = time
    return slot
  }

  /** Gives back the slots from `oldest` to `newest`, a whole chain at once. */
  release(oldest: number, newest: number): void {
    this.next[newest] = this.#free
    this.#free = oldest
  }

  #take(): number {
    const slot = this.#free
    if (slot !== NONE) {
      this.#free = this.next[slot] ?? NONE
      return slot
    }
    if (this.#used === this.next.length) this.#grow()
    return this.#used++
  }

  #grow(): void {
    const capacity = this.next.length * 2
    this.next = grown(this.next, new Int32Array(capacity))
    this.frame = grown(this.frame, new Int32Array(capacity))
    this.start = grown(this.start, new Int32Array(capacity))
    this.end = grown(this.end, new Int32Array(capacity))
    this.time = grown(this.time, new Float64Array(capacity))
  }
}

function grown<T extends Int32Array | Float64Array>(from: T, to: T): T {
  to.set(from)
  return to
}

/** One pool serves all sessions: it holds nothing but room. */
export const sharedSegments: SegmentPool = new SegmentPool()
