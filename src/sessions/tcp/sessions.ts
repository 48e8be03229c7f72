/** All open TCP sessions: their records, and what belongs to each slot beside its record. */

import type { Packet } from '../../packet.js'
import type { Side } from '../facts.js'
import { SessionSlabs } from '../session.js'
import type { Holes } from './delivery.js'
import type { Handover } from './handover.js'
import { TcpSession } from './session.js'
import { isLoopback } from './truth/loopback.js'
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

export class TcpSessions {
  readonly slabs = new SessionSlabs(TcpSession.words)
  readonly holes: Holes = new Map()
  readonly #analyses: Analyses | undefined
  readonly #isShown: boolean
  /** stands for the session of the packet at hand */
  readonly current = new TcpSession(this)
  /** what Wireshark would say of a segment that an ICMP error quotes: nobody asks */
  readonly quoted = new WiresharkResult()
  readonly #departing = new TcpSession(this)

  /**
   * `analyses`: absent where nobody looks at each segment; `isShown`: somebody reads more of what Wireshark says of a segment than
   * the flags.
   */
  constructor(analyses?: Analyses, isShown = true) {
    this.#analyses = analyses
    this.#isShown = isShown
  }

  departing(slot: number): TcpSession {
    return this.#departing.select(slot)
  }

  /** The session in a slot, which has just begun with `packet`, is analysed from now on. */
  beginAnalysis(slot: number, packet: Packet, isReuse: boolean, isAnnounced: boolean): void {
    if (this.#analyses === undefined) return
    const { wireshark, truth } = this.#analyses
    wireshark.select(slot).reset(isReuse, isAnnounced)
    truth?.begin(slot, isLoopback(packet))
  }

  /** How Wireshark sees the session of a slot; it stands for another after the next call. */
  analysisOf(slot: number): WiresharkAnalysis | undefined {
    return this.#analyses?.wireshark.select(slot)
  }

  /** A router says that a packet of the session of a slot, whose data begins at `sequence`, was too big, and is dropped. */
  isTooBig(slot: number, side: Side, sequence: number, frame: number, time: number): void {
    this.#analyses?.truth?.isTooBig(slot, side, sequence, frame, time)
  }

  /** Looks at the next segment of the session of a slot as Wireshark does, and for what really happens. */
  analyse(slot: number, packet: Packet, side: Side, time: number, result: WiresharkResult): void {
    const analyses = this.#analyses
    if (analyses === undefined) return
    const { wireshark, truth } = analyses
    if (this.#isShown) wireshark.select(slot).analyse(packet, side, time, result)
    else result.flags = wireshark.flagsOf(slot, packet, side, time, result)
    truth?.take(slot, packet, side, time)
  }
}
