/** Mistakes that a trace proves, by their names, from what is said of each beside its evidence. */
import { ADVICE } from '../mistakes/advice.js'
import type { Entry } from './entry.js'

export const mistakeTerms: readonly Entry[] = Object.entries(ADVICE).map(
  ([term, { title, rule, reference, advice }]) => ({
    term,
    source: reference,
    text: `${sentence(title)} ${sentence(rule)} ${sentence(advice)}`,
  }),
)

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
