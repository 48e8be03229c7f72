/** What the sessions layer found out about one packet: a reused record, valid until the next packet. */

import { Phase } from './phases.js'
import type { Session } from './session.js'
import type { SegmentTruth } from './tcp/truth/result.js'
import { WiresharkResult } from './tcp/wireshark/result.js'

export type Side = 0 | 1

export class PacketFacts {
  /** the session the packet belongs to; undefined for ARP, ICMP, fragments and the like, and for late packets */
  session: Session | undefined
  /** tcp.stream or udp.stream; -1 when there is none */
  stream = -1
  /** udp.stream of each tunnel around the packet, outermost first */
  readonly tunnels: number[] = []
  /** which of `session.sides` sent it */
  side: Side = 0
  /** ns since the session's first packet; negative when the clock stepped back */
  time = 0
  /** ns since the session's previous packet */
  gap = 0
  phase: Phase = Phase.data
  /** false when its receiver cannot have taken it: a bad checksum, or known to be lost */
  received = true
  /** it was lost on its way, as an earlier pass has found */
  lost = false
  /** payload bytes that were never delivered before */
  newBytes = 0
  /** true for a packet of a session that was over, and let go */
  late = false
  /** UDP: the frame of the request that this reply answers, 0 when there is none, and ns since then */
  requestFrame = 0
  replyTime = 0
  /** UDP: the frame of the request that this is once more, 0 when there is none */
  repeatsFrame = 0
  /** UDP: it is the packet before of its end, captured once more */
  seenAgain = false
  /** what really happened, in a second pass, if the segment was not simply the next one */
  truth: SegmentTruth | undefined
  readonly wireshark = new WiresharkResult()

  reset(): void {
    this.session = undefined
    this.stream = -1
    if (this.tunnels.length > 0) this.tunnels.length = 0
    this.side = 0
    this.time = 0
    this.gap = 0
    this.phase = Phase.data
    this.received = true
    this.newBytes = 0
    this.late = this.lost = this.seenAgain = false
    this.requestFrame = 0
    this.replyTime = 0
    this.repeatsFrame = 0
    this.wireshark.flags = 0
  }
}
