/** The numbers that Wireshark's analysis keeps of one direction: side by side, so that a packet touches as little memory as can be. */
import { record } from '../../record.js'

export const FlowRecord = record(
  [
    // numbering.ts
    'base',
    'isBaseKnown',
    'windowScale',
    // outstanding.ts: those in order, and the lowest start and the highest end of all, counted from the base sequence number
    'oldest',
    'newest',
    'inOrder',
    'hasStrays',
    'lowest',
    'highest',
    /** the highest sequence number that was sent, plus one; and the segment that took it there */
    'nextSequence',
    'nextSequenceFrame',
    /** as far as it was sent without a hole; no ACK should go beyond */
    'contiguous',
    /** the last segment's acknowledgment number */
    'lastAck',
    /** the frame that first had this acknowledgment number, and how many have repeated it; −1 after an unseen segment was acknowledged */
    'firstAckFrame',
    'duplicateAcks',
    /** the conversation's `multipath` at the last segment */
    'multipath',
    /** bytes that the last segment's SACK blocks cover */
    'selectivelyAcknowledged',
    /** the last segment's window as on the wire; −1 before the first */
    'window',
    /** between a SYN and the first segment that may be scaled */
    'isWindowUnscaled',
    /** flags of the last segment */
    'lastFlags',
    /** 0 from a hole until the other side acknowledges something */
    'isFlightKnown',
    /** bytes since the last PSH; whether the last data segment had it */
    'pushBytes',
    'wasPushed',
  ],
  ['nextSequenceTime', 'lastAckTime'],
)
