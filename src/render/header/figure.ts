/** Header diagrams as a figure: for a page in SVG, for a document in TikZ. */

import type { Pen } from '../pen.js'
import { escapeXml, round } from '../svg/markup.js'
import { svgPen } from '../svg/pen.js'
import { STYLESHEET } from '../svg/style.js'
import { tikzPen, tikzPicture } from '../tikz/pen.js'
import { type Cell, type HeaderDiagram, type HeaderRow, ROW } from './layout.js'
import { wordsFor } from './words.js'

/** Pixels of a bit on a screen, and on paper, where the figure is made as wide as the text: fewer make the type larger. */
const BIT = 25
const PAPER_BIT = 20
const LEFT = 40
const RIGHT = 8
const LINE = 12
const PADDING = 7
const COLUMN = 5.8

export function headerSvg(diagrams: readonly HeaderDiagram[], heading?: string): string {
  const { shapes, bottom, width } = new Drawing(svgPen, BIT).draw(diagrams, heading)
  const height = round(bottom)
  const name = heading ?? diagrams.map(({ title }) => title).join('; ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="t">`,
    `<title id="t">${escapeXml(name)}</title>`,
    `<style>${STYLESHEET}</style>`,
    `<rect width="${width}" height="${height}" class="ground"/>`,
    ...shapes,
    '</svg>',
    '',
  ].join('\n')
}

/** One `tikzpicture`. */
export function headerTikz(diagrams: readonly HeaderDiagram[]): string {
  const { shapes, width } = new Drawing(tikzPen, PAPER_BIT).draw(diagrams, undefined)
  return tikzPicture(shapes, width)
}

class Drawing {
  readonly #pen: Pen
  readonly #bit: number
  /** one row's ground must not cover the line of the row above */
  readonly #grounds: string[] = []
  readonly #lines: string[] = []
  #y = 6

  constructor(pen: Pen, bit: number) {
    this.#pen = pen
    this.#bit = bit
  }

  draw(diagrams: readonly HeaderDiagram[], heading: string | undefined) {
    if (heading !== undefined) {
      this.#y += 18
      this.#lines.push(this.#pen.text(8, this.#y, heading, { className: 'ink title' }))
    }
    for (const { title, rows } of diagrams) {
      this.#y += 22
      this.#lines.push(this.#pen.text(LEFT, this.#y, title, { className: 'ink words strong' }))
      this.#y += 14
      for (const bit of [0, 4, 8, 12, 16, 20, 24, 28, 31]) this.#scale(bit)
      this.#y += 5
      for (const [index, row] of rows.entries()) this.#row(row, rows[index + 1])
    }
    return {
      shapes: [...this.#grounds, ...this.#lines],
      width: LEFT + ROW * this.#bit + RIGHT,
      bottom: this.#y + 10,
    }
  }

  #scale(bit: number): void {
    const style = { anchor: 'middle', className: 'faint small' } as const
    this.#lines.push(this.#pen.text(this.#x(bit + 0.5), this.#y, String(bit), style))
  }

  #row(row: HeaderRow, next: HeaderRow | undefined): void {
    const lines = row.cells.map((cell) => (cell.hasText ? this.#words(cell).length : 1))
    const height = Math.max(...lines) * LINE + PADDING
    const byte = { anchor: 'end', className: 'faint small' } as const
    this.#lines.push(this.#pen.text(LEFT - 8, this.#y + height / 2 + 3, String(row.byte), byte))
    for (const cell of row.cells) this.#cell(cell, height)
    this.#y += height
    // a short last row leaves the row above it open
    const [end, nextEnd] = [endOf(row), endOf(next)]
    if (nextEnd > 0 && nextEnd < end) this.#line(this.#x(nextEnd), this.#y, this.#x(end), this.#y)
  }

  #cell(cell: Cell, height: number): void {
    const { from, bits, field, isContinued, continues, hasText } = cell
    const [left, right, top, bottom] = [this.#x(from), this.#x(from + bits), this.#y, this.#y + height]
    const ground = field === undefined ? 'by-application' : field.isSet ? 'rail-opening' : 'open'
    this.#grounds.push(this.#pen.rect(left, top, right - left, height, ground))
    const side = field?.isCut === true && (isContinued || continues) ? 'l-ink dots' : 'l-ink'
    this.#line(left, top, left, bottom, side)
    this.#line(right, top, right, bottom, side)
    if (!isContinued) this.#line(left, top, right, top)
    if (!continues) this.#line(left, bottom, right, bottom)
    if (field === undefined || !hasText) return
    const words = this.#words(cell)
    let y = top + (height - words.length * LINE) / 2 + LINE - 3
    for (const { text, isValue } of words) {
      const className = isValue ? `${field.isSet ? 'data' : 'ink'} strong small` : 'faint small'
      this.#lines.push(this.#pen.text((left + right) / 2, y, text, { anchor: 'middle', className }))
      y += LINE
    }
  }

  #words({ field, bits }: Cell): { readonly text: string; readonly isValue: boolean }[] {
    if (field === undefined) return []
    const { label, value } = wordsFor(field, Math.floor((bits * this.#bit - 6) / COLUMN))
    return [...label.map((text) => ({ text, isValue: false })), { text: value, isValue: true }]
  }

  #x(bit: number): number {
    return LEFT + bit * this.#bit
  }

  #line(x1: number, y1: number, x2: number, y2: number, className = 'l-ink'): void {
    this.#lines.push(this.#pen.line(x1, y1, x2, y2, className))
  }
}

function endOf(row: HeaderRow | undefined): number {
  const last = row?.cells.at(-1)
  return last === undefined ? 0 : last.from + last.bits
}
