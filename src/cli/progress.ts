/** How far a long input has been read: bytes, packets, rate and time left, on one line that is cleared in the end. */
import { formatCount, formatDuration } from '../bytes/units.js'
import { toAscii } from '../render/ascii.js'
import { writeAll } from './standard-output.js'
import { isTerminal, knowsUnicode, STDERR, STDOUT } from './terminal.js'

/** ms before the first line: what is done by then needs none */
const PATIENCE = 700
const INTERVAL = 100
const CLEAR = '\r\x1b[K'

export class Progress {
  readonly #started = performance.now()
  readonly #size: number | undefined
  readonly #enabled: boolean
  #next = this.#started + PATIENCE
  #shown = false

  /** `streaming`: rows are written while it runs, which a line of progress on the same terminal would disturb. */
  constructor(size: number | undefined, streaming: boolean) {
    this.#size = size
    this.#enabled = isTerminal(STDERR) && !(streaming && isTerminal(STDOUT))
  }

  update(bytes: number, packets: number): void {
    const now = performance.now()
    if (!this.#enabled || now < this.#next) return
    this.#next = now + INTERVAL
    this.#shown = true
    this.#write(CLEAR + describe(bytes, packets, now - this.#started, this.#size))
  }

  clear(): void {
    if (this.#shown) this.#write(CLEAR)
    this.#shown = false
  }

  #write(text: string): void {
    writeAll(STDERR, Buffer.from(knowsUnicode() ? text : toAscii(text)))
  }
}

/** `412 of 1,014 MB (40%) · 2,310,000 packets · 520 MB/s · 1.2 s left` */
export function describe(bytes: number, packets: number, milliseconds: number, size: number | undefined): string {
  const rate = milliseconds > 0 ? bytes / milliseconds : 0
  const parts: string[] = []
  if (size === undefined || size === 0) parts.push(`${megabytes(bytes)} MB`)
  else parts.push(`${megabytes(bytes)} of ${megabytes(size)} MB (${Math.floor((bytes / size) * 100)}%)`)
  parts.push(`${formatCount(packets)} packets`, `${megabytes(rate * 1000)} MB/s`)
  if (size !== undefined && rate > 0 && size > bytes)
    parts.push(`${formatDuration(Math.round((size - bytes) / rate) * 1e6)} left`)
  return parts.join(' · ')
}

function megabytes(bytes: number): string {
  return formatCount(Math.round(bytes / 1e6))
}
