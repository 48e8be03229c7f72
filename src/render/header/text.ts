/** Header diagrams in plain ASCII, laid out as RFC 791 and RFC 9293 lay out theirs. */
import { displayWidth, padEnd } from '../width.js'
import { type Cell, type HeaderDiagram, type HeaderRow, ROW } from './layout.js'
import { wordsFor } from './words.js'

const SCALE = [
  ` ${Array.from({ length: ROW }, (_, bit) => (bit % 10 === 0 ? String(bit / 10) : ' ')).join(' ')}`.trimEnd(),
  ` ${Array.from({ length: ROW }, (_, bit) => String(bit % 10)).join(' ')}`,
]

export function* headerText(diagrams: readonly HeaderDiagram[]): Generator<string> {
  for (const [index, { title, rows }] of diagrams.entries()) {
    if (index > 0) yield ''
    yield title
    yield ''
    yield* SCALE
    let above: HeaderRow | undefined
    for (const row of rows) {
      yield ruleBetween(above, row)
      yield* linesOf(row)
      above = row
    }
    yield ruleBetween(above, undefined)
  }
}

/** `+-+-+`, open where a field goes on below. */
function ruleBetween(above: HeaderRow | undefined, below: HeaderRow | undefined): string {
  const last = (row: HeaderRow | undefined) => row?.cells.reduce((bits, cell) => bits + cell.bits, 0) ?? 0
  const width = Math.max(last(above), last(below))
  let rule = '+'
  for (let bit = 0; bit < width; bit++) {
    const cell = below?.cells.find(({ from, bits }) => bit >= from && bit < from + bits)
    const isOpen = cell?.isContinued === true
    rule += isOpen ? ' ' : '-'
    rule += isOpen && bit + 1 < cell.from + cell.bits ? ' ' : '+'
  }
  return rule
}

function linesOf({ cells }: HeaderRow): string[] {
  const flags = cells.map(({ bits, field }) => (bits === 1 ? (field?.short.slice(0, LETTERS).length ?? 0) : 0))
  const texts = cells.map((cell) => cellLines(cell, Math.max(...flags)))
  const height = Math.max(1, ...texts.map((lines) => lines.length))
  return Array.from({ length: height }, (_, line) => {
    const inner = cells.map((cell, index) => centred(texts[index]?.[line] ?? '', cell.bits * 2 - 1))
    const side = cells[0]?.field?.isCut === true && cells[0].isContinued ? '/' : '|'
    return `${side}${inner.join('|')}${side}`
  })
}

/** Letters of a flag's name. */
const LETTERS = 3

/** `letters`: of the longest flag's name in this row, so that their values stand side by side. */
function cellLines({ bits, field, hasText }: Cell, letters: number): string[] {
  if (field === undefined || !hasText) return []
  const columns = bits * 2 - 1
  // one letter below the other, as RFC 9293 names its flags
  if (columns < 3) return [...field.short.slice(0, LETTERS).padStart(letters), field.value.slice(0, 1)]
  const { label, value } = wordsFor(field, columns)
  return [...label, value]
}

function centred(text: string, width: number): string {
  const before = Math.floor((width - displayWidth(text)) / 2)
  return padEnd(' '.repeat(Math.max(0, before)) + text, width)
}
