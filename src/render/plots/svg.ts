/** Plots as one SVG figure, one panel a plot. */
import { append } from '../../bytes/lists.js'
import { printable } from '../../bytes/printable.js'
import type { Plot } from '../../plots/model.js'
import { MARGIN, WIDTH } from '../svg/columns.js'
import { escapeXml, round, text } from '../svg/markup.js'
import { svgPen } from '../svg/pen.js'
import { STYLESHEET } from '../svg/style.js'
import type { Scale } from './marks.js'
import { drawPanel } from './panel.js'
import type { Box } from './room.js'

export interface PlotFigureOptions {
  /** a line above the panels: which session it is */
  readonly heading?: string
  /** what to see in it stands below each panel; a report has it in a caption of its own */
  readonly captions: boolean
}

/** The rules of the style sheet that only plots need. */
export const RULES = '.line{fill:none;stroke-linejoin:round}.area{fill-opacity:.14}.grid{stroke-opacity:.18}'

export function drawPlots(plots: readonly Plot[], { heading, captions }: PlotFigureOptions): string {
  const shapes: string[] = []
  let y = 8
  if (heading !== undefined) {
    y += 16
    shapes.push(text(MARGIN, y, printable(heading), { className: 'ink title' }))
    y += 6
  }
  for (const [index, plot] of plots.entries()) {
    const panel = drawPanel(svgPen, plot, index, y, { captions, title: true })
    append(shapes, panel.shapes)
    y = panel.bottom
  }
  const height = round(y + 4)
  const name = [...(heading === undefined ? [] : [heading]), ...plots.map(({ title }) => title)].join('; ')
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t d">`,
    `<title id="t">${escapeXml(name)}</title>`,
    `<desc id="d">${escapeXml(plots.flatMap(({ caption }) => caption).join(' '))}</desc>`,
    `<style>${STYLESHEET}\n${RULES}</style>`,
    `<rect width="${WIDTH}" height="${height}" class="ground"/>`,
    ...shapes,
    '</svg>',
    '',
  ].join('\n')
}

/** A plot for a page, which has the style sheet, and which tells what the pointer is at. */
export interface PlotPanel {
  readonly svg: string
  readonly width: number
  readonly height: number
  readonly scale: Scale
  /** what is plotted, within the axes */
  readonly area: Box
}

/** @param index of the plot among those of the page @param width in pixels; a figure's when absent */
export function drawPlotPanel(plot: Plot, index: number, width = WIDTH): PlotPanel {
  const panel = drawPanel(svgPen, plot, index, 0, { captions: false, title: true, width })
  const height = Math.ceil(panel.bottom)
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(plot.title)}">`,
    ...panel.shapes,
    '</svg>',
  ].join('\n')
  return { svg, width, height, scale: panel.scale, area: panel.area }
}
