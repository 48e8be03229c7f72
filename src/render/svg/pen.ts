/** Draws in SVG. */
import type { Pen, Point2, Stroke } from '../pen.js'
import { line, rect, round, text } from './markup.js'

export const svgPen: Pen = {
  text,
  line,
  rect,
  polygon: (points, className) =>
    `<polygon points="${points.map((point) => point.map(round).join(',')).join(' ')}" class="${className}"/>`,
  strokes: (lines, stroke) =>
    `<path d="${lines.map(pathOf).join('')}" class="l-${stroke.ink} ${stroke.open === true ? 'open' : 'line'}"${widthOf(stroke)}/>`,
  area: (points, ink) => `<path d="${pathOf(points)}Z" class="${ink} area"/>`,
  // strokes of next to no length with caps: the shortest way to draw many
  dots: (at, size, shape, ink) =>
    `<path d="${at.map(([x, y]) => `M${round(x)} ${round(y)}h.01`).join('')}" class="l-${ink} line" stroke-width="${size}" stroke-linecap="${shape}"/>`,
  clipped: (x, y, width, height, id, shapes) =>
    [
      `<clipPath id="${id}"><rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}"/></clipPath>`,
      `<g clip-path="url(#${id})">`,
      ...shapes,
      '</g>',
    ].join('\n'),
}

function widthOf({ width, dash }: Stroke): string {
  return ` stroke-width="${width}"${dash === undefined ? '' : ` stroke-dasharray="${dash.join(' ')}"`}`
}

function pathOf(points: readonly Point2[]): string {
  let path = ''
  let [beforeX, beforeY] = ['', '']
  for (const [x, y] of points) {
    const [atX, atY] = [round(x), round(y)]
    if (path === '') path = `M${atX} ${atY}`
    else if (atY === beforeY) path += atX === beforeX ? '' : `H${atX}`
    else path += atX === beforeX ? `V${atY}` : `L${atX} ${atY}`
    beforeX = atX
    beforeY = atY
  }
  return path
}
