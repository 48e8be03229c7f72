/** Times, sizes and counts as people write them. Every number comes from integers; nothing is made more exact than it is. */

const MICROSECOND = 1e3
const MILLISECOND = 1e6
const SECOND = 1e9
export const MINUTE = 60e9
export const HOUR = 3600e9
export const DAY = 86_400e9

/** A length of time, in ns, to three digits: `62 µs`, `1.23 ms`, `2.31 s`, `1 min 5 s`, `3 d 4 h`. */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds < 0) return '-' + formatDuration(-nanoseconds)
  if (nanoseconds < MICROSECOND) return `${nanoseconds} ns`
  // 999.6 µs would round up to 1000 µs
  if (nanoseconds < 999.5 * MICROSECOND) return `${threeDigits(nanoseconds, MICROSECOND)} µs`
  if (nanoseconds < 999.5 * MILLISECOND) return `${threeDigits(nanoseconds, MILLISECOND)} ms`
  if (nanoseconds < 59.95 * SECOND) return `${threeDigits(nanoseconds, SECOND)} s`
  const seconds = Math.round(nanoseconds / SECOND) * SECOND
  if (seconds < HOUR) return inTwo(seconds, MINUTE, 'min', SECOND, 's')
  if (seconds < DAY) return inTwo(Math.round(seconds / MINUTE) * MINUTE, HOUR, 'h', MINUTE, 'min')
  return inTwo(Math.round(seconds / HOUR) * HOUR, DAY, 'd', HOUR, 'h')
}

/** Three digits, fewer where the rest is zero because the clock had no more. */
function threeDigits(value: number, unit: number): string {
  const decimals = value < 9.995 * unit ? 2 : value < 99.95 * unit ? 1 : 0
  const text = (value / unit).toFixed(decimals)
  return value % unit === 0 && unit !== SECOND ? String(value / unit) : text
}

function inTwo(value: number, large: number, largeName: string, small: number, smallName: string): string {
  const rest = Math.round((value % large) / small)
  const whole = `${Math.floor(value / large)} ${largeName}`
  return rest === 0 ? whole : `${whole} ${rest} ${smallName}`
}

/** An integer with a comma between thousands: `34,752`. */
export function formatCount(count: number): string {
  const digits = String(count)
  return digits.length <= 3 ? digits : digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** A number of bytes: exact below ten million, `34.8 MB` above. */
export function formatSize(bytes: number): string {
  if (bytes < 1e7) return `${formatCount(bytes)} B`
  for (const [unit, name] of LARGE_UNITS) if (bytes >= unit) return `${(bytes / unit).toPrecision(3)} ${name}`
  return `${(bytes / 1e6).toFixed(1)} MB`
}

const LARGE_UNITS: readonly (readonly [number, string])[] = [
  [1e12, 'TB'],
  [1e9, 'GB'],
]

/** `1 segment`, `3 segments`, `1,234 replies`: the plural is the noun with an s, unless it is given. */
export function countOf(count: number, noun: string, plural = noun + 's'): string {
  return `${formatCount(count)} ${count === 1 ? noun : plural}`
}

/** `1st`, `2nd`, `11th`. */
export function formatOrdinal(n: number): string {
  const tens = n % 100
  const suffix = tens >= 11 && tens <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')
  return `${n}${suffix}`
}

/** `21 ms to 44 ms`; `1 ms` where both would be written alike. */
export function formatDurations(from: number, to: number): string {
  const [least, most] = [formatDuration(from), formatDuration(to)]
  return least === most ? least : `${least} to ${most}`
}
