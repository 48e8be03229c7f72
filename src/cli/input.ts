/** The capture that a command works on: opened, watched, and where need be read a second time. */
import { statSync } from 'node:fs'
import { openCapture } from '../files/open.js'
import { Spool } from '../files/spool.js'
import type { FrameSource } from '../source.js'
import { isInterrupted } from './interrupt.js'
import type { Run } from './run.js'
import { WatchedSource, type WatchOptions } from './watched-source.js'

export class Input {
  readonly name: string
  readonly #run: Run
  readonly #options: WatchOptions
  #spool: Spool | undefined
  #first: WatchedSource | undefined

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

  /** Opens it for one more pass, over its first `limit` packets, as far as the first pass has read it. */
  async again(limit = this.#options.limit): Promise<FrameSource> {
    const again = this.#spool
    const source = await openCapture(this.name, again && { again })
    const most = this.#isCut ? Math.min(limit ?? Number.POSITIVE_INFINITY, this.#first?.packets ?? 0) : limit
    return new WatchedSource(source, { ...this.#options, limit: most, heedless: this.#isCut })
  }

  /** Whether Ctrl-C has ended one of the further passes. */
  get isEnded(): boolean {
    return isInterrupted() && !this.#isCut
  }

  /** Ctrl-C has ended the first pass: what that has read is gone through to the end. */
  get #isCut(): boolean {
    return this.#first?.isCut === true
  }

  /** After the first pass: says what is wrong with the file. */
  complete(): void {
    const damage = this.#first?.info.damage
    if (damage !== undefined) this.#run.warn(`${this.name}: ${damage.message}`, 2)
  }

  #watch(source: FrameSource): FrameSource {
    this.#first = new WatchedSource(source, this.#options)
    return this.#first
  }
}

/** False also for what is not there, or lies where one may not look: opening it says so. */
function isRegularFile(name: string): boolean {
  try {
    return name !== '-' && statSync(name).isFile()
  } catch {
    return false
  }
}
