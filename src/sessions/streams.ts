/**
 * Every stream of one protocol, open or let go: the slot that its session is in while it is open, and then only whether it
 * was over, so that a late segment is known for what it is and does not begin a new session.
 */
const GONE = -1
const GONE_AND_OVER = -2
/**
 * Wireshark counts a stream from when it is quoted in an ICMP error on, though none of its own packets was seen; what the
 * quotes say of it (bits of tcp.completeness) is taken off.
 */
export const QUOTED = -3

export class Streams {
  count = 0
  #slots = new Int32Array(256)

  /** Begins a stream that was quoted and not seen yet; returns its number. `completeness`: see `quotedCompleteness`. */
  addQuoted(completeness = 0): number {
    return this.add(QUOTED - completeness)
  }

  /** Of a stream that was quoted and not seen yet: what the quotes say of it, as bits of tcp.completeness. */
  quotedCompleteness(number: number): number {
    const slot = this.#slots[number] ?? GONE
    return slot <= QUOTED ? QUOTED - slot : 0
  }

  /** It was quoted once more, before any packet of its own. */
  quoteAgain(number: number, completeness: number): void {
    this.#slots[number] = QUOTED - (this.quotedCompleteness(number) | completeness)
  }

  /** Begins the next stream, whose session is in `slot`, and returns its number. */
  add(slot: number): number {
    const number = this.count++
    this.place(number, slot)
    return number
  }

  /** The session in `slot` is the stream's, whether its turn to be counted has come or not. */
  place(number: number, slot: number): void {
    if (number >= this.#slots.length) {
      const slots = new Int32Array(number * 2)
      slots.set(this.#slots)
      this.#slots = slots
    }
    this.#slots[number] = slot
  }

  /** What goes by `number` takes the next number, which is returned; the one before is nobody's from then on. */
  move(number: number): number {
    const slot = this.slotOf(number)
    const next = this.add(slot)
    if (next !== number) this.#slots[number] = QUOTED
    return next
  }

  /** The slot of a stream's session; negative once it was let go. */
  slotOf(number: number): number {
    return this.#slots[number] ?? GONE
  }

  /** A stream that was let go while it was open goes on. */
  reopen(number: number, slot: number): void {
    this.#slots[number] = slot
  }

  /** Lets the session go; only its tombstone stays. */
  close(number: number, over: boolean): void {
    this.#slots[number] = over ? GONE_AND_OVER : GONE
  }

  /** A session of it has begun once. */
  wasSeen(number: number): boolean {
    return (this.#slots[number] ?? GONE) > QUOTED
  }

  /** It was let go, and was over then. */
  wasOver(number: number): boolean {
    return this.#slots[number] === GONE_AND_OVER
  }
}
