/** Where in a drawing something is drawn already, and where there is still room: a raster, coarse and cheap. */
import type { Point2 } from '../pen.js'

export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/** Pixels a side of a cell. */
const CELL = 1.5

export class Room {
  readonly #area: Box
  readonly #columns: number
  readonly #rows: number
  readonly #taken: Uint8Array

  constructor(area: Box) {
    this.#area = area
    this.#columns = Math.ceil((area.right - area.left) / CELL)
    this.#rows = Math.ceil((area.bottom - area.top) / CELL)
    this.#taken = new Uint8Array(this.#columns * this.#rows)
  }

  /** Within the area, and on nothing that is drawn. */
  isFree(box: Box): boolean {
    const { left, top, right, bottom } = this.#area
    if (box.left < left || box.right > right || box.top < top || box.bottom > bottom) return false
    const [fromColumn, untilColumn, fromRow, untilRow] = this.#cellsOf(box)
    for (let row = fromRow; row <= untilRow; row++) {
      const at = row * this.#columns
      for (let cell = at + fromColumn; cell <= at + untilColumn; cell++) if (this.#taken[cell] === 1) return false
    }
    return true
  }

  /** What lies beyond the area takes nothing. */
  take(box: Box): void {
    const [fromColumn, untilColumn, fromRow, untilRow] = this.#cellsOf(box)
    if (fromColumn > untilColumn) return
    for (let row = fromRow; row <= untilRow; row++) {
      const at = row * this.#columns
      this.#taken.fill(1, at + fromColumn, at + untilColumn + 1)
    }
  }

  takeLine(line: readonly Point2[]): void {
    for (const [i, [x, y]] of line.entries()) {
      const [fromX, fromY] = line[i - 1] ?? [x, y]
      const steps =
        x === fromX || y === fromY ? 1 : Math.ceil(Math.max(Math.abs(x - fromX), Math.abs(y - fromY)) / CELL)
      for (let step = 0; step < steps; step++) {
        const at = (part: number): Point2 => [
          fromX + ((x - fromX) * part) / steps,
          fromY + ((y - fromY) * part) / steps,
        ]
        this.take(spanning(at(step), at(step + 1)))
      }
    }
  }

  #cellsOf({
    left,
    top,
    right,
    bottom,
  }: Box): [fromColumn: number, untilColumn: number, fromRow: number, untilRow: number] {
    const { left: originX, top: originY } = this.#area
    return [
      Math.max(0, Math.floor((left - originX) / CELL)),
      Math.min(this.#columns - 1, Math.floor((right - originX) / CELL)),
      Math.max(0, Math.floor((top - originY) / CELL)),
      Math.min(this.#rows - 1, Math.floor((bottom - originY) / CELL)),
    ]
  }
}

/** What a line from one point to the other covers, if it is level or short. */
function spanning([x1, y1]: Point2, [x2, y2]: Point2): Box {
  const half = 1
  return {
    left: Math.min(x1, x2) - half,
    top: Math.min(y1, y2) - half,
    right: Math.max(x1, x2) + half,
    bottom: Math.max(y1, y2) + half,
  }
}
