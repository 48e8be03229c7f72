/**
 * A source as the command line reads it: with progress, with an end on Ctrl-C, and with no more packets than were asked
 * for. Between batches the event loop turns, since reading a file is synchronous and a signal would not be heard.
 */
import { setImmediate } from 'node:timers/promises'
import type { Packet } from '../packet.js'
import type { Batch, FrameSource, SourceInfo } from '../source.js'
import { interrupted, isInterrupted } from './interrupt.js'
import { Progress } from './progress.js'

export interface WatchOptions {
  /** packets to read at most */
  readonly limit?: number | undefined
  /** rows are written while it is read */
  readonly streaming?: boolean
  /** Ctrl-C has ended an earlier pass, and does not end this one */
  readonly heedless?: boolean
}

export class WatchedSource implements FrameSource {
  readonly #source: FrameSource
  readonly #limit: number
  readonly #heedless: boolean
  readonly #progress: Progress
  #packets = 0
  #isCut = false
  #visit: (packet: Packet) => void = () => {}
  /** One function for all batches: what V8 has compiled for one is good for the next. */
  readonly #pass = (packet: Packet) => {
    if (this.#packets >= this.#limit) return
    this.#packets++
    this.#visit(packet)
  }

  constructor(source: FrameSource, options: WatchOptions) {
    this.#source = source
    this.#limit = options.limit ?? Number.POSITIVE_INFINITY
    this.#heedless = options.heedless ?? false
    this.#progress = new Progress(source.info.size, options.streaming ?? false)
  }

  get info(): SourceInfo {
    return this.#source.info
  }

  get position(): number {
    return this.#source.position
  }

  /** Packets read so far. */
  get packets(): number {
    return this.#packets
  }

  /** Ctrl-C has ended it. */
  get isCut(): boolean {
    return this.#isCut
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Batch> {
    const batches = this.#source[Symbol.asyncIterator]()
    try {
      while (this.#packets < this.#limit) {
        // a pipe may be silent for long
        const next = await (this.#heedless ? batches.next() : Promise.race([batches.next(), interrupted()]))
        this.#isCut = next === undefined || (isInterrupted() && !this.#heedless)
        if (next === undefined || this.#isCut || next.done) break
        yield this.#count(next.value)
        this.#progress.update(this.position, this.#packets)
        await setImmediate()
      }
    } finally {
      this.#progress.clear()
      await this.close()
    }
  }

  close(): Promise<void> {
    return this.#source.close()
  }

  #count(batch: Batch): Batch {
    return {
      forEach: (visit) => {
        this.#visit = visit
        batch.forEach(this.#pass)
      },
    }
  }
}
