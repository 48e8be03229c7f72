/** The frames of a small generated capture, all in one buffer, as the project's functions see them in a file. */
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { Packet } from '../../src/packet.js'
import type { Batch } from '../../src/source.js'
import { makeCapture } from '../generator/capture.js'
import { profiles } from '../generator/profiles.js'

const GLOBAL_HEADER = 24
const RECORD_HEADER = 16
const ETHERNET = 1

/** Path of a capture of the profile, made when it is not there yet. */
export function smallCapture(profile: 'small' | 'bulk', scale: number): string {
  const path = `bench/data/functions-${profile}.pcap`
  if (!existsSync(path)) {
    mkdirSync('bench/data', { recursive: true })
    makeCapture(path, profiles[profile], 1, scale)
  }
  return path
}

export class Frames implements Batch {
  readonly view: DataView
  readonly starts: number[] = []
  readonly ends: number[] = []
  readonly #packet = new Packet()
  #number = 0

  constructor(path: string) {
    const bytes = readFileSync(path)
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    for (let at = GLOBAL_HEADER; at < this.view.byteLength; ) {
      const start = at + RECORD_HEADER
      at = start + this.view.getUint32(at + 8, true)
      this.starts.push(start)
      this.ends.push(at)
    }
    this.#packet.frame = this.view
    this.#packet.linkType = ETHERNET
  }

  get count(): number {
    return this.starts.length
  }

  /** As a file's reader does it: one record for all. */
  forEach(visit: (packet: Packet) => void): void {
    const packet = this.#packet
    const { view, starts, ends } = this
    for (let i = 0; i < starts.length; i++) {
      const start = starts[i] ?? 0
      packet.number = ++this.#number
      packet.seconds = view.getUint32(start - RECORD_HEADER, true)
      packet.nanoseconds = view.getUint32(start - RECORD_HEADER + 4, true) * 1000
      packet.start = start
      packet.end = ends[i] ?? 0
      packet.originalLength = packet.end - start
      visit(packet)
    }
  }
}
