/**
 * How Wireshark sees one TCP session: its analysis of sequence numbers, by the rules of its User's Guide ("TCP Analysis")
 * and as tshark 4.0 answers. It knows nothing of the session's states nor of what really happened.
 */
import { sequenceAfter, sequenceDifference } from '../../../bytes/sequence.js'
import { ACK, type Packet, SYN, type TcpHeader } from '../../../packet.js'
import { Completeness, completenessOfFirst, completenessOfLater } from './completeness.js'
import { Flow, SCALE_UNKNOWN, SCALE_UNUSED } from './flow.js'
import { Hindsight } from './hindsight.js'
import { Analysis, type WiresharkResult } from './result.js'
import { type SegmentPool, sharedSegments } from './segment-pool.js'
import { analyseSequence } from './sequence-analysis.js'

const LARGEST_SCALE = 14

export class WiresharkAnalysis {
  /** the two directions: 0 from the client, 1 from the server */
  readonly flows: readonly [Flow, Flow]
  /** bits of `Completeness`, up to and with the last segment */
  completeness = 0
  ...
}
