/** Mistakes that a trace proves, as text: what, the evidence, what the manual says, what to change. */
import { printable } from '../bytes/printable.js'
import { formatMoment, parseStart } from '../bytes/time.js'
import { framesOf } from '../explain/frames.js'
import type { CallReference, Mistake } from '../explain/mistakes/mistake.js'
import type { Theme } from './style.js'
import { truncate, wrap } from './width.js'

/** Digits after the second of a call's time. */
const DIGITS = 6

export function* mistakeLines(mistakes: readonly Mistake[], width: number, theme: Theme): Generator<string> {
  for (const { title, pid, program, evidence, rule, reference, advice } of mistakes) {
    const whose = program === undefined ? `process ${pid}` : `${program} (process ${pid})`
    for (const line of wrap(printable(`! ${whose}: ${title}`), width - 1)) yield ` ${theme.trouble(line)}`
    for (const { text, calls, frames } of evidence) {
      yield* indented(`↳ ${text}${text.includes('(#') ? '' : framesOf(frames)}`, width)
      for (const call of calls) yield `       ${theme.faint(truncate(callLine(call), width - 8))}`
    }
    yield* indented(`${rule} (${reference})`, width)
    yield* indented(`→ ${advice}`, width, theme.strong)
  }
}

function* indented(text: string, width: number, paint: (text: string) => string = (same) => same): Generator<string> {
  for (const [index, line] of wrap(printable(text), width - 6).entries())
    yield `   ${index > 0 ? '  ' : ''}${paint(line)}`
}

/** `10:03:01.123456  8420  accept(3, NULL, NULL) = 4`; the time of day, UTC. */
function callLine(call: CallReference): string {
  return callCells(call).join('  ')
}

/** The same, as cells of a table. */
export function callCells({
  pid,
  call,
  arguments: given,
  descriptor,
  result,
  errno,
  entered,
}: CallReference): string[] {
  const [seconds, nanoseconds] = parseStart(entered)
  const time = formatMoment('utc', seconds, nanoseconds, DIGITS)
  // two records that are of no call
  if (call === 'signal') return [time, String(pid), printable(given[0] ?? call)]
  if (call === 'ended') return [time, String(pid), 'ended']
  const shown = given.length === 0 && descriptor !== undefined ? String(descriptor) : given.join(', ')
  const outcome = errno !== undefined ? ` = -1 ${printable(errno)}` : result === undefined ? '' : ` = ${result}`
  return [time, String(pid), `${printable(`${call}(${shown})`)}${outcome}`]
}
