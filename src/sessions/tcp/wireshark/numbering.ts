/** From what one direction's relative sequence numbers count, and how its windows are scaled. */

/** A window scale that is no shift: not known (yet), and known not to be used. */
export const SCALE_UNKNOWN = -1
export const SCALE_UNUSED = -2

/** A shift above this counts as this (RFC 7323 §2.3). */
const LARGEST_SCALE = 14

export class Numbering {
  /** signed 32-bit; it means nothing until `isBaseKnown` */
  base = 0
  isBaseKnown = false
  windowScale = SCALE_UNKNOWN

  reset(): void {
    this.base = 0
    this.isBaseKnown = false
    this.windowScale = SCALE_UNKNOWN
  }

  begin(base: number): void {
    this.base = base
    this.isBaseKnown = true
  }

  /** Counts from another number than before. */
  rebase(base: number): void {
    this.base = base
  }

  setScale(shift: number): void {
    this.windowScale = Math.min(shift, LARGEST_SCALE)
  }
}
