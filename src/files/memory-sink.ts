/** A file that is only in memory. */
import { Sink } from './sink.js'

export class MemorySink extends Sink {
  readonly #parts: Uint8Array[] = []

  content(): Buffer {
    this.drain()
    return Buffer.concat(this.#parts)
  }

  protected override take(bytes: Uint8Array): void {
    this.#parts.push(bytes.slice())
  }

  override async flush(): Promise<void> {
    this.drain()
  }

  override async close(): Promise<void> {
    this.drain()
  }
}
