/** A plot as a TikZ picture: the same panel, for LaTeX. */
import type { Plot } from '../../plots/model.js'
import { WIDTH } from '../svg/columns.js'
import { tikzPen, tikzPicture } from '../tikz/pen.js'
import { drawPanel } from './panel.js'

/** TeX's memory is small: fewer points than a screen shows. */
const SLICES = 200

export function plotTikz(plot: Plot): string {
  const { shapes } = drawPanel(tikzPen, plot, 0, 0, { captions: false, title: false, slices: SLICES })
  return tikzPicture(shapes, WIDTH)
}
