/**
 * How Wireshark sees one TCP session: its analysis of sequence numbers, by the rules of its User's Guide ("TCP Analysis")
 * and as tshark 4.0 answers. It knows nothing of the session's states nor of what really happened.
 */
import { ACK, type Packet, SYN, type TcpHeader } from '../../../packet.js'
import { Completeness, completenessOfFirst, completenessOfLater } from './completeness.js'
import { Conversation } from './conversation.js'
import { Flow } from './flow.js'
import { Analysis, type WiresharkResult } from './result.js'
import { type SegmentPool, sharedSegments } from './segment-pool.js'
import { selectivelyAcknowledged } from './selective-acks.js'
import { analyseSequence } from './sequence-analysis.js'
import type { WiresharkTotals } from './totals.js'

export class WiresharkAnalysis {
  /** what was learned so far; `WiresharkTotals` saves it for a second pass */
  readonly conversation = new Conversation()
  /** what is printed from: `conversation`, or in a second pass what the first one had learned at its end */
  #shown = this.conversation
  #hindsight: Conversation | undefined
  readonly #flows: readonly [Flow, Flow]
  #isFirst = true
  #isReuse = false

  constructor(pool: SegmentPool = sharedSegments) {
    const [client, server] = this.conversation.numbering
    this.#flows = [new Flow(client, pool), new Flow(server, pool)]
  }

  /** Makes it new. `isReuse`: its SYN ended an earlier session of the same endpoints (`isNewConversation`). */
  reset(isReuse = false): void {
    this.conversation.reset()
    this.#flows[0].reset()
    this.#flows[1].reset()
    this.#shown = this.conversation
    this.#isFirst = !isReuse
    this.#isReuse = isReuse
    if (isReuse) this.conversation.completeness = Completeness.syn
  }

  /** After `reset`: this is a second pass; `totals` is what the first one learned. */
  foresee(totals: WiresharkTotals, stream: number): void {
    this.#hindsight ??= new Conversation()
    this.#shown = this.#hindsight
    totals.restore(stream, this.#hindsight)
  }

  /**
   * Takes in the session's next segment, and fills `result`.
   *
   * @param packet its TCP header is decoded
   * @param direction 0 from the client, 1 from the server; always the same where address and port of both are the same
   * @param time nanoseconds since the session's first packet
   * @param isQuoted it is no segment, but the beginning of one in an ICMP error. Wireshark learns from it all the same,
   *   as from a fragment: whatever does not depend on the segment's length.
   */
  analyse(packet: Packet, direction: 0 | 1, time: number, result: WiresharkResult, isQuoted = false): void {
    const tcp = packet.tcp
    const forward = this.#flows[direction]
    const reverse = this.#flows[direction === 0 ? 1 : 0]
    result.clear()
    const isLengthKnown = !isQuoted && !packet.fragment && packet.extent - packet.transport >= tcp.headerLength
    const isSyn = (tcp.flags & SYN) !== 0

    result.flags = isSyn ? this.#noteNewNumbers(tcp, direction, forward) : 0
    result.completeness = this.#shown.completeness
    forward.selectivelyAcknowledged = 0
    let isAnalysed = result.flags !== 0
    if ((tcp.flags & (SYN | ACK)) === SYN && forward.numbering.isBaseKnown) {
      forward.nextSequence = forward.contiguous
      isAnalysed = true
    }
    if (isLengthKnown) {
      beginNumbering(tcp, forward, reverse)
      const { initialRtt } = this.conversation
      if (analyseSequence(packet.number, tcp, forward, reverse, time, initialRtt, result)) isAnalysed = true
    }
    this.#showNumbers(tcp, direction, isLengthKnown, result)
    this.#noteHandshake(packet, tcp, time, isLengthKnown)
    if (isSyn) forward.isWindowUnscaled = true
    else if ((tcp.flags & ACK) !== 0) forward.isWindowUnscaled = false

    // The options come last: they hold for the segments that follow.
    if (tcp.windowScale >= 0) forward.numbering.setScale(tcp.windowScale)
    forward.selectivelyAcknowledged = selectivelyAcknowledged(tcp)
    if (packet.payload - packet.transport < tcp.headerLength) {
      // Wireshark gives up in the options of a header that was cut, before it shows its analysis
      result.hideAnalysis()
      isAnalysed = false
    } else if (isSyn) this.conversation.settleScaling(tcp, direction)
    if (isSyn) result.flags |= this.#flagsOfFastOpen(tcp, isLengthKnown, result)
    if (isAnalysed) result.initialRtt = this.#shown.initialRtt
  }

  /** A SYN between known endpoints, or a SYN/ACK with another sequence number than the one before it. */
  #noteNewNumbers(tcp: TcpHeader, direction: 0 | 1, forward: Flow): number {
    let isReuse = this.#isReuse
    this.#isReuse = false
    if ((tcp.flags & ACK) !== 0) {
      if (this.conversation.renumber(tcp, direction)) {
        forward.unacknowledged.rebase(tcp.sequence)
        isReuse = true
      }
      if (this.#shown !== this.conversation && this.#shown.renumber(tcp, direction)) isReuse = true
    }
    return isReuse ? Analysis.reusedPorts : 0
  }

  #showNumbers(tcp: TcpHeader, direction: 0 | 1, isLengthKnown: boolean, result: WiresharkResult): void {
    const forward = this.#shown.numbering[direction]
    const reverse = this.#shown.numbering[direction === 0 ? 1 : 0]
    const hasAck = (tcp.flags & ACK) !== 0
    result.relativeSequence = (tcp.sequence - (isLengthKnown ? forward.base : 0)) >>> 0
    result.relativeAcknowledgment = (tcp.acknowledgment - (isLengthKnown && hasAck ? reverse.base : 0)) >>> 0
    const isScaled = isLengthKnown && (tcp.flags & SYN) === 0 && forward.windowScale > 0
    result.scaledWindow = isScaled ? tcp.window << forward.windowScale : tcp.window
  }

  #noteHandshake(packet: Packet, tcp: TcpHeader, time: number, isLengthKnown: boolean): void {
    const live = this.conversation
    const shown = this.#shown
    const length = isLengthKnown ? tcp.length : 0
    const later = completenessOfLater(tcp.flags, length)
    live.completeness |= this.#isFirst ? completenessOfFirst(tcp.flags, length) : later
    this.#isFirst = false
    const isEpoch = packet.seconds === 0 && packet.nanoseconds === 0
    live.timeHandshake(tcp, time, isEpoch)
    if (shown === live) return
    shown.completeness |= later
    shown.timeHandshake(tcp, time, isEpoch)
  }

  #flagsOfFastOpen(tcp: TcpHeader, isLengthKnown: boolean, result: WiresharkResult): number {
    if ((tcp.flags & ACK) !== 0) {
      if (result.relativeAcknowledgment > 1) return Analysis.fastOpenAck
      return this.#shown.hasFastOpenData ? Analysis.fastOpenIgnored : 0
    }
    if (tcp.fastOpen < 0 || tcp.fastOpenLength === 0) return 0
    if (isLengthKnown && tcp.length > 0) {
      this.conversation.hasFastOpenData = true
      this.#shown.hasFastOpenData = true
    }
    return Analysis.fastOpenSyn
  }
}

/** The numbers count from the SYN's; where it was not captured, from just before the first that was. */
function beginNumbering(tcp: TcpHeader, forward: Flow, reverse: Flow): void {
  if (!forward.numbering.isBaseKnown) {
    forward.numbering.begin((tcp.flags & SYN) !== 0 ? tcp.sequence : (tcp.sequence - 1) | 0)
  }
  if (!reverse.numbering.isBaseKnown && (tcp.flags & ACK) !== 0) {
    reverse.numbering.begin((tcp.acknowledgment - 1) | 0)
  }
}
