/** What the output is like: a terminal or not, how wide, with colours or without, and which characters it knows. */
import { isatty } from 'node:tty'

export const STDOUT = 1
export const STDERR = 2

/** `--color`: when to colour. */
export type ColourChoice = 'auto' | 'always' | 'never'

const PIPED_WIDTH = 100
const NARROWEST = 80

export function isTerminal(descriptor: number): boolean {
  return isatty(descriptor)
}

/** https://no-color.org and https://force-color.org; an explicit choice goes before both. */
export function wantsColour(choice: ColourChoice, environment: NodeJS.ProcessEnv = process.env): boolean {
  if (choice !== 'auto') return choice === 'always'
  const { FORCE_COLOR: force, NO_COLOR: none, TERM: term } = environment
  if (force !== undefined && force !== '') return force !== '0' && force !== 'false'
  if (none !== undefined && none !== '') return false
  return isTerminal(STDOUT) && term !== 'dumb'
}

/** Columns to draw in: what COLUMNS says, or else the terminal; a fixed number when piped. */
export function outputWidth(environment: NodeJS.ProcessEnv = process.env): number {
  const { COLUMNS: columns } = environment
  const wanted = Number(columns)
  if (Number.isInteger(wanted) && wanted > 0) return Math.max(wanted, NARROWEST)
  if (!isTerminal(STDOUT)) return PIPED_WIDTH
  return Math.max(process.stdout.columns, NARROWEST)
}

/** False when the user's locale is set, and to something else than UTF-8. */
export function knowsUnicode(environment: NodeJS.ProcessEnv = process.env): boolean {
  const { LC_ALL: all, LC_CTYPE: characters, LANG: language } = environment
  const locale = all || characters || language
  return locale === undefined || locale === '' || /utf-?8/i.test(locale)
}
