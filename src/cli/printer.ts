/**
 * Prints to standard output without ever waiting for it: while a terminal is stopped, or a pipe is full, signals are still
 * heard. How much waits is known, so that whoever prints can leave something out.
 */
import { Worker } from 'node:worker_threads'

/** Characters that may wait to be printed. */
const BACKLOG = 256 * 1024

export class Printer {
  readonly #worker = new Worker(new URL('./printer-thread.js', import.meta.url), { execArgv: [] })
  #waiting = 0
  #gone = false
  #idle = () => {}

  /** @param readerGone called once, when nobody reads on */
  constructor(readerGone: () => void) {
    this.#worker.unref()
    this.#worker.on('message', ({ printed, gone }: { printed: number; gone: boolean }) => {
      this.#waiting -= printed
      if (this.#waiting === 0) this.#idle()
      if (gone && !this.#gone) {
        this.#gone = true
        readerGone()
      }
    })
  }

  /** False while more than enough waits to be printed. */
  get keepsUp(): boolean {
    return this.#waiting < BACKLOG
  }

  print(text: string): void {
    if (text === '' || this.#gone) return
    this.#waiting += text.length
    this.#worker.postMessage(text)
  }

  /** Waits until everything is printed. */
  async end(): Promise<void> {
    if (this.#waiting > 0) {
      this.#worker.ref()
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    await this.#worker.terminate()
  }
}
