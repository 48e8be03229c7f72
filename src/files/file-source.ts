/** A capture file as a FrameSource: fills the window, hands over the whole records in it, says where a file is broken. */
import type { Batch, FrameSource, SourceInfo } from '../source.js'
import { asFileError } from './failures.js'
import type { Framing } from './framing.js'
import type { Input } from './input.js'
import type { Window } from './window.js'

export class FileSource implements FrameSource {
  readonly info: SourceInfo
  readonly #input: Input
  readonly #window: Window
  readonly #framing: Framing
  #closed = false

  constructor(info: SourceInfo, input: Input, window: Window, framing: Framing) {
    this.info = info
    this.#input = input
    this.#window = window
    this.#framing = framing
  }

  get position(): number {
    return this.#input.position
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    const window = this.#window
    const framing = this.#framing
    const batch: Batch = {
      forEach: (visit) => {
        window.start = framing.scan(window.view, window.start, window.end, visit)
      },
    }
    try {
      while (!this.#closed) {
        yield batch
        // a batch that nobody looked at is passed over
        batch.forEach(() => {})
        if (framing.broken !== undefined || !(await window.fill(framing.wanted))) break
      }
    } catch (error) {
      throw asFileError(this.info.name, error, 'read')
    } finally {
      await this.close()
    }
    this.#noteDamage()
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    this.#input.close()
  }

  #noteDamage(): void {
    const { start, end, damage } = this.#window
    const offset = this.#window.offset(start)
    const { unit, broken } = this.#framing
    const where = this.info.compressed ? ' of the decompressed data' : ''
    if (broken !== undefined) {
      this.info.damage = { message: `the ${unit} at byte ${offset}${where} cannot be read: it has ${broken}`, offset }
    } else if (damage !== undefined) {
      this.info.damage = { message: damage.message, offset: damage.offset }
    } else if (end > start) {
      const stop = this.#window.offset(end)
      const message = `the file ends at byte ${stop}${where}, in the middle of the ${unit} that begins at byte ${offset}`
      this.info.damage = { message, offset }
    }
  }
}
