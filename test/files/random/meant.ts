/** What a file that was composed at random says. */
import type { Random } from '../../support/random.js'

/** A frame as the composer meant it. */
export interface Meant {
  /** nanoseconds since 1970; undefined where the record has no time */
  readonly time: bigint | undefined
  readonly length: number
  /** hexadecimal */
  readonly data: string
  /** counted over the whole file; -1 for a record that is no packet */
  readonly interfaceId: number
  readonly linkType: number
  readonly direction: number
  readonly comments: readonly string[]
  /** where the record that holds it ends in the file */
  readonly end: number
}

export function noise(random: Random, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => random.below(256))
}
