/**
 * Writes a classic pcap file (little-endian, microseconds, Ethernet) through one buffer, so that a file of any size takes
 * the same memory. Frames are built where they will lie: ask where the next one goes, write it there, then commit it.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

const FLUSH_AT = 4 * 1024 * 1024
const RECORD_HEADER = 16
const LARGEST_FRAME = 2048
/** the first frame's time, seconds since 1970: a fixed one, so that the same seed gives the same file */
const EPOCH = 1_700_000_000

export class PcapWriter {
  readonly bytes = new Uint8Array(FLUSH_AT + RECORD_HEADER + LARGEST_FRAME)
  readonly view = new DataView(this.bytes.buffer)
  packets = 0
  /** bytes of the file so far */
  size = 0
  readonly #file: number
  #used = 24

  constructor(path: string) {
    this.#file = openSync(path, 'w')
    this.view.setUint32(0, 0xa1b2c3d4, true)
    this.view.setUint16(4, 2, true)
    this.view.setUint16(6, 4, true)
    this.view.setUint32(16, 262_144, true)
    this.view.setUint32(20, 1, true)
  }

  /** Offset in `bytes` at which the next frame is to be written. */
  next(): number {
    if (this.#used >= FLUSH_AT) this.#flush()
    return this.#used + RECORD_HEADER
  }

  /** The frame at `next()` is written, `length` bytes of it; `time` is in microseconds since the capture's start. */
  commit(time: number, length: number): void {
    const at = this.#used
    this.view.setUint32(at, EPOCH + Math.floor(time / 1e6), true)
    this.view.setUint32(at + 4, time % 1e6, true)
    this.view.setUint32(at + 8, length, true)
    this.view.setUint32(at + 12, length, true)
    this.#used = at + RECORD_HEADER + length
    this.packets++
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    let written = 0
    while (written < this.#used) written += writeSync(this.#file, this.bytes, written, this.#used - written)
    this.size += this.#used
    this.#used = 0
  }
}
