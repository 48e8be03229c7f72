/**
 * How Wireshark sees one TCP session: its analysis of sequence numbers, by the rules of its User's Guide ("TCP Analysis")
 * and as tshark 4.0 answers. It knows nothing of the session's states nor of what really happened.
 */
import { ACK, type Packet, SYN, type TcpHeader } from '../../../packet.js'
import { record, Slab } from '../../record.js'
import { Completeness, completenessOfFirst, completenessOfLater } from './completeness.js'
import { Conversation } from './conversation.js'
import { Flow } from './flow.js'
import { HindsightNumbering } from './numbering.js'
import { plainBits, takePlain } from './plain.js'
import { Analysis, type WiresharkResult } from './result.js'
import { type SegmentPool, sharedSegments } from './segment-pool.js'
import { selectivelyAcknowledged } from './selective-acks.js'
import { analyseSequence } from './sequence-analysis.js'
import type { Strays } from './strays.js'
import type { WiresharkTotals } from './totals.js'

const SHORTEST_HEADER = 20
/** Subtypes 0 to 7; a reset's reason (8) is no news. */
const MULTIPATH_NEWS = 0xff

const Fields = record(['isFirst', 'isReuse', 'isForeseen'], [])

// where the parts of a session's record begin: each flow at a cache line
const OWN = 2 * Flow.words
const LIVE = OWN + Fields.words
const HINDSIGHT = LIVE + Conversation.words
const HINDSIGHT_0 = HINDSIGHT + Conversation.words
const HINDSIGHT_1 = HINDSIGHT_0 + HindsightNumbering.words
const WORDS = HINDSIGHT_1 + HindsightNumbering.words

/** Stands for one session at a time: `select` says for which. */
export class WiresharkAnalysis extends Fields {
  /** what was learned so far; `WiresharkTotals` saves it for a second pass */
  readonly conversation: Conversation
  readonly #flow0: Flow
  readonly #flow1: Flow
  /** in a second pass: what the first one had learned at its end */
  readonly #hindsight: Conversation
  readonly #hindsight0: HindsightNumbering
  readonly #hindsight1: HindsightNumbering
  readonly #pool: SegmentPool
  #slot = 0

  /** Stands for the session in slot 0, a new one. */
  constructor(pool: SegmentPool = sharedSegments) {
    const slab = new Slab(WORDS)
    super(slab)
    this.#pool = pool
    const strays = new Map<number, Strays>()
    this.#flow0 = new Flow(slab, pool, strays)
    this.#flow1 = new Flow(slab, pool, strays)
    this.conversation = new Conversation(slab, this.#flow0, this.#flow1)
    this.#hindsight0 = new HindsightNumbering(slab)
    this.#hindsight1 = new HindsightNumbering(slab)
    this.#hindsight = new Conversation(slab, this.#hindsight0, this.#hindsight1)
    this.select(0)
    this.reset()
  }

  /** Stands for the session in `slot` from now on. */
  select(slot: number): this {
    const at = this.slab.offset(slot)
    this.#slot = slot
    this.at = at + OWN
    this.conversation.at = at + LIVE
    this.#flow0.at = at
    this.#flow1.at = at + Flow.words
    this.#hindsight.at = at + HINDSIGHT
    this.#hindsight0.at = at + HINDSIGHT_0
    this.#hindsight1.at = at + HINDSIGHT_1
    return this
  }

  /** What is printed from. */
  get #shown(): Conversation {
    return this.isForeseen === 0 ? this.conversation : this.#hindsight
  }

  /**
   * Makes it new.
   *
   * @param isReuse its SYN ended an earlier session of the same endpoints (`isNewConversation`)
   * @param isAnnounced another connection announced it (`AnnouncedConnections`)
   */
  reset(isReuse = false, isAnnounced = false): void {
    this.slab.reserve(this.#slot)
    this.conversation.reset()
    this.isForeseen = 0
    this.isFirst = isReuse || isAnnounced ? 0 : 1
    this.isReuse = isReuse ? 1 : 0
    if (isReuse) this.conversation.completeness = Completeness.syn
  }

  /** After `reset`: this is a second pass; `totals` is what the first one learned. */
  foresee(totals: WiresharkTotals, stream: number): void {
    if (totals.restore(stream, this.#hindsight)) this.isForeseen = 1
  }

  /** After `reset`: what `quoted` has learned came before; its time began `shift` nanoseconds after this one's. */
  continueFrom(quoted: WiresharkAnalysis, shift: number): void {
    this.conversation.continueFrom(quoted.conversation, shift)
    this.#flow0.isWindowUnscaled = quoted.#flow0.isWindowUnscaled
    this.#flow1.isWindowUnscaled = quoted.#flow1.isWindowUnscaled
  }

  /** Takes in the next segment of the session in `slot`, if it is plain; false, and nothing done, if it is not. */
  takePlain(slot: number, packet: Packet, direction: 0 | 1, time: number): boolean {
    return takePlain(this.slab, slot, this.#pool, packet, direction, time)
  }

  /**
   * Takes in the next segment of the session in `slot`, of which nobody wants to know more than its flags.
   *
   * @returns bits of `Analysis`; `result` may be of another segment
   */
  flagsOf(slot: number, packet: Packet, direction: 0 | 1, time: number, result: WiresharkResult): number {
    if (this.takePlain(slot, packet, direction, time)) return 0
    this.select(slot).analyse(packet, direction, time, result)
    const { conversation } = this
    const isSettled = this.isFirst === 0 && this.isForeseen === 0 && conversation.isSettled
    this.#flow0.plain = isSettled ? plainBits(this.#flow0, this.#flow1, conversation.completeness) : 0
    this.#flow1.plain = isSettled ? plainBits(this.#flow1, this.#flow0, conversation.completeness) : 0
    return result.flags
  }

  /**
   * Takes in the session's next segment, and fills `result`.
   *
   * @param packet its TCP header is decoded
   * @param direction which end sent it; which of them is 0 is of no matter, but a session of an endpoint with itself has
   *   one direction only
   * @param time nanoseconds since the session's first packet; exact within 104 days of it (2^53)
   * @param isQuoted it is no segment, but the beginning of one in an ICMP error. Wireshark learns from it all the same,
   *   as from a fragment: whatever does not depend on the segment's length.
   */
  analyse(packet: Packet, direction: 0 | 1, time: number, result: WiresharkResult, isQuoted = false): void {
    const tcp = packet.tcp
    const forward = direction === 0 ? this.#flow0 : this.#flow1
    const reverse = direction === 0 ? this.#flow1 : this.#flow0
    const isLengthKnown = tcp.lengthKnown && !isQuoted
    const isSyn = (tcp.flags & SYN) !== 0
    result.clear()
    result.frame = packet.number
    result.time = time
    if (isQuoted) forward.plain = reverse.plain = 0
    if (isSyn) this.#noteOpening(tcp, direction, forward, isLengthKnown, result)
    result.completeness = this.#shown.completeness
    forward.selectivelyAcknowledged = 0
    if (isLengthKnown) {
      beginNumbering(tcp, forward, reverse)
      analyseSequence(tcp, forward, reverse, this.conversation, result)
    }
    this.#showNumbers(tcp, direction, isLengthKnown, result)
    if (tcp.headerLength < SHORTEST_HEADER) {
      // a header length that makes no sense: Wireshark reads no further
      result.hideAnalysis()
      this.isFirst = 0
      return
    }
    this.#noteHandshake(packet, tcp, isLengthKnown, result)
    if (isSyn) forward.isWindowUnscaled = 1
    else if ((tcp.flags & ACK) !== 0) forward.isWindowUnscaled = 0

    // The options come last: they hold for the segments that follow.
    if (tcp.windowScale >= 0) forward.setScale(tcp.windowScale)
    forward.selectivelyAcknowledged = selectivelyAcknowledged(tcp)
    if (tcp.optionsBroken) {
      // Wireshark gives up in such options, before it shows its analysis
      result.hideAnalysis()
    } else {
      if (isSyn) this.conversation.settleScaling(tcp, direction)
      this.conversation.multipath |= tcp.multipath & MULTIPATH_NEWS
    }
    if (isSyn) result.flags |= this.#flagsOfFastOpen(tcp, isLengthKnown, result)
    if (result.hasAnalysis) result.initialRtt = this.#shown.initialRtt
  }

  /** A SYN or SYN/ACK where there were some before. */
  #noteOpening(tcp: TcpHeader, direction: 0 | 1, forward: Flow, isLengthKnown: boolean, result: WiresharkResult): void {
    let isReuse = this.isReuse !== 0
    this.isReuse = 0
    if ((tcp.flags & ACK) !== 0) {
      if (this.conversation.renumber(tcp, direction)) isReuse = true
    } else if (forward.isBaseKnown !== 0) {
      // The same SYN again. What came after a hole is forgotten: a reset may carry a number of the other side's.
      forward.nextSequence = forward.contiguous
      result.hasAnalysis = isLengthKnown
    }
    const isReuseAgain = this.#shown !== this.conversation && this.#shown.renumber(tcp, direction)
    if ((isReuse && isLengthKnown) || isReuseAgain) {
      result.flags = Analysis.reusedPorts
      result.hasAnalysis = true
    }
  }

  #showNumbers(tcp: TcpHeader, direction: 0 | 1, isLengthKnown: boolean, result: WiresharkResult): void {
    const shown = this.#shown.numbering
    const forward = shown[direction]
    const reverse = shown[direction === 0 ? 1 : 0]
    const hasAck = (tcp.flags & ACK) !== 0
    result.relativeSequence = (tcp.sequence - (isLengthKnown ? forward.base : 0)) >>> 0
    result.relativeAcknowledgment = (tcp.acknowledgment - (isLengthKnown && hasAck ? reverse.base : 0)) >>> 0
    result.selectiveBase = reverse.base
    const isScaled = isLengthKnown && (tcp.flags & SYN) === 0 && forward.windowScale > 0
    result.scaledWindow = isScaled ? tcp.window << forward.windowScale : tcp.window
  }

  #noteHandshake(packet: Packet, tcp: TcpHeader, isLengthKnown: boolean, result: WiresharkResult): void {
    const live = this.conversation
    const shown = this.#shown
    const length = isLengthKnown ? tcp.length : 0
    const later = completenessOfLater(tcp.flags, length)
    live.completeness |= this.isFirst !== 0 ? completenessOfFirst(tcp.flags, length) : later
    this.isFirst = 0
    const isEpoch = packet.seconds === 0 && packet.nanoseconds === 0
    live.timeHandshake(tcp, isEpoch, result)
    if (shown === live) return
    shown.completeness |= later
    shown.timeHandshake(tcp, isEpoch, result)
  }

  #flagsOfFastOpen(tcp: TcpHeader, isLengthKnown: boolean, result: WiresharkResult): number {
    if ((tcp.flags & ACK) !== 0) {
      if (result.relativeAcknowledgment > 1) return Analysis.fastOpenAck
      return this.#shown.hasFastOpenData !== 0 ? Analysis.fastOpenIgnored : 0
    }
    if (tcp.fastOpen < 0 || tcp.fastOpenLength === 0) return 0
    if (isLengthKnown && tcp.length > 0) {
      this.conversation.hasFastOpenData = 1
      this.#shown.hasFastOpenData = 1
    }
    return Analysis.fastOpenSyn
  }
}

/** The numbers count from the SYN's; where it was not captured, from just before the first that was. */
function beginNumbering(tcp: TcpHeader, forward: Flow, reverse: Flow): void {
  if (forward.isBaseKnown === 0) {
    forward.begin((tcp.flags & SYN) !== 0 ? tcp.sequence : (tcp.sequence - 1) | 0)
  }
  if (reverse.isBaseKnown === 0 && (tcp.flags & ACK) !== 0) {
    reverse.begin((tcp.acknowledgment - 1) | 0)
  }
}
