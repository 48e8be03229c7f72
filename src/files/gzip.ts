/**
 * Decompresses while reading (RFC 1952, any number of members). A gzip that is cut or corrupt gives every byte before the
 * damage: Node's zlib throws away what the failing call had produced, so the bytes that failed are fed again one by one.
 */
import { createGunzip } from 'node:zlib'
import { FileInput, type Input, InputDamage } from './input.js'

/** Compressed bytes a step. Deflate expands at most 1032 times, so no step makes more than 16 MiB. */
const PIECE = 16 * 1024

/** The decompressor, one step at a time. */
class Inflater {
  readonly #gunzip = createGunzip({ chunkSize: 64 * 1024 })
  #output: Uint8Array[] = []
  #error: Error | undefined
  /** the decompressor stops by itself where zeros follow the last member: padding, and all that comes after it */
  #ended = false
  #settle: (() => void) | undefined

  constructor() {
    this.#gunzip.on('data', (chunk: Uint8Array) => this.#output.push(chunk))
    this.#gunzip.on('error', (error) => {
      this.#error = error
      this.#settle?.()
    })
    this.#gunzip.on('end', () => {
      this.#ended = true
      this.#settle?.()
    })
  }

  /** Decompresses `piece`, which may be overwritten afterwards. False when it is not what a gzip may hold. */
  async write(piece: Uint8Array): Promise<boolean> {
    if (this.#ended) return true
    await new Promise<void>((resolve) => {
      this.#settle = resolve
      this.#gunzip.write(piece, () => resolve())
    })
    return this.#error === undefined
  }

  /** False when the gzip is not complete. */
  async end(): Promise<boolean> {
    if (this.#ended) return true
    await new Promise<void>((resolve) => {
      this.#settle = resolve
      this.#gunzip.end()
    })
    return this.#error === undefined
  }

  /** What was decompressed since the last call. */
  take(): Uint8Array[] {
    const output = this.#output
    this.#output = []
    return output
  }

  close(): void {
    this.#gunzip.destroy()
  }
}

export class GzipInput implements Input {
  readonly #raw: Input
  readonly #inflater = new Inflater()
  readonly #piece = new Uint8Array(PIECE)
  /** compressed bytes read ahead of this object */
  #head: Uint8Array
  /** decompressed chunks that were not given yet, and how much of the first was */
  #chunks: Uint8Array[] = []
  #taken = 0
  #produced = 0
  #compressed = 0
  #damage: InputDamage | undefined
  #ended = false

  /** @param head what was read from `raw` already, to find out that it is a gzip */
  constructor(raw: Input, head: Uint8Array) {
    this.#raw = raw
    this.#head = head
  }

  get position(): number {
    return this.#raw.position
  }

  async read(target: Uint8Array, offset: number): Promise<number> {
    for (;;) {
      const chunk = this.#chunks[0]
      if (chunk !== undefined) {
        const part = chunk.subarray(this.#taken, this.#taken + target.length - offset)
        target.set(part, offset)
        this.#taken += part.length
        if (this.#taken === chunk.length) {
          this.#chunks.shift()
          this.#taken = 0
        }
        return part.length
      }
      if (this.#damage !== undefined) throw this.#damage
      if (this.#ended) return 0
      await this.#step()
    }
  }

  close(): void {
    this.#inflater.close()
    this.#raw.close()
  }

  async #step(): Promise<void> {
    const piece = await this.#nextPiece()
    if (piece.length === 0) {
      this.#ended = true
      if (!(await this.#inflater.end())) {
        this.#damage = new InputDamage(
          `the gzip data stop at byte ${this.#compressed} of the compressed file, before their end`,
          this.#compressed,
        )
      }
      return
    }
    const good = await this.#inflater.write(piece)
    this.#chunks = this.#inflater.take()
    if (good) {
      for (const chunk of this.#chunks) this.#produced += chunk.length
      this.#compressed += piece.length
      return
    }
    let offset = this.#compressed
    if (this.#raw instanceof FileInput) {
      const salvage = await this.#salvage(this.#raw.again(), this.#compressed, piece.length)
      this.#chunks = salvage.chunks
      offset = salvage.offset
    }
    this.#damage = new InputDamage(`the gzip data are corrupt at byte ${offset} of the compressed file`, offset)
  }

  async #nextPiece(): Promise<Uint8Array> {
    if (this.#head.length > 0) {
      const piece = this.#head.subarray(0, PIECE)
      this.#head = this.#head.subarray(piece.length)
      return piece
    }
    return this.#piece.subarray(0, await this.#raw.read(this.#piece, 0))
  }

  /** Decompresses the file again, the failing piece byte by byte: gives what lies between the bytes given and the damage. */
  async #salvage(file: Input, before: number, length: number): Promise<{ chunks: Uint8Array[]; offset: number }> {
    const inflater = new Inflater()
    const piece = new Uint8Array(PIECE)
    const chunks: Uint8Array[] = []
    let skip = this.#produced
    let offset = 0
    const collect = (): void => {
      for (const chunk of inflater.take()) {
        if (skip < chunk.length) chunks.push(chunk.subarray(skip))
        skip = Math.max(0, skip - chunk.length)
      }
    }
    while (offset < before + length) {
      const left = offset < before ? before - offset : length
      const read = await file.read(piece.subarray(0, Math.min(left, PIECE)), 0)
      const step = offset < before ? read : 1
      for (let at = 0; at < read; at += step) {
        const good = await inflater.write(piece.subarray(at, at + step))
        collect()
        if (!good) {
          inflater.close()
          return { chunks, offset }
        }
        offset += step
      }
      if (read === 0) break
    }
    inflater.close()
    return { chunks, offset }
  }
}
