/**
 * What ICMP errors quote of streams before any packet of theirs is seen. Wireshark learns from it as from a segment: when the
 * handshake began, how windows are scaled.
 */
import type { Packet } from '../../../packet.js'
import { WiresharkAnalysis } from './analysis.js'
import { WiresharkResult } from './result.js'

/** More are not kept: whoever quotes what never comes must not fill the memory. */
const MAX_STREAMS = 1000

interface Quoted {
  readonly slot: number
  /** when the first was quoted */
  readonly seconds: number
  readonly nanoseconds: number
}

export class QuotedFirst {
  readonly #streams = new Map<number, Quoted>()
  readonly #analysis = new WiresharkAnalysis()
  readonly #result = new WiresharkResult()

  /** Takes in a segment of `stream` that an ICMP error quotes; `direction` as in the session that may come. */
  take(stream: number, segment: Packet, direction: 0 | 1): void {
    const quoted = this.#streams.get(stream) ?? this.#begin(stream, segment)
    if (quoted === undefined) return
    const time = nanosecondsBetween(quoted, segment)
    this.#analysis.select(quoted.slot).analyse(segment, direction, time, this.#result, true)
  }

  #begin(stream: number, { seconds, nanoseconds }: Packet): Quoted | undefined {
    const slot = this.#streams.size
    if (slot >= MAX_STREAMS) return undefined
    this.#analysis.select(slot).reset()
    const quoted = { slot, seconds, nanoseconds }
    this.#streams.set(stream, quoted)
    return quoted
  }

  /** The stream's session begins with `packet`: its analysis learns what was quoted. */
  give(stream: number, packet: Packet, to: WiresharkAnalysis): void {
    const quoted = this.#streams.get(stream)
    if (quoted !== undefined) to.continueFrom(this.#analysis.select(quoted.slot), nanosecondsBetween(packet, quoted))
  }
}

interface Moment {
  readonly seconds: number
  readonly nanoseconds: number
}

function nanosecondsBetween(from: Moment, to: Moment): number {
  return (to.seconds - from.seconds) * 1e9 + (to.nanoseconds - from.nanoseconds)
}
