/** All open TCP sessions: their records, and what belongs to each slot beside its record. */

import type { Packet } from '../../packet.js'
import type { Side } from '../facts.js'
import { SessionSlabs } from '../session.js'
import type { Holes } from './delivery.js'
import { TcpSession } from './session.js'
import { TcpTruth } from './truth/truth.js'
import { WiresharkAnalysis } from './wireshark/analysis.js'
import { WiresharkResult } from './wireshark/result.js'

export class TcpSessions {
  readonly slabs = new SessionSlabs(TcpSession.words)
  readonly holes: Holes = new Map()
  readonly isAnalysed: boolean
  readonly #analysis: WiresharkAnalysis | undefined
  readonly #truth: TcpTruth | undefined
  readonly #isShown: boolean
  /** stands for the session of the packet at hand */
  readonly current = new TcpSession(this)
  /** what Wireshark would say of a segment that an ICMP error quotes: nobody asks */
  readonly quoted = new WiresharkResult()
  readonly #departing = new TcpSession(this)

  /**
   * `isAnalysed`: each segment is also looked at as Wireshark does, and for what really happened; `isShown`: somebody reads more
   * of what Wireshark says of a segment than the flags.
   */
  constructor(isAnalysed: boolean, isShown: boolean) {
    this.isAnalysed = isAnalysed
    this.#isShown = isShown
    this.#analysis = isAnalysed ? new WiresharkAnalysis() : undefined
    this.#truth = isAnalysed ? new TcpTruth() : undefined
  }

  departing(slot: number): TcpSession {
    return this.#departing.select(slot)
  }

  /** How Wireshark sees the session of a slot; it stands for another after the next call. */
  analysisOf(slot: number): WiresharkAnalysis | undefined {
    return this.#analysis?.select(slot)
  }

  /** Looks at the next segment of the session of a slot as Wireshark does, and for what really happens. */
  analyse(slot: number, packet: Packet, side: Side, time: number, result: WiresharkResult): void {
    if (this.#isShown) this.#analysis?.select(slot).analyse(packet, side, time, result)
    else if (this.#analysis !== undefined) result.flags = this.#analysis.flagsOf(slot, packet, side, time, result)
    this.#truth?.take(slot, packet, side, time)
  }

  /** What finds out what really happened in the session of a slot; it stands for another after the next call. */
  truthOf(slot: number): TcpTruth | undefined {
    return this.#truth?.select(slot)
  }
}
