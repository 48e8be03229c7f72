/**
 * One direction of the wire: what comes in at one end goes out at the other, or does not, as its impairment says. What was
 * done to each frame is told, so that the truth is known. Chance is seeded: the same frames meet the same fate.
 */
import { type FrameKind, kindsOf } from './frame-kinds.js'
import { type Impairment, type PickAction, UNIMPAIRED } from './impairment.js'
import { seeded } from './seeded.js'

/** What became of a frame. `sent` and `arrived` are milliseconds of performance.now(). */
export interface Fate {
  /** counts the frames that entered this direction of the wire, from 1 */
  readonly frame: number
  readonly kinds: readonly FrameKind[]
  readonly length: number
  readonly sent: number
  /** when it, and each copy of it, was let out at the other end; none: it was lost */
  readonly arrived: readonly number[]
  /** why, in the words of the impairment: `cut`, `loss`, `queue`, `drop`, `duplicate`, `corrupt`, `reorder`, `ahead`, `hold` */
  readonly did: readonly string[]
}

interface Waiting {
  readonly frame: Buffer
  readonly due: number
  readonly done: (time: number) => void
}

/** Milliseconds after which a frame that was held back goes on though none has passed it. */
const LONGEST_HOLD = 100
/** Ethernet's header and the smallest of IP: a bit that is flipped before it would make the frame another host's. */
const HEADERS = 34
/** The longest headers of Ethernet, IPv6 and TCP: a bit behind them is one of the payload, and the session stays the same. */
const ALL_HEADERS = 114

export class Lane {
  impairment: Impairment = UNIMPAIRED
  readonly #random: () => number
  readonly #deliver: (frame: Buffer) => void
  readonly #tell: (fate: Fate) => void
  /** frames on their way, in the order in which they arrive */
  readonly #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  /** until when the rate limit keeps the wire busy */
  #busyUntil = 0
  /** the frame before was lost */
  #losing = false
  #held: (() => void) | undefined
  /** how many frames of a kind there were since frames were picked */
  readonly #counts = new Map<FrameKind, number>()
  #frames = 0

  constructor(seed: number, deliver: (frame: Buffer) => void, tell: (fate: Fate) => void) {
    this.#random = seeded(seed)
    this.#deliver = deliver
    this.#tell = tell
  }

  change(impairment: Partial<Impairment>): void {
    this.impairment = { ...this.impairment, ...impairment }
    if (impairment.picks) this.#counts.clear()
  }

  /** A frame enters the wire. */
  take(frame: Buffer): void {
    const sent = performance.now()
    const number = ++this.#frames
    const kinds = kindsOf(frame)
    const picked = this.#picked(kinds)
    const { duplicate, corrupt, reorder, ahead, cut } = this.impairment
    // every chance is taken for every frame: what one of them decides does not shift the others
    const chances = [this.#lossNow(), duplicate, corrupt, reorder]
    const [lost = false, copied, spoilt, late] = chances.map((chance) => this.#random() < chance)
    const flip = this.#random()
    const early = ahead > 0 && this.#random() < ahead
    this.#losing = lost
    const did: string[] = []
    const arrived: number[] = []
    const end = () => this.#tell({ frame: number, kinds, length: frame.length, sent, arrived, did })

    if (cut) did.push('cut')
    else if (picked.has('drop')) did.push('drop')
    else if (lost) did.push('loss')
    const due = did.length > 0 ? undefined : this.#due(sent, frame.length, early, did)
    if (due === undefined) {
      end()
      return
    }

    if (spoilt || picked.has('corrupt')) {
      did.push('corrupt')
      flipBit(frame, flip)
    }
    if (early) did.push('ahead')
    let copies = 1
    if (copied || picked.has('duplicate')) {
      did.push('duplicate')
      copies = 2
    }
    const done = (time: number) => {
      arrived.push(time)
      if (arrived.length === copies) end()
    }
    if ((late || picked.has('hold')) && this.#held === undefined) {
      did.push(late ? 'reorder' : 'hold')
      this.#hold(() =>
        this.#send({ frame, due: Math.max(due, this.#waiting.at(-1)?.due ?? performance.now()), done }, copies),
      )
      return
    }
    this.#send({ frame, due, done }, copies)
    this.#held?.()
  }

  /** The chance that the next frame is lost: a burst goes on with its own, and all in all `loss` of them are (Gilbert's model). */
  #lossNow(): number {
    const { loss, burst } = this.impairment
    if (burst <= 1 || loss === 0 || loss === 1) return loss
    return this.#losing ? 1 - 1 / burst : Math.min(1, loss / (burst * (1 - loss)))
  }

  /** When a frame that enters now comes out, at once if `early`; undefined when the queue before the rate limit is full. */
  #due(now: number, length: number, early: boolean, did: string[]): number | undefined {
    const { delay, jitter, overtaking, rate, queue } = this.impairment
    const wobble = jitter * (2 * this.#random() - 1)
    const due = early ? now : now + Math.max(delay + wobble, 0)
    // a frame that is delayed more than the next one keeps its place all the same
    const last = overtaking || early ? 0 : (this.#waiting.at(-1)?.due ?? 0)
    if (rate === 0) return Math.max(due, last)
    const milliseconds = (length * 8 * 1000) / rate
    const start = Math.max(this.#busyUntil, now)
    if (start - now > queue * milliseconds) {
      did.push('queue')
      return undefined
    }
    this.#busyUntil = start + milliseconds
    return Math.max(due + (this.#busyUntil - now), last)
  }

  #send(one: Waiting, copies: number): void {
    let at = this.#waiting.length
    while (at > 0 && (this.#waiting[at - 1]?.due ?? 0) > one.due) at--
    for (let copy = 0; copy < copies; copy++) this.#waiting.splice(at, 0, one)
    this.#release()
  }

  #hold(release: () => void): void {
    const timer = setTimeout(() => this.#held?.(), LONGEST_HOLD)
    this.#held = () => {
      clearTimeout(timer)
      this.#held = undefined
      release()
    }
  }

  /** Lets out what is due, and comes back when the next one is. */
  #release(): void {
    clearTimeout(this.#timer)
    for (;;) {
      const [next] = this.#waiting
      if (next === undefined) return
      const now = performance.now()
      if (next.due > now) {
        this.#timer = setTimeout(() => this.#release(), next.due - now)
        return
      }
      this.#waiting.shift()
      this.#deliver(next.frame)
      next.done(now)
    }
  }

  /** What is to be done with this very frame. Counts it. */
  #picked(kinds: readonly FrameKind[]): Set<PickAction> {
    for (const kind of kinds) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1)
    const actions = new Set<PickAction>()
    for (const { action, kind, first, last } of this.impairment.picks) {
      const count = this.#counts.get(kind) ?? 0
      if (kinds.includes(kind) && count >= first && count <= last) actions.add(action)
    }
    return actions
  }
}

function flipBit(frame: Buffer, chance: number): void {
  if (frame.length <= HEADERS) return
  const from = frame.length > ALL_HEADERS ? ALL_HEADERS : HEADERS
  const bit = Math.floor(chance * (frame.length - from) * 8)
  const at = from + (bit >> 3)
  frame[at] = (frame[at] ?? 0) ^ (1 << (bit & 7))
}
