/** From what one direction's relative sequence numbers count, and how its windows are scaled. */
import { record } from '../../record.js'

/** A window scale that is no shift: not known (yet), and known not to be used. */
export const SCALE_UNKNOWN = -1
export const SCALE_UNUSED = -2

/** A shift above this counts as this (RFC 7323 §2.3). */
export const LARGEST_SCALE = 14

export interface Numbering {
  /** signed 32-bit; it means nothing until `isBaseKnown` */
  base: number
  isBaseKnown: number
  windowScale: number
  reset(): void
  /** Counts from another number than before. */
  rebase(base: number): void
}

/** What an earlier pass had learned at its end. */
export class HindsightNumbering extends record(['base', 'isBaseKnown', 'windowScale'], []) implements Numbering {
  reset(): void {
    this.base = 0
    this.isBaseKnown = 0
    this.windowScale = SCALE_UNKNOWN
  }

  rebase(base: number): void {
    this.base = base
  }
}
