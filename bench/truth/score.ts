/** How much of what is known was said. */
import type { JudgedSession } from './judge.js'
import type { Known } from './known.js'

/** Of each kind of thing: how many there are, and of how many the right thing was said. */
export class Tally {
  readonly #kinds = new Map<string, { is: number; right: number; unsaid: number }>()
  /** what was said instead, by `kind→said` */
  readonly mistakes = new Map<string, number>()

  count(kind: string, said: string | undefined): void {
    const one = this.#kinds.get(kind) ?? { is: 0, right: 0, unsaid: 0 }
    this.#kinds.set(kind, one)
    one.is++
    if (said === kind) one.right++
    else if (said === undefined) one.unsaid++
    if (said === kind) return
    const mistake = `${kind}→${said ?? 'unsaid'}`
    this.mistakes.set(mistake, (this.mistakes.get(mistake) ?? 0) + 1)
  }

  /** From 0 to 1; 1 where there is none of the kind. What was left open counts as not found. */
  recall(kind: string): number {
    const { is, right } = this.#kinds.get(kind) ?? { is: 0, right: 0 }
    return is === 0 ? 1 : right / is
  }

  /** The same of those of which anything was said. */
  recallOfSaid(kind: string): number {
    const { is, right, unsaid } = this.#kinds.get(kind) ?? { is: 0, right: 0, unsaid: 0 }
    return is === unsaid ? 1 : right / (is - unsaid)
  }

  /** Of so many it was said that it cannot be told. */
  unsaid(kind: string): number {
    return this.#kinds.get(kind)?.unsaid ?? 0
  }

  is(kind: string): number {
    return this.#kinds.get(kind)?.is ?? 0
  }

  get kinds(): string[] {
    return [...this.#kinds.keys()].sort()
  }
}

export const IN_ORDER = 'in order'

export class Score {
  readonly verdicts = new Tally()
  readonly causes = new Tally()
  readonly need = new Tally()
  /** verdicts that rest on times alone and do not say so, and the other way round */
  timing = 0

  /** `without`: the capture is without so many frames, and they and what only they show count for nothing. */
  count(known: ReadonlyMap<number, Known>, sessions: readonly JudgedSession[], without = 0): void {
    const segments = sessions.flatMap(({ truth }) => truth.segments)
    const said = new Map(segments.map((segment) => [segment.frame, segment]))
    for (const [frame, { verdict, shownBy, cause, needed }] of known) {
      if (frame <= without || (shownBy > 0 && shownBy <= without)) continue
      const one = said.get(frame)
      this.verdicts.count(verdict || IN_ORDER, one?.verdict || IN_ORDER)
      if (one?.restsOnTiming) this.timing++
      if (verdict !== 'retransmission' || one?.verdict !== 'retransmission') continue
      if (cause !== undefined) this.causes.count(cause, one.cause)
      if (needed !== undefined) this.need.count(needOf(needed) ?? '', needOf(one.needed))
    }
  }
}

function needOf(needed: boolean | undefined): string | undefined {
  return needed === undefined ? undefined : needed ? 'needed' : 'needless'
}
