/**
 * Writes captured records to a pcapng or a pcap file, to a pipe, or to one file after the other. Everything here is
 * synchronous: it runs in a thread of its own.
 */
import { openSync, unlinkSync } from 'node:fs'
import type { NewSection } from '../files/pcapng-writer.js'
import type { InterfaceInfo } from '../source.js'
import type { Counters } from './counters.js'
import { type OutputFile, PcapFile, PcapngFile } from './output-files.js'
import { rotatedName } from './output-names.js'
import type { OutputEnd } from './output-sink.js'
import { capturedLength, interfaceOf, LITTLE, nextRecord, RecordHeader } from './records.js'

export interface OutputOptions {
  /** `-`: standard output */
  readonly path: string
  readonly format: OutputFormat
  /** of the first file, which is open already: whoever opened it may have had rights that are gone now */
  readonly descriptor: number
  readonly firstName: string
  readonly section: NewSection
  readonly interfaces: readonly InterfaceInfo[]
  /** bytes after which it takes no more, and the capture stops */
  readonly limit?: number
  readonly rotation?: Rotation
}

export type OutputFormat = 'pcap' | 'pcapng'

export interface Rotation {
  /** bytes of a file, at the most */
  readonly fileSize?: number
  /** seconds from a file's first packet to its last, at the most */
  readonly duration?: number
  /** files that are kept, the newest; undefined: all */
  readonly keep?: number
}

/** Room that is left at the end of a file for an interface's counts. */
const STATISTICS_ROOM = 128

export class Output {
  /** the files that are there, the oldest first */
  readonly files: string[] = []
  readonly #options: OutputOptions
  readonly #counters: Counters
  readonly #bytesLimit: number
  #file: OutputFile
  #number = 1
  /** packets and bytes in the files that are closed */
  #packets = 0
  #bytes = 0
  /** time after which a packet belongs to the next file */
  #until = Number.POSITIVE_INFINITY

  constructor(options: OutputOptions, counters: Counters) {
    this.#options = options
    this.#counters = counters
    this.#bytesLimit = options.limit ?? options.rotation?.fileSize ?? Number.POSITIVE_INFINITY
    this.#file = this.#begin(options.firstName, options.descriptor)
  }

  get ended(): OutputEnd | undefined {
    return this.#file.sink.ended
  }

  /** Writes the records in [start, end). Those that do not go into this file go into the next, or nowhere. */
  write(view: DataView, bytes: Uint8Array, start: number, end: number): void {
    let at = start
    while (at < end && this.ended === undefined) {
      const stop = this.#fits(view, at, end)
      if (stop > at) this.#file.write(view, bytes, at, stop)
      at = stop
      if (at < end) this.#next()
    }
    this.#file.sink.drain()
    this.#count()
  }

  close(): void {
    this.#file.end(this.#counters)
    this.#count()
  }

  #begin(name: string, descriptor: number): OutputFile {
    this.files.push(name)
    const { format, section, interfaces } = this.#options
    const create = format === 'pcapng' ? PcapngFile : PcapFile
    this.#until = Number.POSITIVE_INFINITY
    return new create(name, descriptor, section, interfaces)
  }

  /** Where the records end that this file takes: at least one, or a file would be too small for any. */
  #fits(view: DataView, start: number, end: number): number {
    const { rotation, limit } = this.#options
    if (rotation === undefined && limit === undefined) return end
    const file = this.#file
    const room = this.#bytesLimit - STATISTICS_ROOM * this.#options.interfaces.length
    let size = file.sink.size
    let at = start
    for (; at < end; at = nextRecord(view, at)) {
      size += file.sizeOf(capturedLength(view, at))
      const first = file.empty && at === start
      if (!first && (size > room || this.#isLater(view, at))) break
      if (first && rotation?.duration !== undefined) this.#until = this.#time(view, at) + rotation.duration
    }
    return at
  }

  #isLater(view: DataView, at: number): boolean {
    return this.#until !== Number.POSITIVE_INFINITY && this.#time(view, at) >= this.#until
  }

  #time(view: DataView, at: number): number {
    const unit = this.#options.interfaces[interfaceOf(view, at)]?.timeDigits === 6 ? 1e-6 : 1e-9
    return view.getUint32(at + RecordHeader.seconds, LITTLE) + view.getUint32(at + RecordHeader.fraction, LITTLE) * unit
  }

  /** Goes on with another file, or ends. */
  #next(): void {
    const { rotation, path } = this.#options
    const before = this.#file
    before.sink.drain()
    if (rotation === undefined) {
      before.sink.ended ??= { reason: 'file-size', message: `${path} is as large as it may be` }
      return
    }
    const name = rotatedName(path, ++this.#number, new Date())
    try {
      const file = this.#begin(name, openSync(name, 'w', 0o644))
      before.end(this.#counters)
      this.#packets += before.sink.written
      this.#bytes += before.sink.size
      this.#file = file
    } catch (error) {
      before.sink.ended ??= {
        reason: 'output-failed',
        message: `${name} cannot be created: ${(error as Error).message}`,
      }
    }
    if (rotation.keep !== undefined && this.files.length > rotation.keep) remove(this.files.shift())
  }

  #count(): void {
    this.#counters.written = this.#packets + this.#file.sink.written
    this.#counters.bytes = this.#bytes + this.#file.sink.size
  }
}

function remove(name: string | undefined): void {
  // somebody else may have moved it away
  try {
    if (name !== undefined) unlinkSync(name)
  } catch {}
}
