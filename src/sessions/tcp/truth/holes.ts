/** The gaps in one direction's data as the capture has seen it: bytes that later data has overtaken. */
import { sequenceAfter, sequenceBefore, sequenceDifference } from '../../../bytes/sequence.js'

/** More gaps than this at once are not kept: the oldest is forgotten, and its bytes count as seen. */
const LIMIT = 1024

export class Hole {
  start: number
  end: number
  /** the segment that showed the gap: the first to be captured beyond it */
  readonly frame: number
  readonly time: number
  /** the first acknowledgment after it that tells the sender of the gap (RFC 5681 §3.2, RFC 2018); frame 0: none yet */
  signalFrame = 0
  signalTime = 0
  /** how many acknowledgments have told of it */
  signals = 0

  constructor(start: number, end: number, frame: number, time: number) {
    this.start = start
    this.end = end
    this.frame = frame
    this.time = time
  }
}

export class Holes {
  /** in order of sequence; undefined until the first */
  #list: Hole[] | undefined

  reset(): void {
    this.#list = undefined
  }

  get any(): boolean {
    return this.#list !== undefined
  }

  /** A new gap, beyond all others. */
  open(start: number, end: number, frame: number, time: number): void {
    const hole = new Hole(start, end, frame, time)
    if (this.#list === undefined) this.#list = [hole]
    else {
      this.#list.push(hole)
      if (this.#list.length > LIMIT) this.#list.shift()
    }
  }

  /** The first gap that [start, end) reaches into. */
  at(start: number, end: number): Hole | undefined {
    for (const hole of this.#list ?? []) {
      if (!sequenceBefore(hole.start, end)) return undefined
      if (sequenceAfter(hole.end, start)) return hole
    }
    return undefined
  }

  /** Takes [start, end) out of the gaps. */
  fill(start: number, end: number): void {
    const list = this.#list
    if (list === undefined) return
    for (let i = 0; i < list.length; i++) {
      const hole = list[i]
      if (hole === undefined || !sequenceBefore(hole.start, end)) break
      if (!sequenceAfter(hole.end, start)) continue
      const left = sequenceBefore(hole.start, start)
      const right = sequenceAfter(hole.end, end)
      if (left && right) {
        const rest = new Hole(end, hole.end, hole.frame, hole.time)
        rest.signalFrame = hole.signalFrame
        rest.signalTime = hole.signalTime
        rest.signals = hole.signals
        hole.end = start
        list.splice(i + 1, 0, rest)
        break
      }
      if (left) hole.end = start
      else if (right) hole.start = end
      else list.splice(i--, 1)
    }
    if (list.length === 0) this.#list = undefined
  }

  /**
   * Everything before `acknowledged` has arrived. Returns the bytes of it that the capture has not seen, and forgets
   * those gaps.
   */
  acknowledge(acknowledged: number): number {
    const list = this.#list
    if (list === undefined) return 0
    let missed = 0
    for (;;) {
      const hole = list[0]
      if (hole === undefined || !sequenceBefore(hole.start, acknowledged)) break
      const end = sequenceAfter(hole.end, acknowledged) ? acknowledged : hole.end
      missed += sequenceDifference(end, hole.start)
      if (end !== hole.end) {
        hole.start = end
        break
      }
      list.shift()
    }
    if (list.length === 0) this.#list = undefined
    return missed
  }

  /** An acknowledgment passes: the gaps that it tells the sender of are those at `acknowledged` and those before `selectiveEnd`. */
  signal(acknowledged: number, selectiveEnd: number, frame: number, time: number): void {
    for (const hole of this.#list ?? []) {
      if (hole.start !== acknowledged && !sequenceBefore(hole.start, selectiveEnd)) break
      if (hole.signals++ > 0) continue
      hole.signalFrame = frame
      hole.signalTime = time
    }
  }
}
