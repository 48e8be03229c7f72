/**
 * Several interfaces in one capture: their records, put in the order of time. The kernel hands frames over in blocks, one
 * interface's after the other's, so a record waits until nothing older can come from anywhere: until every interface has
 * shown something newer, or it has been here for so long that the kernel would have handed the older ones over. That time
 * is taken from a clock that only goes forward: the one in the records may be set back.
 */
import { LITTLE, nextRecord, RecordHeader, setInterface } from './records.js'
import type { Target, TargetFactory } from './target.js'

/** Milliseconds after which the kernel has handed over what it had: twice the read timeout. */
const SETTLED_AFTER = 20

/** One interface's records that have not been passed on. */
export class Stage {
  readonly target: Target
  /** nothing comes into it any more */
  closed = false
  /** of the next record; valid while the stage is not empty */
  seconds = 0
  nanoseconds = 0
  readonly #id: number
  readonly #view: DataView
  readonly #bytes: Uint8Array
  readonly #unit: number
  #at = 0
  /** what was read up to here has been here for long enough */
  #settled = 0
  /** where reading was at `#markTime`, to become `#settled` */
  #mark = 0
  #markTime = 0

  constructor(id: number, timeDigits: 6 | 9, memory: SharedArrayBuffer, createTarget: TargetFactory) {
    this.target = createTarget(memory)
    this.#id = id
    this.#unit = timeDigits === 9 ? 1 : 1000
    this.#view = new DataView(memory)
    this.#bytes = new Uint8Array(memory)
  }

  get empty(): boolean {
    return this.#at === this.target.position
  }

  /** True when nothing older than the next record can come from another interface. */
  get settled(): boolean {
    return this.#at < this.#settled
  }

  /** To be called after each reading. */
  cameIn(wasEmpty: boolean): void {
    const now = performance.now()
    if (now - this.#markTime >= SETTLED_AFTER) {
      this.#settled = this.#mark
      this.#mark = this.target.position
      this.#markTime = now
    }
    if (wasEmpty && !this.empty) this.#look()
  }

  #look(): void {
    this.seconds = this.#view.getUint32(this.#at + RecordHeader.seconds, LITTLE)
    this.nanoseconds = this.#view.getUint32(this.#at + RecordHeader.fraction, LITTLE) * this.#unit
  }

  /** Copies the next record to byte `to` of `bytes`, marked with its interface. Returns where it ends. */
  pass(bytes: Uint8Array, view: DataView, to: number): number {
    const next = nextRecord(this.#view, this.#at)
    bytes.set(this.#bytes.subarray(this.#at, next), to)
    setInterface(view, to, this.#id)
    const end = to + next - this.#at
    this.#at = next
    if (this.empty) this.#rewind()
    else this.#look()
    return end
  }

  #rewind(): void {
    this.target.rewind()
    this.#at = 0
    this.#settled = 0
    this.#mark = 0
    this.#markTime = performance.now()
  }
}

/** The stage whose next record is the oldest, or undefined when that is not known yet. */
export function earliest(stages: readonly Stage[], atEnd: boolean): Stage | undefined {
  let first: Stage | undefined
  let silent = false
  for (const stage of stages) {
    if (stage.empty) silent ||= !stage.closed
    else if (first === undefined || isBefore(stage, first)) first = stage
  }
  return silent && !atEnd && first?.settled === false ? undefined : first
}

function isBefore(a: Stage, b: Stage): boolean {
  return a.seconds === b.seconds ? a.nanoseconds < b.nanoseconds : a.seconds < b.seconds
}
