/** Text for LaTeX: nothing in it is a command, and pdflatex has a glyph for each of its characters. */
import { printable } from '../../bytes/printable.js'

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '{': '\\{',
  '}': '\\}',
  $: '\\$',
  '&': '\\&',
  '#': '\\#',
  '%': '\\%',
  _: '\\_',
  '^': '\\textasciicircum{}',
  '~': '\\textasciitilde{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
  '"': '\\textquotedbl{}',
  "'": "'{}",
  '`': '\\textasciigrave{}',
  '-': '-{}',
  µ: '$\\mu$',
  '·': '$\\cdot$',
  '×': '$\\times$',
  '÷': '$\\div$',
  '±': '$\\pm$',
  '−': '$-$',
  '≤': '$\\leq$',
  '≥': '$\\geq$',
  '≠': '$\\neq$',
  '°': '\\textdegree{}',
  '§': '\\S{}',
  '✗': '$\\times$',
  '•': '\\textbullet{}',
  '—': '---',
  '‘': '`',
  '’': "'",
  '“': '``',
  '”': "''",
  '≈': '$\\approx$',
  '→': '$\\rightarrow$',
  '←': '$\\leftarrow$',
  '↳': '$\\hookrightarrow$',
  '⏎': '$\\hookleftarrow$',
  '⇥': '$\\mapsto$',
  '…': '\\ldots{}',
  '–': '--',
  '✎': '$\\triangleright$',
}

export function escapeLatex(text: string): string {
  return Array.from(printable(text), escapeCharacter).join('')
}

function escapeCharacter(character: string): string {
  const known = SPECIAL[character]
  if (known !== undefined) return known
  // ASCII and the letters of Latin-1 are in every font with T1's encoding
  if (/[ -~À-ÖØ-öø-ÿ]/.test(character)) return character
  return `[U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}]`
}
