/** The capture that a command works on: opened, watched, and where need be read a second time. */
import { KeptFrames } from '../files/kept-frames.js'
import { openCapture } from '../files/open.js'
import type { Batch, FrameSource } from '../source.js'
import type { Run } from './run.js'
import { WatchedSource, type WatchOptions } from './watched-source.js'

/** Bytes of a pipe that are kept for a second pass. */
const KEPT = 256 * 1024 * 1024

export class Input {
  readonly name: string
  readonly #run: Run
  readonly #options: WatchOptions
  #kept: KeptFrames | undefined
  #first: FrameSource | undefined

  constructor(name: string, run: Run, options: WatchOptions = {}) {
    this.name = name
    this.#run = run
    this.#options = options
  }

  /** Opens it for the only pass. */
  async once(): Promise<FrameSource> {
    const source = await openCapture(this.name)
    this.#first = source
    return new WatchedSource(source, this.#options)
  }

  /** Opens it for the first of two passes: what cannot be read again is kept. */
  async first(): Promise<FrameSource> {
    const source = await this.once()
    if (source.info.size !== undefined) return source
    const kept = new KeptFrames(KEPT)
    this.#kept = kept
    return keeping(source, kept)
  }

  /** Opens it for one more pass, over its first `limit` packets. */
  async again(limit = this.#options.limit): Promise<FrameSource> {
    const kept = this.#first && this.#kept?.source(this.#first.info)
    const source = kept ?? (await openCapture(this.name))
    return new WatchedSource(source, { ...this.#options, limit })
  }

  /** After the first pass: says what is wrong with the file, and whether a pipe was too long to be kept. */
  complete(): void {
    const damage = this.#first?.info.damage
    if (damage !== undefined) this.#run.warn(`${this.name}: ${damage.message}`, 2)
    if (this.#kept?.isWhole === false) {
      this.#run.warn(
        `standard input was too long to keep: only its beginning can be shown in full; write it to a file first`,
        1,
      )
    }
  }
}

function keeping(source: FrameSource, kept: KeptFrames): FrameSource {
  return {
    info: source.info,
    get position() {
      return source.position
    },
    close: () => source.close(),
    async *[Symbol.asyncIterator]() {
      for await (const batch of source) {
        const keepingBatch: Batch = {
          forEach: (visit) =>
            batch.forEach((packet) => {
              kept.add(packet)
              visit(packet)
            }),
        }
        yield keepingBatch
      }
    },
  }
}
