/** A raster of dots in a terminal: eight to a character in braille (U+2800), one in plain ASCII. */
import type { SeriesKey } from '../../plots/model.js'

/** Bits of a braille pattern by column and row of its dots (Unicode, chapter 21.1). */
const DOTS = [
  [0x01, 0x02, 0x04, 0x40],
  [0x08, 0x10, 0x20, 0x80],
] as const

export interface Cell {
  readonly character: string
  /** the series that was drawn last in it */
  readonly key: SeriesKey | undefined
}

export class Canvas {
  /** in dots */
  readonly width: number
  readonly height: number
  readonly #columns: number
  readonly #perCell: readonly [across: number, down: number]
  readonly #bits: Uint8Array
  readonly #letters: (string | undefined)[]
  readonly #keys: (SeriesKey | undefined)[]

  constructor(columns: number, rows: number, braille: boolean) {
    this.#columns = columns
    this.#perCell = braille ? [2, 4] : [1, 1]
    this.width = columns * this.#perCell[0]
    this.height = rows * this.#perCell[1]
    this.#bits = new Uint8Array(columns * rows)
    this.#letters = new Array(columns * rows)
    this.#keys = new Array(columns * rows)
  }

  /** One dot; (0, 0) is at the top left. What lies outside is not drawn. `letter` stands where there is no braille. */
  dot(x: number, y: number, key: SeriesKey, letter: string): void {
    const cell = this.#cellAt(x, y)
    if (cell === undefined) return
    const [across, down] = this.#perCell
    if (across === 1) this.#letters[cell] = letter
    else this.#bits[cell] = (this.#bits[cell] ?? 0) | (DOTS[x % across]?.[y % down] ?? 0)
    this.#keys[cell] = key
  }

  /** A letter in place of the whole cell. */
  letter(x: number, y: number, key: SeriesKey, letter: string): void {
    const cell = this.#cellAt(x, y)
    if (cell === undefined) return
    this.#letters[cell] = letter
    this.#keys[cell] = key
  }

  horizontal(x1: number, x2: number, y: number, key: SeriesKey, letter: string): void {
    const end = Math.min(Math.max(x1, x2), this.width - 1)
    for (let x = Math.max(0, Math.min(x1, x2)); x <= end; x++) this.dot(x, y, key, letter)
  }

  vertical(x: number, y1: number, y2: number, key: SeriesKey, letter: string): void {
    const end = Math.min(Math.max(y1, y2), this.height - 1)
    for (let y = Math.max(0, Math.min(y1, y2)); y <= end; y++) this.dot(x, y, key, letter)
  }

  row(row: number): Cell[] {
    const cells: Cell[] = []
    for (let cell = row * this.#columns; cell < (row + 1) * this.#columns; cell++) {
      const bits = this.#bits[cell] ?? 0
      const character = this.#letters[cell] ?? (bits === 0 ? ' ' : String.fromCharCode(0x2800 + bits))
      cells.push({ character, key: this.#keys[cell] })
    }
    return cells
  }

  #cellAt(x: number, y: number): number | undefined {
    if (x < 0 || y < 0 || x >= this.width || y >= this.height) return undefined
    return Math.floor(y / this.#perCell[1]) * this.#columns + Math.floor(x / this.#perCell[0])
  }
}
