/**
 * For terminals that know no UTF-8: every character that is drawn with has a stand-in of the same width, so that what was
 * laid out stays aligned.
 */
import { displayWidth } from './width.js'

const STAND_INS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    '─': '-',
    '═': '=',
    '╌': '-',
    '│': '|',
    '┊': ':',
    '╎': ':',
    '├': '+',
    '┤': '+',
    '┼': '+',
    '┬': '+',
    '┴': '+',
    '┌': '+',
    '┐': '+',
    '└': '+',
    '┘': '+',
    '▶': '>',
    '◀': '<',
    '→': '>',
    '←': '<',
    '↳': '`',
    '✗': 'x',
    '×': 'x',
    '≈': '~',
    '≥': '>',
    '−': '-',
    '·': '.',
    '…': '~',
    '–': '-',
    µ: 'u',
    '⏎': '$',
    '⇥': '^',
    '✎': '#',
    '█': '#',
    '░': '.',
  }),
)

/** Anything but printable ASCII and the escape sequences of a theme. */
const NOT_ASCII = /[^\n\x1b\x20-\x7e]/gu

export function toAscii(text: string): string {
  return text.replace(NOT_ASCII, (character) => STAND_INS.get(character) ?? '?'.repeat(displayWidth(character)))
}
