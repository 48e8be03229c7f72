/**
 * What figures are drawn with: SVG's pen and TikZ's draw the same shapes at the same places. Lengths are pixels, y goes
 * down. Colours, weights and sizes are classes (`ink small`, `l-trouble thin`), which svg/style.ts defines.
 */

export type Point2 = readonly [x: number, y: number]

export interface TextStyle {
  readonly className?: string
  readonly anchor?: 'start' | 'middle' | 'end'
  /** degrees, clockwise, about a point */
  readonly rotate?: { readonly angle: number; readonly x: number; readonly y: number }
}

/** A piece of a line of text with a class of its own. */
export interface Span {
  readonly text: string
  readonly className: string
}

export interface Stroke {
  /** a colour: `ink`, `trouble` */
  readonly ink: string
  readonly width: number
  /** lengths of strokes and gaps in turn */
  readonly dash?: readonly number[]
  /** filled with the ground's colour, so that it stands out from what is behind it */
  readonly open?: boolean
}

/** Each method returns what it has drawn, as text in the pen's own language. */
export interface Pen {
  text(x: number, y: number, spans: string | readonly Span[], style?: TextStyle): string
  line(x1: number, y1: number, x2: number, y2: number, className: string): string
  rect(x: number, y: number, width: number, height: number, className: string): string
  /** filled */
  polygon(points: readonly Point2[], className: string): string
  /** any number of polylines, as one shape */
  strokes(lines: readonly (readonly Point2[])[], stroke: Stroke): string
  /** filled lightly */
  area(points: readonly Point2[], ink: string): string
  /** many small marks of one kind */
  dots(at: readonly Point2[], size: number, shape: 'square' | 'round', ink: string): string
  /** shapes of which nothing outside of a rectangle is seen; `id` is unique in the figure */
  clipped(x: number, y: number, width: number, height: number, id: string, shapes: readonly string[]): string
}
