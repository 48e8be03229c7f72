/** The capture that a command works on: opened, watched, and where need be read a second time. */
import { statSync } from 'node:fs'
import { openCapture } from '../files/open.js'
import { Spool } from '../files/spool.js'
import type { FrameSource } from '../source.js'
import type { Run } from './run.js'
import { WatchedSource, type WatchOptions } from './watched-source.js'

export class Input {
  readonly name: string
  readonly #run: Run
  readonly #options: WatchOptions
  #spool: Spool | undefined
  #first: FrameSource | undefined

  constructor(name: string, run: Run, options: WatchOptions = {}) {
    this.name = name
    this.#run = run
    this.#options = options
  }

  /** Opens it for the only pass. */
  async once(): Promise<FrameSource> {
    return this.#watch(await openCapture(this.name))
  }

  /** Opens it for the first of two passes: what cannot be read again is kept. */
  async first(): Promise<FrameSource> {
    const keep = isRegularFile(this.name) ? undefined : new Spool()
    this.#spool = keep
    return this.#watch(await openCapture(this.name, keep && { keep }))
  }

  /** Opens it for one more pass, over its first `limit` packets. */
  async again(limit = this.#options.limit): Promise<FrameSource> {
    const again = this.#spool
    return new WatchedSource(await openCapture(this.name, again && { again }), { ...this.#options, limit })
  }

  /** After the first pass: says what is wrong with the file. */
  complete(): void {
    const damage = this.#first?.info.damage
    if (damage !== undefined) this.#run.warn(`${this.name}: ${damage.message}`, 2)
  }

  #watch(source: FrameSource): FrameSource {
    this.#first = source
    return new WatchedSource(source, this.#options)
  }
}

/** False also for what is not there: opening it says so. */
function isRegularFile(name: string): boolean {
  return name !== '-' && statSync(name, { throwIfNoEntry: false })?.isFile() === true
}
