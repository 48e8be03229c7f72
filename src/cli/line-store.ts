/** Lines that wait: copied one after the other into blocks, which are used again once all in them have gone. */

const BLOCK = 256 * 1024

interface Block {
  readonly bytes: Uint8Array
  /** bytes used, and lines that still wait */
  used: number
  lines: number
}

/** Where a line is. */
export interface Place {
  readonly block: Block
  readonly start: number
  readonly end: number
}

export class LineStore {
  #current: Block | undefined
  readonly #free: Block[] = []

  put(line: Uint8Array): Place {
    let block = this.#current
    if (block === undefined || block.used + line.length > block.bytes.length) {
      if (block !== undefined) this.#reuse(block)
      block = this.#open(line.length)
      this.#current = block
    }
    const start = block.used
    block.bytes.set(line, start)
    block.used += line.length
    block.lines++
    return { block, start, end: block.used }
  }

  /** The line, which need not be kept any longer; good until the next `put`. */
  take({ block, start, end }: Place): Uint8Array {
    block.lines--
    if (block !== this.#current) this.#reuse(block)
    return block.bytes.subarray(start, end)
  }

  #reuse(block: Block): void {
    if (block.lines > 0 || block.bytes.length !== BLOCK) return
    block.used = 0
    this.#free.push(block)
  }

  #open(length: number): Block {
    if (length > BLOCK) return { bytes: new Uint8Array(length), used: 0, lines: 0 }
    return this.#free.pop() ?? { bytes: new Uint8Array(BLOCK), used: 0, lines: 0 }
  }
}
