/** Lines that wait: copied one after the other into blocks, which are used again once all in them have gone. */

const BLOCK = 256 * 1024
/** bytes before a line that say how long it is */
const LENGTH = 4

interface Block {
  bytes: Buffer
  /** bytes used, and lines that still wait */
  used: number
  lines: number
}

const NOTHING = Buffer.alloc(0)

export class LineStore {
  readonly #blocks: Block[] = []
  readonly #free: number[] = []
  /** the block that lines are put into; -1: none yet */
  #current = -1

  /** Keeps a copy of the line; returns its place: an integer. */
  put(line: Uint8Array): number {
    const needed = LENGTH + line.length
    let block = this.#blocks[this.#current]
    if (block === undefined || block.used + needed > block.bytes.length) {
      const full = this.#current
      block = this.#open(needed)
      if (full >= 0) this.#reuse(full)
    }
    const start = block.used
    block.bytes.writeInt32LE(line.length, start)
    block.bytes.set(line, start + LENGTH)
    block.used += needed
    block.lines++
    return this.#current * BLOCK + start
  }

  /** The line at a place, which need not be kept any longer; good until the next `put`. */
  take(place: number): Uint8Array {
    const index = Math.floor(place / BLOCK)
    const block = this.#blocks[index]
    if (block === undefined) return NOTHING
    const { bytes } = block
    const start = place - index * BLOCK + LENGTH
    const line = bytes.subarray(start, start + bytes.readInt32LE(start - LENGTH))
    block.lines--
    if (index !== this.#current) this.#reuse(index)
    return line
  }

  /** Once no line is left in it. */
  #reuse(index: number): void {
    const block = this.#blocks[index]
    if (block === undefined || block.lines > 0) return
    block.used = 0
    // one that was made for a long line is not kept
    if (block.bytes.length !== BLOCK) block.bytes = NOTHING
    this.#free.push(index)
  }

  /** Makes the current block one that has room. A line that is longer than a block gets one of its own. */
  #open(needed: number): Block {
    this.#current = this.#free.pop() ?? this.#blocks.length
    const block = this.#blocks[this.#current] ?? { bytes: NOTHING, used: 0, lines: 0 }
    if (needed > BLOCK) block.bytes = Buffer.allocUnsafeSlow(needed)
    else if (block.bytes.length === 0) block.bytes = Buffer.allocUnsafeSlow(BLOCK)
    this.#blocks[this.#current] = block
    return block
  }
}
