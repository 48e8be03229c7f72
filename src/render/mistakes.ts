/** Mistakes that a trace proves, as text: what, the evidence, what the manual says, what to change. */
import { printable } from '../bytes/printable.js'
import { framesOf } from '../explain/frames.js'
import type { Mistake } from '../explain/mistakes/mistake.js'
import type { Theme } from './style.js'
import { wrap } from './width.js'

export function* mistakeLines(mistakes: readonly Mistake[], width: number, theme: Theme): Generator<string> {
  for (const { title, pid, program, evidence, rule, reference, advice } of mistakes) {
    const whose = program === undefined ? `process ${pid}` : `${program} (process ${pid})`
    for (const line of wrap(printable(`! ${whose}: ${title}`), width - 1)) yield ` ${theme.trouble(line)}`
    for (const { text, frames } of evidence) yield* indented(`↳ ${text}${framesOf(frames)}`, width)
    yield* indented(`${rule} (${reference})`, width)
    yield* indented(`→ ${advice}`, width, theme.strong)
  }
}

function* indented(text: string, width: number, paint: (text: string) => string = (same) => same): Generator<string> {
  for (const [index, line] of wrap(printable(text), width - 6).entries())
    yield `   ${index > 0 ? '  ' : ''}${paint(line)}`
}
