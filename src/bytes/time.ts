/** Points in time as tables and timelines print them: exact, and with no more digits than the capture's clock has. */

/** `relative`: seconds since the session's first packet; `utc`: the time of day; `epoch`: seconds since 1970. */
export type TimeFormat = 'relative' | 'utc' | 'epoch'

const SECOND = 1e9

/** A session's first packet: `seconds.nanoseconds` as SessionSummary has it, in two integers. */
export function parseStart(start: string): readonly [seconds: number, nanoseconds: number] {
  const [seconds = '0', nanoseconds = '0'] = start.split('.')
  return [Number(seconds), Number(nanoseconds)]
}

/** `time` ns after `start`, with `digits` digits after the second. */
export function formatTime(format: TimeFormat, start: string, time: number, digits: number): string {
  if (format === 'relative') return formatSeconds(time, digits)
  const [seconds, nanoseconds] = parseStart(start)
  const whole = Math.floor(time / SECOND)
  const sum = nanoseconds + (time - whole * SECOND)
  const carry = sum >= SECOND ? 1 : 0
  return formatMoment(format, seconds + whole + carry, sum - carry * SECOND, digits)
}

/** A point in time, given as seconds since 1970 and the nanoseconds past them. */
export function formatMoment(format: 'utc' | 'epoch', seconds: number, nanoseconds: number, digits: number): string {
  const rest = fraction(nanoseconds, digits)
  if (format === 'epoch') return `${seconds}${rest}`
  const inDay = ((seconds % 86_400) + 86_400) % 86_400
  return `${two(Math.floor(inDay / 3600))}:${two(Math.floor(inDay / 60) % 60)}:${two(inDay % 60)}${rest}`
}

/** `2026-11-20 11:03:01.123456 UTC`; of a year that no calendar has, the seconds since 1970. */
export function formatDate(seconds: number, nanoseconds: number, digits: number): string {
  const date = new Date(seconds * 1000)
  if (Number.isNaN(date.getTime())) return `${seconds}${fraction(nanoseconds, digits)}`
  // a year has four digits, or a sign and six
  const [day = ''] = date.toISOString().split('T')
  return `${day} ${formatMoment('utc', seconds, nanoseconds, digits)} UTC`
}

/** ns as a decimal number of seconds, cut off after `digits` digits: `2.311391`. */
export function formatSeconds(nanoseconds: number, digits: number): string {
  const positive = Math.abs(nanoseconds)
  const seconds = Math.floor(positive / SECOND)
  const text = `${seconds}${fraction(positive - seconds * SECOND, digits)}`
  return nanoseconds < 0 ? `-${text}` : text
}

/** The same of an interval in two integers of any sign, seconds and nanoseconds: exact, however long it is. */
export function formatInterval(seconds: number, nanoseconds: number, digits: number): string {
  const carry = Math.floor(nanoseconds / SECOND)
  const whole = seconds + carry
  const rest = nanoseconds - carry * SECOND
  if (whole >= 0) return `${whole}${fraction(rest, digits)}`
  return rest === 0 ? `${whole}${fraction(0, digits)}` : `-${-whole - 1}${fraction(SECOND - rest, digits)}`
}

function fraction(nanoseconds: number, digits: number): string {
  return digits <= 0 ? '' : `.${String(nanoseconds).padStart(9, '0').slice(0, digits)}`
}

function two(n: number): string {
  return String(n).padStart(2, '0')
}
