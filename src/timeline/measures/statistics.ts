/** The usual five of a list of numbers. */
export interface Statistics {
  readonly count: number
  readonly minimum: number
  readonly median: number
  readonly mean: number
  readonly maximum: number
  /** standard deviation */
  readonly deviation: number
}

/** Undefined when there are no numbers. */
export function statisticsOf(values: readonly number[]): Statistics | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const count = sorted.length
  const [minimum] = sorted
  const maximum = sorted.at(-1)
  if (minimum === undefined || maximum === undefined) return undefined
  const mean = sorted.reduce((sum, value) => sum + value, 0) / count
  const variance = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / count
  const middle = ((sorted[(count - 1) >> 1] ?? 0) + (sorted[count >> 1] ?? 0)) / 2
  return { count, minimum, median: middle, mean, maximum, deviation: Math.sqrt(variance) }
}
