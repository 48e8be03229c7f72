/**
 * What colour says, and it never says it alone: every line reads the same without. A theme paints text by its meaning;
 * the plain one gives it back as it is.
 */

export type Paint = (text: string) => string

export interface Theme {
  /** what is read second: gaps, rules, lifelines */
  readonly faint: Paint
  readonly strong: Paint
  /** opening, closing and resetting segments, and the phases named after them */
  readonly handshake: Paint
  readonly teardown: Paint
  readonly reset: Paint
  /** payload, and segments that carry some */
  readonly data: Paint
  /** a connection's state, where it changes */
  readonly state: Paint
  readonly good: Paint
  readonly trouble: Paint
  /** what a person wrote */
  readonly note: Paint
}

const same: Paint = (text) => text

export const plainTheme: Theme = {
  faint: same,
  strong: same,
  handshake: same,
  teardown: same,
  reset: same,
  data: same,
  state: same,
  good: same,
  trouble: same,
  note: same,
}

/** The sixteen colours that every terminal has, in the user's own shades. */
export const colourTheme: Theme = {
  faint: sgr(2, 22),
  strong: sgr(1, 22),
  handshake: sgr(36, 39),
  teardown: sgr(33, 39),
  reset: sgr(31, 39),
  data: sgr(32, 39),
  state: sgr(35, 39),
  good: sgr(32, 39),
  trouble: sgr(31, 39),
  note: sgr(34, 39),
}

/** Select Graphic Rendition (ECMA-48 §8.3.117): `on` before the text, `off` after it. */
function sgr(on: number, off: number): Paint {
  return (text) => (text === '' ? '' : `\x1b[${on}m${text}\x1b[${off}m`)
}
