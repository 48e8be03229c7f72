/** What Wireshark remembers of one direction of a session. Stands for the flow whose record begins at `at`. */
import { LARGEST_SCALE, type Numbering } from './numbering.js'
import { Outstanding } from './outstanding.js'

/** Sequence numbers are signed 32-bit; Wireshark takes 0 for "none yet", and so do the rules. */
export class Flow extends Outstanding implements Numbering {
  begin(base: number): void {
    this.base = base
    this.isBaseKnown = 1
  }

  setScale(shift: number): void {
    this.windowScale = Math.min(shift, LARGEST_SCALE)
  }

  override reset(): void {
    super.reset()
    this.plain = 0
    this.nextSequence = 0
    this.nextSequenceFrame = 0
    this.nextSequenceTime = 0
    this.contiguous = 0
    this.lastAck = 0
    this.lastAckTime = 0
    this.firstAckFrame = 0
    this.duplicateAcks = 0
    this.multipath = 0
    this.selectivelyAcknowledged = 0
    this.window = -1
    this.isWindowUnscaled = 0
    this.lastFlags = 0
    this.isFlightKnown = 1
    this.pushBytes = 0
    this.wasPushed = 0
  }
}
