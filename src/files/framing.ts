/** What a file format is to source.ts: something that finds the records in the bytes in memory. */
import type { Packet } from '../packet.js'

export interface Framing {
  /**
   * Visits the frames of all whole records in [start, end) of `view`. Returns where the first record begins that is not
   * whole, or that cannot be read: then `broken` says why.
   */
  scan(view: DataView, start: number, end: number, visit: (packet: Packet) => void): number
  /** bytes that the record where `scan` stopped needs, as far as is known */
  readonly wanted: number
  readonly broken: string | undefined
  /** what the records are called: a record, a block */
  readonly unit: string
}
