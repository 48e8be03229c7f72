/**
 * The latest packets of a direction that carry no data, SYN or FIN, where a capture gives packets twice: on their way in and out of a
 * bridge or a router, or from a mirror of both directions. Sightings (sighting.ts) tell so of those that carry something.
 */
import type { Packet } from '../../../packet.js'
import { SECOND_SIGHT, SIGHT_AT_OTHER_END } from '../../place.js'

/** So many may pass before the first of them is seen again: captures of both ends, put together, are a way through the network apart. */
const KEPT = 256

interface Seen {
  readonly time: number
  readonly sequence: number
  readonly acknowledgment: number
  readonly flagsAndWindow: number
  readonly identification: number
  readonly timestampValue: number
  readonly timestampEcho: number
  readonly sackBlocks: number
}

export class BarePackets {
  readonly #seen: Seen[] = []

  /** Whether the packet looks like one that came just now; else it is remembered itself. */
  isAgain(packet: Packet, time: number): boolean {
    const { tcp, identification } = packet
    const one: Seen = {
      time,
      sequence: tcp.sequence,
      acknowledgment: tcp.acknowledgment,
      flagsAndWindow: (tcp.flags << 16) | tcp.window,
      identification,
      timestampValue: tcp.hasTimestamps ? tcp.timestampValue : 0,
      timestampEcho: tcp.hasTimestamps ? tcp.timestampEcho : 0,
      sackBlocks: tcp.sackBlocks,
    }
    if (this.#seen.some((other) => looksLike(one, other))) return true
    this.#seen.push(one)
    if (this.#seen.length > KEPT) this.#seen.shift()
    return false
  }
}

/** A host that numbers its packets gives no two the same number; others may send the same again, but not at once. */
function looksLike(a: Seen, b: Seen): boolean {
  return (
    a.time - b.time < (a.identification !== 0 ? SIGHT_AT_OTHER_END : SECOND_SIGHT) &&
    a.sequence === b.sequence &&
    a.acknowledgment === b.acknowledgment &&
    a.flagsAndWindow === b.flagsAndWindow &&
    a.identification === b.identification &&
    a.timestampValue === b.timestampValue &&
    a.timestampEcho === b.timestampEcho &&
    a.sackBlocks === b.sackBlocks
  )
}
