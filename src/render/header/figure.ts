/** Header diagrams as a figure: for a page in SVG, for a document in TikZ. */

import type { Pen } from '../pen.js'
import { escapeXml, round } from '../svg/markup.js'
import { svgPen } from '../svg/pen.js'
import { STYLESHEET } from '../svg/style.js'
import { tikzPen, tikzPicture } from '../tikz/pen.js'
import { type Cell, type HeaderDiagram, type HeaderRow, ROW } from './layout.js'
import { wordsFor } from './words.js'

const BIT = 25
const LEFT = 40
const WIDTH = LEFT + ROW * BIT + 8
const LINE = 12
const PADDING = 7
const COLUMN = 5.8

export function headerSvg(diagrams: readonly HeaderDiagram[], heading?: string): string {
  const { shapes, bottom } = draw(svgPen, diagrams, heading)
  const height = round(bottom)
  const name = heading ?? diagrams.map(({ title }) => title).join('; ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t">`,
    `<title id="t">${escapeXml(name)}</title>`,
    `<style>${STYLESHEET}</style>`,
    `<rect width="${WIDTH}" height="${height}" class="ground"/>`,
    ...shapes,
    '</svg>',
    '',
  ].join('\n')
}

/** One `tikzpicture`. */
export function headerTikz(diagrams: readonly HeaderDiagram[]): string {
  return tikzPicture(draw(tikzPen, diagrams, undefined).shapes, WIDTH)
}

function draw(pen: Pen, diagrams: readonly HeaderDiagram[], heading: string | undefined) {
  const shapes: string[] = []
  let y = 6
  if (heading !== undefined) {
    y += 18
    shapes.push(pen.text(8, y, heading, { className: 'ink title' }))
  }
  for (const { title, rows } of diagrams) {
    y += 22
    shapes.push(pen.text(LEFT, y, title, { className: 'ink words strong' }))
    y += 14
    for (const bit of [0, 4, 8, 12, 16, 20, 24, 28, 31]) {
      const style = { anchor: 'middle', className: 'faint small' } as const
      shapes.push(pen.text(LEFT + (bit + 0.5) * BIT, y, String(bit), style))
    }
    y += 5
    // lines above grounds: one row's ground must not cover the line of the row above
    const grounds: string[] = []
    const lines: string[] = []
    for (const [index, row] of rows.entries()) {
      const height = heightOf(row)
      lines.push(pen.text(LEFT - 8, y + height / 2 + 3, String(row.byte), { anchor: 'end', className: 'faint small' }))
      for (const cell of row.cells) {
        grounds.push(drawGround(pen, cell, y, height))
        lines.push(...drawCell(pen, cell, y, height))
      }
      y += height
      // a short last row leaves the row above it open
      const [end, next] = [endOf(row), endOf(rows[index + 1])]
      if (next > 0 && next < end) lines.push(pen.line(LEFT + next * BIT, y, LEFT + end * BIT, y, 'l-ink'))
    }
    shapes.push(...grounds, ...lines)
  }
  return { shapes, bottom: y + 10 }
}

function heightOf({ cells }: HeaderRow): number {
  const lines = cells.map((cell) => (cell.field !== undefined && cell.hasText ? wordsOf(cell).length : 1))
  return Math.max(...lines) * LINE + PADDING
}

function wordsOf({ field, bits }: Cell): { readonly text: string; readonly isValue: boolean }[] {
  if (field === undefined) return []
  const { label, value } = wordsFor(field, Math.floor((bits * BIT - 6) / COLUMN))
  return [...label.map((text) => ({ text, isValue: false })), { text: value, isValue: true }]
}

function drawGround(pen: Pen, { from, bits, field }: Cell, top: number, height: number): string {
  const ground = field === undefined ? 'by-application' : field.isSet ? 'rail-opening' : 'open'
  return pen.rect(LEFT + from * BIT, top, bits * BIT, height, ground)
}

function endOf(row: HeaderRow | undefined): number {
  const last = row?.cells.at(-1)
  return last === undefined ? 0 : last.from + last.bits
}

function drawCell(pen: Pen, cell: Cell, top: number, height: number): string[] {
  const { from, bits, field, isContinued, continues, hasText } = cell
  const [left, right, bottom] = [LEFT + from * BIT, LEFT + (from + bits) * BIT, top + height]
  const side = field?.isCut === true && (isContinued || continues) ? 'l-ink dots' : 'l-ink'
  const shapes = [pen.line(left, top, left, bottom, side), pen.line(right, top, right, bottom, side)]
  if (!isContinued) shapes.push(pen.line(left, top, right, top, 'l-ink'))
  if (!continues) shapes.push(pen.line(left, bottom, right, bottom, 'l-ink'))
  if (field === undefined || !hasText) return shapes
  const words = wordsOf(cell)
  let y = top + (height - words.length * LINE) / 2 + LINE - 3
  for (const { text, isValue } of words) {
    const className = isValue ? `${field.isSet ? 'data' : 'ink'} strong small` : 'faint small'
    shapes.push(pen.text((left + right) / 2, y, text, { anchor: 'middle', className }))
    y += LINE
  }
  return shapes
}
