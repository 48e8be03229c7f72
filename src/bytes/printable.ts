/**
 * Text from the wire, made harmless: nothing that reaches a terminal or a page may move its cursor, colour it, reorder
 * what stands beside it, or hide. All text of a packet goes through here before it is shown.
 */

/** A line break is worth seeing, and a tab; everything else that cannot be seen becomes a dot. */
const LINE_BREAK = '⏎'
const TAB = '⇥'
const UNSEEN = '·'

/**
 * Controls, lone surrogates, private and unassigned characters (C); line and paragraph separators (Z); what draws nothing:
 * bidi overrides, zero-width characters, variation selectors, tags, fillers (DI); spaces other than the plain one; and
 * combining marks from the third on a letter, which would draw over the lines above and below.
 */
const HARMFUL = /\r?\n|[\p{C}\p{Zl}\p{Zp}\p{DI}]|[^\S ]|\u2800|(?<=\p{M}{2})\p{M}/gu

/** Of these, what JSON.stringify leaves as it is. */
const HARMFUL_IN_JSON = /[\p{C}\p{Zl}\p{Zp}\p{DI}]/gu

/** `text` on one line, with every character that is not plainly visible replaced by one that is. */
export function printable(text: string): string {
  return text.replace(HARMFUL, replacement)
}

function replacement(found: string): string {
  if (found.endsWith('\n')) return LINE_BREAK
  return found === '\t' ? TAB : UNSEEN
}

/** `value` as one line of JSON: what a terminal would obey, or not show, is escaped, so that a program reads it as it was. */
export function printableJson(value: unknown): string {
  // what is not ASCII is found first: asking every character for its properties would take ten times as long
  return JSON.stringify(value).replace(/[^ -~]+/g, (text) => text.replace(HARMFUL_IN_JSON, escaped))
}

function escaped(found: string): string {
  return Array.from({ length: found.length }, (_, i) => escapedUnit(found.charCodeAt(i))).join('')
}

function escapedUnit(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`
}
