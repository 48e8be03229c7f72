/** All open TCP sessions: their records, and what belongs to each slot beside its record. */

import type { Packet } from '../../packet.js'
import type { Side } from '../facts.js'
import { SessionSlabs } from '../session.js'
import type { Holes } from './delivery.js'
import type { Handover } from './handover.js'
import { TcpSession } from './session.js'
import { isLoopback } from './truth/loopback.js'
import type { TruthOfSession } from './truth/result.js'
import type { TcpTruth } from './truth/truth.js'
import type { WiresharkAnalysis } from './wireshark/analysis.js'
import { WiresharkResult } from './wireshark/result.js'

/**
 * What looks at each segment: as Wireshark does, and for what really happened; or, in its stead, hands it over to who does. Nobody
 * looks for that where an earlier pass has found it out.
 */
export interface Analyses {
  readonly wireshark: WiresharkAnalysis
  readonly truth: TcpTruth | Handover | undefined
}

/** Which sessions, by the number of a TCP stream. */
export type WhichSessions = (stream: number) => boolean

export class TcpSessions {
  readonly slabs = new SessionSlabs(TcpSession.words)
  readonly holes: Holes = new Map()
  readonly #analyses: Analyses | undefined
  readonly #isAnalysed: WhichSessions
  /** slots of sessions that are not analysed, though others are */
  readonly #plain = new Set<number>()
  readonly #isShown: boolean
  /** stands for the session of the packet at hand */
  readonly current = new TcpSession(this)
  /** what Wireshark would say of a segment that an ICMP error quotes: nobody asks */
  readonly quoted = new WiresharkResult()
  readonly #departing = new TcpSession(this)

  /**
   * `analyses`: absent where nobody looks at each segment; `isAnalysed`: those of which somebody does; `isShown`: somebody reads more
   * of what Wireshark says of a segment than the flags.
   */
  constructor(analyses?: Analyses, isAnalysed: WhichSessions = () => true, isShown = true) {
    this.#analyses = analyses
    this.#isAnalysed = isAnalysed
    this.#isShown = isShown
  }

  departing(slot: number): TcpSession {
    return this.#departing.select(slot)
  }

  /** The session in a slot, which has just begun with `packet`, is analysed from now on, if it is one of those. */
  beginAnalysis(slot: number, stream: number, packet: Packet, isReuse: boolean, isAnnounced: boolean): void {
    if (this.#analyses === undefined) return
    if (!this.#isAnalysed(stream)) {
      this.#plain.add(slot)
      return
    }
    this.#plain.delete(slot)
    const { wireshark, truth } = this.#analyses
    wireshark.select(slot).reset(isReuse, isAnnounced)
    truth?.begin(slot, isLoopback(packet))
  }

  /** What looks at the segments of the session of a slot. */
  analysesOf(slot: number): Analyses | undefined {
    return this.#plain.size > 0 && this.#plain.has(slot) ? undefined : this.#analyses
  }

  /** How Wireshark sees the session of a slot; it stands for another after the next call. */
  analysisOf(slot: number): WiresharkAnalysis | undefined {
    return this.analysesOf(slot)?.wireshark.select(slot)
  }

  /** What really happened to the session of a slot, which is let go. */
  truthOf(slot: number): TruthOfSession | undefined {
    return this.analysesOf(slot)?.truth?.end(slot)
  }

  /** A router says that a packet of the session of a slot, whose data begins at `sequence`, was too big, and is dropped. */
  isTooBig(slot: number, side: Side, sequence: number, frame: number, time: number): void {
    this.analysesOf(slot)?.truth?.isTooBig(slot, side, sequence, frame, time)
  }

  /** Looks at the next segment of the session of a slot as Wireshark does, and for what really happens. */
  analyse(slot: number, packet: Packet, side: Side, time: number, result: WiresharkResult): void {
    const analyses = this.analysesOf(slot)
    if (analyses === undefined) return
    const { wireshark, truth } = analyses
    if (this.#isShown) wireshark.select(slot).analyse(packet, side, time, result)
    else result.flags = wireshark.flagsOf(slot, packet, side, time, result)
    truth?.take(slot, packet, side, time)
  }
}
