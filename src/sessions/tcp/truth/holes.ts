/** The gaps in one direction's data as the capture has seen it: bytes that later data has overtaken. */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'

/** More gaps than this at once are not kept apart: the oldest is forgotten, and its bytes count as seen. */
const LIMIT = 1024

export class Hole {
  start: number
  end: number
  /** the first segment that was captured beyond it, when, and the sequence number after that segment */
  frame: number
  time: number
  behind: number
  /** the first acknowledgment after it that tells the sender of the gap; frame 0: none yet */
  signalFrame = 0
  signalTime = 0
  /** data has come beyond it: its receiver knows of it. Else a segment without data shows it, by its sequence number. */
  isKnown: boolean

  constructor(start: number, end: number, frame: number, time: number, behind: number, isKnown: boolean) {
    this.start = start
    this.end = end
    this.frame = frame
    this.time = time
    this.behind = behind
    this.isKnown = isKnown
  }
}

export class Holes {
  /** in order of sequence */
  readonly #list: Hole[] = []

  get any(): boolean {
    return this.#list.length > 0
  }

  get all(): readonly Hole[] {
    return this.#list
  }

  /** Its receiver does not know of some of them. */
  get hasUnknown(): boolean {
    return this.#list.at(-1)?.isKnown === false
  }

  /** Bytes in the gaps that an acknowledgment tells of: their receiver lacks them. */
  get lackedBytes(): number {
    let bytes = 0
    for (const hole of this.#list) if (hole.signalFrame !== 0) bytes += sequenceDifference(hole.end, hole.start)
    return bytes
  }

  /** A new gap, beyond all others. `behind`: the sequence number after the segment that shows it; `isKnown`: that has data. */
  open(start: number, end: number, frame: number, time: number, behind: number, isKnown = true): void {
    this.#list.push(new Hole(start, end, frame, time, behind, isKnown))
    this.#forgetOldest()
  }

  /** Data from `start` on, with `behind` after it, has come: its receiver knows of the gaps before it from now on. */
  becomeKnown(start: number, behind: number, frame: number, time: number): void {
    for (let i = this.#list.length - 1; i >= 0; i--) {
      const hole = this.#list[i]
      if (hole === undefined || hole.isKnown) return
      if (!sequenceBefore(hole.start, start)) continue
      hole.isKnown = true
      hole.frame = frame
      hole.time = time
      hole.behind = behind
    }
  }

  /** The first gap that [start, end) reaches into. */
  at(start: number, end: number): Hole | undefined {
    for (const hole of this.#list) {
      if (!sequenceBefore(hole.start, end)) return undefined
      if (sequenceAfter(hole.end, start)) return hole
    }
    return undefined
  }

  /** Takes [start, end) out of the gaps. */
  fill(start: number, end: number): void {
    const list = this.#list
    for (let i = 0; i < list.length; i++) {
      const hole = list[i]
      if (hole === undefined || !sequenceBefore(hole.start, end)) return
      if (!sequenceAfter(hole.end, start)) continue
      const keepsLeft = sequenceBefore(hole.start, start)
      const keepsRight = sequenceAfter(hole.end, end)
      if (keepsLeft && keepsRight) {
        list.splice(i + 1, 0, rest(hole, end))
        hole.end = start
        this.#forgetOldest()
        return
      }
      if (keepsLeft) hole.end = start
      else if (keepsRight) hole.start = end
      else list.splice(i--, 1)
    }
  }

  #forgetOldest(): void {
    if (this.#list.length > LIMIT) this.#list.shift()
  }

  /**
   * Everything before `acknowledged` has arrived: forgets the gaps there, and calls `missed` with each, because the
   * capture will hardly see those bytes any more.
   */
  acknowledge(acknowledged: number, missed: (start: number, length: number) => void): void {
    const list = this.#list
    let gone = 0
    for (const hole of list) {
      if (!sequenceBefore(hole.start, acknowledged)) break
      if (sequenceAfter(hole.end, acknowledged)) {
        missed(hole.start, sequenceDifference(acknowledged, hole.start))
        hole.start = acknowledged
        break
      }
      missed(hole.start, sequenceDifference(hole.end, hole.start))
      gone++
    }
    if (gone > 0) list.splice(0, gone)
  }

  /**
   * An acknowledgment passes. It tells the sender of the gap that begins at what it acknowledges (RFC 5681 §3.2), and
   * of those before the end of its selective acknowledgments (RFC 2018).
   */
  signal(acknowledged: number, selectiveEnd: number, frame: number, time: number): void {
    for (const hole of this.#list) {
      if (hole.start !== acknowledged && !sequenceBefore(hole.start, selectiveEnd)) return
      if (hole.signalFrame !== 0 || !hole.isKnown) continue
      hole.signalFrame = frame
      hole.signalTime = time
    }
  }
}

function rest(hole: Hole, start: number): Hole {
  const right = new Hole(start, hole.end, hole.frame, hole.time, hole.behind, hole.isKnown)
  right.signalFrame = hole.signalFrame
  right.signalTime = hole.signalTime
  return right
}
