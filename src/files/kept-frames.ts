/**
 * Frames kept in memory, so that what can be read only once, a pipe, can be gone through again. There is a limit: beyond
 * it nothing more is kept, and `isWhole` says so.
 */
import { Packet } from '../packet.js'
import type { Batch, FrameSource, SourceInfo } from '../source.js'
import { FrameCopier } from './frame-copier.js'

const CHUNK = 4 * 1024 * 1024
/** Numbers kept of each frame: its place and all that a reader says about it. */
const NUMBERS = 10
const BYTES_PER_NUMBER = 8

export class KeptFrames {
  /** false once a frame could not be kept */
  isWhole = true
  readonly #limit: number
  readonly #copier = new FrameCopier()
  readonly #chunks: Uint8Array[] = []
  /** bytes used of the last chunk, and of all of them with the numbers */
  #used = CHUNK
  #total = 0
  #numbers = new Float64Array(1024 * NUMBERS)
  #count = 0
  readonly #comments = new Map<number, readonly string[]>()

  /** @param limit bytes of memory, about */
  constructor(limit: number) {
    this.#limit = limit
  }

  add(packet: Packet): void {
    const length = packet.end - packet.start
    if (!this.isWhole || this.#total + length + NUMBERS * BYTES_PER_NUMBER > this.#limit) {
      this.isWhole = false
      return
    }
    this.#total += length + NUMBERS * BYTES_PER_NUMBER
    let chunk = this.#chunks.at(-1)
    if (chunk === undefined || this.#used + length > chunk.length) {
      chunk = new Uint8Array(Math.max(CHUNK, length))
      this.#chunks.push(chunk)
      this.#used = 0
    }
    this.#copier.copy(packet, chunk, this.#used)
    if (packet.comments.length > 0) this.#comments.set(this.#count, packet.comments)
    if (this.#numbers.length < (this.#count + 1) * NUMBERS) this.#grow()
    this.#numbers.set(
      [
        this.#chunks.length - 1,
        this.#used,
        length,
        packet.number,
        packet.seconds,
        packet.nanoseconds,
        packet.originalLength,
        packet.linkType,
        packet.interfaceId,
        packet.direction * 16 + packet.timeDigits + 1,
      ],
      this.#count * NUMBERS,
    )
    this.#used += length
    this.#count++
  }

  #grow(): void {
    const larger = new Float64Array(this.#numbers.length * 2)
    larger.set(this.#numbers)
    this.#numbers = larger
  }

  /** The frames again, from the first. */
  source(info: SourceInfo): FrameSource {
    const batch: Batch = { forEach: (visit) => this.#forEach(visit) }
    return {
      info,
      position: 0,
      close: () => Promise.resolve(),
      async *[Symbol.asyncIterator]() {
        yield batch
      },
    }
  }

  #forEach(visit: (packet: Packet) => void): void {
    const packet = new Packet()
    const none: readonly string[] = []
    const views = this.#chunks.map((chunk) => new DataView(chunk.buffer))
    for (let index = 0; index < this.#count; index++) {
      const at = index * NUMBERS
      const [chunk = 0, start = 0, length = 0, number = 0, seconds = 0, nanoseconds = 0, originalLength = 0] =
        this.#numbers.subarray(at, at + 7)
      const view = views[chunk]
      if (view === undefined) return
      packet.frame = view
      packet.start = start
      packet.end = start + length
      packet.number = number
      packet.seconds = seconds
      packet.nanoseconds = nanoseconds
      packet.originalLength = originalLength
      packet.linkType = this.#numbers[at + 7] ?? 0
      packet.interfaceId = this.#numbers[at + 8] ?? 0
      const rest = this.#numbers[at + 9] ?? 0
      packet.direction = rest >> 4
      packet.timeDigits = (rest & 15) - 1
      packet.comments = this.#comments.get(index) ?? none
      visit(packet)
    }
  }
}
