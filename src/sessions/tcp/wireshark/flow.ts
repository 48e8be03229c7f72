/**
 * What Wireshark remembers of one direction of a session: all in one object with its numbering and its outstanding
 * segments, so that a packet touches as little memory as can be.
 */
import { Outstanding } from './outstanding.js'

/** Sequence numbers are signed 32-bit; Wireshark takes 0 for "none yet", and so do the rules. */
export class Flow extends Outstanding {
  /** the highest sequence number that was sent, plus one; and the segment that took it there */
  nextSequence = 0
  nextSequenceFrame = 0
  nextSequenceTime = Number.NaN
  /** as far as it was sent without a hole; no ACK should go beyond */
  contiguous = 0

  /** the last segment's acknowledgment number and its time */
  lastAck = 0
  lastAckTime = Number.NaN
  /** the frame that first had this acknowledgment number, and how many have repeated it; −1 after an unseen segment was acknowledged */
  firstAckFrame = 0
  duplicateAcks = 0
  /** the conversation's `multipath` at the last segment */
  multipath = 0
  /** bytes that the last segment's SACK blocks cover */
  selectivelyAcknowledged = 0

  /** the last segment's window as on the wire; −1 before the first */
  window = -1
  /** between a SYN and the first segment that may be scaled */
  isWindowUnscaled = false

  /** flags of the last segment */
  lastFlags = 0

  /** false from a hole until the other side acknowledges something */
  isFlightKnown = true
  /** bytes since the last PSH; whether the last data segment had it */
  pushBytes = 0
  wasPushed = false

  override reset(): void {
    super.reset()
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
    this.isWindowUnscaled = false
    this.lastFlags = 0
    this.isFlightKnown = true
    this.pushBytes = 0
    this.wasPushed = false
  }
}
