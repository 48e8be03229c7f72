/** Where an axis has its ticks, and what stands beside them: round numbers, in a unit that suits. */
import { DAY, formatDuration, HOUR, MINUTE } from '../bytes/units.js'
import type { Axis, Unit } from './model.js'

export interface Ticks {
  /** of the numbers at the ticks: `ms`, `kB`; empty where each has its own */
  readonly unit: string
  readonly ticks: readonly Tick[]
}

export interface Tick {
  readonly at: number
  readonly text: string
}

/** Steps of clocks and calendars, beyond the seconds. */
const CLOCK = [1, 2, 5, 10, 15, 30]
  .map((minutes) => minutes * MINUTE)
  .concat([1, 2, 3, 6, 12].map((hours) => hours * HOUR))
/** The longest step that is a decimal number of seconds. */
const MOST_SECONDS = 50e9

const PREFIXES: Readonly<Record<Unit, readonly (readonly [size: number, name: string])[]>> = {
  ns: [
    [1e9, 's'],
    [1e6, 'ms'],
    [1e3, 'µs'],
    [1, 'ns'],
  ],
  B: [
    [1e9, 'GB'],
    [1e6, 'MB'],
    [1e3, 'kB'],
    [1, 'B'],
  ],
  'bit/s': [
    [1e9, 'Gbit/s'],
    [1e6, 'Mbit/s'],
    [1e3, 'kbit/s'],
    [1, 'bit/s'],
  ],
}

/** `most`: ticks that there is room for. */
export function ticksOf(axis: Axis, most: number): Ticks {
  return axis.scale === 'logarithmic' ? logarithmic(axis, most) : linear(axis, most)
}

/** 0 at the axis' minimum, 1 at its maximum. */
export function positionOf(axis: Axis, value: number): number {
  const { minimum, maximum, scale } = axis
  if (scale === 'logarithmic') return Math.log(value / minimum) / Math.log(maximum / minimum)
  return (value - minimum) / (maximum - minimum)
}

/** From a round number at or below the least to one at or above the greatest: never empty. */
export function roundAxis(axis: Omit<Axis, 'scale'>): Axis {
  const { minimum, maximum } = axis
  const step = stepFor(axis.unit, Math.max(maximum - minimum, 1) / 6)
  const from = Math.floor(minimum / step) * step
  const to = Math.ceil(maximum / step) * step
  return { ...axis, minimum: from, maximum: to > from ? to : from + step, scale: 'linear' }
}

function linear({ minimum, maximum, unit }: Axis, most: number): Ticks {
  // there is no half byte
  const step = Math.max(unit === 'B' ? 1 : 0, stepFor(unit, (maximum - minimum) / Math.max(1, most)))
  const reach = Math.max(Math.abs(minimum), Math.abs(maximum))
  const [size, name] = longUnit(unit, step) ?? PREFIXES[unit].find(([size]) => reach >= size) ?? [1, unit]
  // as many decimals as the step needs
  const decimals = Math.max(0, Math.ceil(-Math.log10(step / size) - 1e-9))
  const ticks: Tick[] = []
  const first = Math.ceil(minimum / step - 1e-9)
  for (let i = first; i * step <= maximum * (1 + 1e-12); i++) {
    ticks.push({ at: i * step, text: ((i * step) / size).toFixed(decimals) })
  }
  return { unit: name, ticks }
}

/** The next round number: 1, 2 or 5 times a power of ten; of long times as clocks and calendars go. */
export function stepFor(unit: Unit, least: number): number {
  if (unit === 'ns' && least > MOST_SECONDS)
    return CLOCK.find((step) => step >= least * (1 - 1e-9)) ?? DAY * decimalStep(least / DAY)
  return decimalStep(least)
}

function decimalStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least))
  return ([1, 2, 5, 10].find((factor) => factor * power >= least * (1 - 1e-9)) ?? 10) * power
}

/** Of steps of minutes or more, which are whole numbers of it. */
function longUnit(unit: Unit, step: number): readonly [size: number, name: string] | undefined {
  if (unit !== 'ns' || step <= MOST_SECONDS) return undefined
  return step >= DAY ? [DAY, 'd'] : step >= HOUR ? [HOUR, 'h'] : [MINUTE, 'min']
}

function logarithmic({ minimum, maximum, unit }: Axis, most: number): Ticks {
  const decades = Math.log10(maximum / minimum)
  const factors = decades * 3 <= most ? [1, 2, 5] : [1]
  const ticks: Tick[] = []
  for (let power = Math.floor(Math.log10(minimum)); power <= Math.ceil(Math.log10(maximum)); power++) {
    for (const factor of factors) {
      const at = factor * 10 ** power
      if (at >= minimum * (1 - 1e-9) && at <= maximum * (1 + 1e-9)) ticks.push({ at, text: formatValue(unit, at) })
    }
  }
  return { unit: '', ticks }
}

/** One value with its unit: `36.1 ms`, `14,480 B`, `2.31 Mbit/s`. */
export function formatValue(unit: Unit, value: number): string {
  if (unit === 'ns') return value < 1 ? '0' : roundDuration(value)
  if (unit === 'B') return `${Math.round(value).toLocaleString('en-US')} B`
  const [size, name] = PREFIXES[unit].find(([size]) => value >= size) ?? [1, unit]
  const scaled = value / size
  return `${scaled >= 100 ? Math.round(scaled) : Number(scaled.toPrecision(3))} ${name}`
}

/** `200 ms` and not `200.0 ms`: ticks are round. */
function roundDuration(value: number): string {
  const [size, name] = PREFIXES.ns.find(([size]) => value >= size * (1 - 1e-9)) ?? [1, 'ns']
  const scaled = value / size
  return Number.isInteger(Math.round(scaled * 1e6) / 1e6)
    ? `${Math.round(scaled)} ${name}`
    : formatDuration(Math.round(value))
}
