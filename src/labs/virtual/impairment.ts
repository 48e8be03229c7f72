/** What the wire does to the frames of one direction, and how it is said on a command line. */
import { UsageError } from '../../errors.js'
import { FRAME_KINDS, type FrameKind } from './frame-kinds.js'

export interface Impairment {
  /** probabilities from 0 to 1 */
  readonly loss: number
  /** frames that are lost in a row, on average: losses come in bursts when it is more than 1 */
  readonly burst: number
  readonly duplicate: number
  /** a bit behind the headers is flipped: behind those of Ethernet and IP alone where the frame is short */
  readonly corrupt: number
  /** the frame is held back until the next one has passed */
  readonly reorder: number
  /** the frame passes without the delay, and so overtakes those on their way, as netem's `reorder` does */
  readonly ahead: number
  /** milliseconds; each frame's delay is within `jitter` of `delay`, and none overtakes another unless `overtaking` says so */
  readonly delay: number
  readonly jitter: number
  readonly overtaking: boolean
  /** bits a second, of whole frames; 0: no limit. Frames that wait for it beyond `queue` are dropped. */
  readonly rate: number
  readonly queue: number
  /** nothing passes */
  readonly cut: boolean
  readonly picks: readonly Pick[]
}

const PICK_ACTIONS = ['drop', 'duplicate', 'corrupt', 'hold'] as const
export type PickAction = (typeof PICK_ACTIONS)[number]

/** Single frames: the `first` to the `last` of a kind, counted from when they were picked. */
export interface Pick {
  readonly action: PickAction
  readonly kind: FrameKind
  readonly first: number
  readonly last: number
}

export const UNIMPAIRED: Impairment = {
  loss: 0,
  burst: 1,
  duplicate: 0,
  corrupt: 0,
  reorder: 0,
  ahead: 0,
  delay: 0,
  jitter: 0,
  overtaking: false,
  rate: 0,
  queue: 100,
  cut: false,
  picks: [],
}

const PICK = /^(\w+) (?:the )?(?:(first|every)|(\d+)(?:st|nd|rd|th)?(?:-(\d+))?) ([\w-]+)(?: segment| frame)?$/i

/** `drop the 3rd data segment`, `drop 2-4 data`, `duplicate first syn`, `drop every ack`. @throws UsageError */
export function parsePick(text: string): Pick {
  const [, verb = '', word, from, to, noun = ''] = PICK.exec(text.trim()) ?? []
  const action = PICK_ACTIONS.find((name) => name === verb.toLowerCase())
  const kind = FRAME_KINDS.find((name) => name === noun.toLowerCase())
  const first = Number(from ?? 1)
  const last = word?.toLowerCase() === 'every' ? Number.MAX_SAFE_INTEGER : Number(to ?? first)
  if (!action || !kind || first < 1 || last < first) {
    throw new UsageError(
      `${JSON.stringify(text)} picks no frame: say "drop the 3rd data segment", with ${PICK_ACTIONS.join(', ')}; ` +
        `first, 3rd, 2-4 or every; ${FRAME_KINDS.join(', ')}`,
    )
  }
  return { action, kind, first, last }
}

/** A chance: `5%`, `0.05`. @throws UsageError */
export function parseChance(text: string): number {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? []
  const chance = number === undefined ? Number.NaN : Number(number) / (percent ? 100 : 1)
  if (!(chance <= 1)) throw new UsageError(`${text} is no chance: say 5% or 0.05`)
  return chance
}

/** Milliseconds of `20ms`, `1.5s`, `20`. @throws UsageError */
export function parseMilliseconds(text: string): number {
  const [, number, unit = 'ms'] = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text) ?? []
  if (number === undefined) throw new UsageError(`${text} is no time: say 20ms or 1.5s`)
  return Number(number) * (unit === 's' ? 1000 : 1)
}

const RATE_UNITS: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 }

/** Bits a second of `1mbit`, `64kbit`, `9600`. @throws UsageError */
export function parseRate(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)([kmg]?)(?:bit)?$/i.exec(text) ?? []
  if (number === undefined) throw new UsageError(`${text} is no rate: say 1mbit or 64kbit`)
  return Number(number) * (RATE_UNITS[unit.toLowerCase()] ?? 1)
}
