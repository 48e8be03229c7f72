/** What stands for what in a plot: as many entries a line as there is room for. */
import type { Plot } from '../../plots/model.js'
import type { Pen } from '../pen.js'
import { wrap } from '../width.js'
import { BANDS, legendMark, ORDER } from './marks.js'

/** What a column of sans-serif text of 12 px takes at most. */
const COLUMN = 7.2
const LINE = 16
/** Pixels for a mark, and clear after a label. */
const MARK = 28
const GAP = 14

interface Place {
  readonly left: number
  readonly right: number
  readonly top: number
}

/** `bottom`: where what is plotted can begin. */
export function drawLegend(
  pen: Pen,
  { series, bands }: Plot,
  { left, right, top }: Place,
): { readonly shapes: readonly string[]; readonly bottom: number } {
  const shapes: string[] = []
  const strips = [...new Map(bands.map((band) => [band.key, band])).values()]
  const entries = [
    ...series
      .toSorted((a, b) => ORDER.indexOf(a.key) - ORDER.indexOf(b.key))
      .map((one) => ({ label: one.label, draw: (x: number, y: number) => legendMark(pen, one, x, y) })),
    ...strips.map(({ key, label }) => ({
      label,
      draw: (x: number, y: number) => pen.rect(x, y - 4, 22, 8, BANDS[key].className),
    })),
  ]
  let x = left
  let y = top + 8
  for (const { label, draw } of entries) {
    const width = MARK + label.length * COLUMN + GAP
    if (x > left && x + width > right + GAP) {
      x = left
      y += LINE
    }
    shapes.push(draw(x, y))
    for (const [index, words] of wrap(label, Math.floor((right - left - MARK) / COLUMN)).entries()) {
      if (index > 0) y += LINE
      shapes.push(pen.text(x + MARK, y + 4, words, { className: 'ink words' }))
    }
    x += width
  }
  return { shapes, bottom: y + 12 }
}
