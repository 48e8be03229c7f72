/**
 * The numbers that Wireshark's analysis keeps of one direction: two cache lines, of which a plain segment (plain.ts) touches the
 * first.
 */
import { record } from '../../record.js'

export const FlowRecord = record(
  [
    /** which segments of it are plain, and the scale of its windows: plain.ts */
    'plain',
    // numbering.ts
    'base',
    /** the highest sequence number that was sent, plus one; and the segment that took it there */
    'nextSequence',
    'nextSequenceFrame',
    /** as far as it was sent without a hole; no ACK should go beyond */
    'contiguous',
    /** the last segment's acknowledgment number */
    'lastAck',
    /** the frame that first had this acknowledgment number */
    'firstAckFrame',
    /** the last segment's window as on the wire; −1 before the first */
    'window',
    // outstanding.ts: those in order, and the highest end of all, counted from the base sequence number
    'oldest',
    'newest',
    'inOrder',
    'highest',
  ],
  ['nextSequenceTime', 'lastAckTime'],
  [
    'isBaseKnown',
    'windowScale',
    'hasStrays',
    /** the lowest start of all that are outstanding */
    'lowest',
    /** how many have repeated the last acknowledgment number; −1 after an unseen segment was acknowledged */
    'duplicateAcks',
    /** the conversation's `multipath` at the last segment */
    'multipath',
    /** bytes that the last segment's SACK blocks cover */
    'selectivelyAcknowledged',
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
)
