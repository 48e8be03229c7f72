/** Which of a capture's told sessions each frame is told in, as the page carries it: sessions come in stretches of frames. */
import type { Timeline } from '../../timeline/model.js'

/** Two lists of the same length: from frame `from[i]` on, as far as the next, frames are told in the session `told[i]`. */
export interface Stretches {
  readonly from: readonly number[]
  /** index among the told sessions; -1: in none */
  readonly told: readonly number[]
}

export function stretchesOf(timelines: readonly Timeline[]): Stretches {
  const homes = new Map<number, number>()
  for (const [index, { events }] of timelines.entries()) {
    for (const event of events) {
      if (event.kind !== 'packet' && event.kind !== 'icmp') continue
      homes.set(event.frame, index)
      if (event.kind === 'packet') for (const frame of event.seenAgain ?? []) homes.set(frame, index)
    }
  }
  const from: number[] = []
  const told: number[] = []
  let last = -1
  for (const [frame, home] of [...homes].sort(([a], [b]) => a - b)) {
    if (told.length > 0 && frame > last + 1) {
      from.push(last + 1)
      told.push(-1)
    }
    if (home !== told.at(-1)) {
      from.push(frame)
      told.push(home)
    }
    last = frame
  }
  if (told.length > 0) {
    from.push(last + 1)
    told.push(-1)
  }
  return { from, told }
}

/** Index of the told session; undefined where there is none. */
export function homeOf({ from, told }: Stretches, frame: number): number | undefined {
  let [low, high] = [0, from.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((from[middle] ?? 0) <= frame) low = middle + 1
    else high = middle
  }
  const home = told[low - 1] ?? -1
  return home < 0 ? undefined : home
}
