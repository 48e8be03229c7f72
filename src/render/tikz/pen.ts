/**
 * Draws in TikZ, with nothing of its libraries. Coordinates are those of the SVG figure, pixels with y going down, so that
 * both have everything at the same place.
 */
import type { Pen, Point2, Span, Stroke } from '../pen.js'
import { escapeLatex } from '../report/latex-text.js'
import { round } from '../svg/markup.js'
import { colourOf } from '../svg/style.js'

/** Points for a pixel, before the picture is made as wide as the text. */
const UNIT = 0.6
/** Pixels of type; LaTeX's typewriter is narrower than a screen's, so it can be a little larger. */
const SIZES: Readonly<Record<string, number>> = { title: 16, words: 12.5, small: 10.6 }
const SIZE = 12.2
/** Set in the text's own family. */
const PROSE: ReadonlySet<string> = new Set(['title', 'words'])
const BOLD: ReadonlySet<string> = new Set(['strong', 'trouble', 'reset', 'title'])
const DASHES: Readonly<Record<string, readonly number[]>> = { dots: [2, 3], dashes: [6, 4] }

/** A picture as wide as the text, of a figure that is so many pixels wide. Says which colours it needs. */
export function tikzPicture(shapes: readonly string[], width: number): string {
  const named = shapes.flatMap((shape) => [...shape.matchAll(/\bsyn-[a-z-]+/g)].map(([name]) => name))
  const colours = [...new Set(named)].toSorted().map((name) => {
    const colour = colourOf(name.slice('syn-'.length)) ?? '#000000'
    return `\\definecolor{${name}}{HTML}{${colour.slice(1).toUpperCase()}}`
  })
  return [
    '\\resizebox{\\textwidth}{!}{%',
    `\\begin{tikzpicture}[x=${UNIT}pt,y=-${UNIT}pt,inner sep=0pt,outer sep=0pt,line cap=butt]`,
    ...colours,
    `\\path (0,0) (${round(width)},0);`,
    ...shapes,
    '\\end{tikzpicture}}',
  ].join('\n')
}

export const tikzPen: Pen = {
  text(x, y, spans, { className = '', anchor = 'start', rotate } = {}) {
    const side = { start: 'base west', middle: 'base', end: 'base east' }[anchor]
    const [atX, atY] = rotate === undefined ? [x, y] : turned([x, y], rotate)
    const turn = rotate === undefined ? '' : `,rotate=${round(-rotate.angle)}`
    const pieces: readonly Span[] = typeof spans === 'string' ? [{ text: spans, className: '' }] : spans
    const inner = pieces.map((piece) => typeset(piece.text, `${className} ${piece.className}`)).join('\\ \\ ')
    return `\\node[anchor=${side}${turn}] at (${round(atX)},${round(atY)}) {${inner}};`
  },
  line: (x1, y1, x2, y2, className) => `\\draw[${lineStyle(className)}] ${at([x1, y1])} -- ${at([x2, y2])};`,
  rect(x, y, width, height, className) {
    const box = `${at([x, y])} rectangle ${at([x + width, y + height])}`
    const fill = className.split(' ').find((name) => !name.startsWith('l-') && colourOf(name) !== undefined)
    const isDrawn = className.split(' ').some((name) => name.startsWith('l-'))
    const filled = fill === undefined ? '' : `fill=syn-${fill},`
    return isDrawn ? `\\draw[${filled}${lineStyle(className)}] ${box};` : `\\path[${filled}] ${box};`
  },
  polygon: (points, className) => `\\fill[syn-${className}] ${points.map(at).join(' -- ')} -- cycle;`,
  strokes(lines, { ink, width, dash, open = false }) {
    const fill = open ? 'fill=syn-open,' : ''
    return `\\draw[${fill}draw=syn-${ink},line width=${points(width)}${dashes(dash)}] ${lines.map(pathOf).join(' ')};`
  },
  area: (line, ink) => `\\fill[syn-${ink},fill opacity=0.14] ${pathOf(line)} -- cycle;`,
  dots(all, size, shape, ink) {
    const half = size / 2
    const each = all.map(([x, y]) =>
      shape === 'round'
        ? `${at([x, y])} circle[radius=${points(half)}]`
        : `${at([x - half, y - half])} rectangle ${at([x + half, y + half])}`,
    )
    return `\\fill[syn-${ink}] ${each.join(' ')};`
  },
  clipped: (x, y, width, height, _, shapes) =>
    [
      '\\begin{scope}',
      `\\clip ${at([x, y])} rectangle ${at([x + width, y + height])};`,
      ...shapes,
      '\\end{scope}',
    ].join('\n'),
}

function at([x, y]: Point2): string {
  return `(${round(x)},${round(y)})`
}

function points(pixels: number): string {
  return `${round(pixels * UNIT)}pt`
}

function pathOf(line: readonly Point2[]): string {
  return line.map(at).join(' -- ')
}

/** SVG turns a text about a point, TikZ about itself: where it comes to lie. */
function turned([x, y]: Point2, { angle, x: aboutX, y: aboutY }: { angle: number; x: number; y: number }): Point2 {
  const [sine, cosine] = [Math.sin((angle * Math.PI) / 180), Math.cos((angle * Math.PI) / 180)]
  const [dx, dy] = [x - aboutX, y - aboutY]
  return [aboutX + dx * cosine - dy * sine, aboutY + dx * sine + dy * cosine]
}

function typeset(text: string, className: string): string {
  const names = className.split(' ')
  const size = names.map((name) => SIZES[name]).find((one) => one !== undefined) ?? SIZE
  const ink = names.findLast((name) => colourOf(name) !== undefined)
  const family = names.some((name) => PROSE.has(name)) ? '\\rmfamily' : '\\ttfamily'
  const weight = names.some((name) => BOLD.has(name)) ? '\\bfseries' : ''
  const slope = names.includes('aside') ? '\\itshape' : ''
  const colour = ink === undefined ? '' : `\\color{syn-${ink}}`
  const length = round(size * UNIT)
  return `{\\fontsize{${length}}{${length}}\\selectfont${family}${weight}${slope}${colour}{}${escapeLatex(text)}}`
}

function lineStyle(className: string): string {
  const names = className.split(' ')
  const ink = names.find((name) => name.startsWith('l-'))?.slice(2) ?? 'ink'
  const dash = names.map((name) => DASHES[name]).find((one) => one !== undefined)
  const opacity = names.includes('grid') ? ',draw opacity=0.18' : ''
  return `draw=syn-${ink},line width=${points(names.includes('thin') ? 0.8 : 1.2)}${dashes(dash)}${opacity}`
}

function dashes(dash: Stroke['dash']): string {
  if (dash === undefined) return ''
  return `,dash pattern=${dash.map((length, i) => `${i % 2 === 0 ? 'on' : 'off'} ${points(length)}`).join(' ')}`
}
