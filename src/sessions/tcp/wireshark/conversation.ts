/**
 * What Wireshark knows of a stream as a whole, apart from its analysis of each segment: from what its numbers count, how
 * its windows are scaled, how complete it is, and the round trip of its handshake.
 *
 * tshark -2 reads a capture twice, and what it prints in the second pass starts from where the first one ended. So there
 * can be two of these for a stream: one that learns, and one that knew everything from the start.
 */
import { ACK, SYN, type TcpHeader } from '../../../packet.js'
import { record, type Slab } from '../../record.js'
import { type Numbering, SCALE_UNKNOWN, SCALE_UNUSED } from './numbering.js'
import type { WiresharkResult } from './result.js'

export class Conversation extends record(
  [
    /** bits of `Completeness` */
    'completeness',
    /** a SYN has carried both a Fast Open cookie and data (RFC 7413) */
    'hasFastOpenData',
    /** the subtypes of all Multipath TCP options so far, as bits */
    'multipath',
  ],
  [
    /** from the last SYN to the first ACK after it, in nanoseconds; 0 when not known */
    'initialRtt',
    /** when the last SYN was sent, in nanoseconds since the session began; NaN before */
    'synTime',
  ],
) {
  /** per direction */
  readonly numbering: readonly [Numbering, Numbering]

  constructor(slab: Slab, numbering0: Numbering, numbering1: Numbering) {
    super(slab)
    this.numbering = [numbering0, numbering1]
  }

  reset(): void {
    this.numbering[0].reset()
    this.numbering[1].reset()
    this.completeness = 0
    this.initialRtt = 0
    this.synTime = Number.NaN
    this.hasFastOpenData = 0
    this.multipath = 0
  }

  /** Takes over what does not need a segment's length: another's time began `shift` nanoseconds after this one's. */
  continueFrom(quoted: Conversation, shift: number): void {
    for (const direction of [0, 1] as const) {
      this.numbering[direction].windowScale = quoted.numbering[direction].windowScale
    }
    this.initialRtt = quoted.initialRtt
    this.synTime = quoted.synTime + shift
    this.multipath = quoted.multipath
  }

  /** No ACK will show the handshake's round trip any more, and no segment was one of Multipath TCP. */
  get isSettled(): boolean {
    return this.multipath === 0 && (this.initialRtt !== 0 || Number.isNaN(this.synTime))
  }

  /** A SYN/ACK with another sequence number than before: relative numbers count from it. True when it is such a one. */
  renumber(tcp: TcpHeader, direction: 0 | 1): boolean {
    if ((tcp.flags & (SYN | ACK)) !== (SYN | ACK)) return false
    const numbering = this.numbering[direction]
    if (numbering.isBaseKnown === 0 || numbering.base === tcp.sequence) return false
    numbering.rebase(tcp.sequence)
    return true
  }

  /** Takes the times of the handshake. `isEpoch`: the clock stood at 0, which Wireshark takes for no time at all. */
  timeHandshake(tcp: TcpHeader, isEpoch: boolean, { time }: WiresharkResult): void {
    const kind = tcp.flags & (SYN | ACK)
    if (kind === SYN) this.synTime = isEpoch ? Number.NaN : time
    else if (kind === ACK && this.initialRtt === 0 && !Number.isNaN(this.synTime)) this.initialRtt = time - this.synTime
  }

  /**
   * After the options of a SYN: scaling is used only if both SYNs have the option (RFC 7323 §2.2), and a SYN without it
   * is enough to know that it is not.
   */
  settleScaling(tcp: TcpHeader, direction: 0 | 1): void {
    const forward = this.numbering[direction]
    const reverse = this.numbering[direction === 0 ? 1 : 0]
    if (forward.windowScale === SCALE_UNKNOWN) forward.windowScale = reverse.windowScale = SCALE_UNUSED
    else if ((tcp.flags & ACK) !== 0 && reverse.windowScale === SCALE_UNUSED) forward.windowScale = SCALE_UNUSED
  }
}
