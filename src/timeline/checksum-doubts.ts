/**
 * Whether bad checksums of one end mean anything. While none has fitted and the connection is not open, a packet with a bad one may
 * have been dropped; once it shows that none fits and they are answered all the same, what came before had arrived, too. The first
 * packet says so for all. Where the capture begins in the middle they are believed to have arrived from the first on; if the second
 * one fits, the first was damaged.
 */
import { ChecksumStatus } from '../decode/checksums.js'
import type { Packet } from '../packet.js'
import type { PacketFacts, Side } from '../sessions/facts.js'
import { foundAcknowledged, foundDropped, foundRewritten, isRewritten } from './findings.js'
import type { PacketEvent } from './model.js'

/** Packets of a handshake that are in doubt. */
const MOST = 16

export class ChecksumDoubts {
  readonly #isTold: [boolean, boolean] = [false, false]
  readonly #doubtful: readonly [PacketEvent[], PacketEvent[]] = [[], []]
  /** of each end the only packet so far, believed to have arrived though its checksum is bad */
  readonly #believed: [PacketEvent | undefined, PacketEvent | undefined] = [undefined, undefined]

  /** An earlier packet of this end has said that its checksums do not fit, and why that means nothing. */
  isTold(side: Side): boolean {
    return this.#isTold[side]
  }

  /** Takes in the next segment, which has become an event. */
  settle(packet: Packet, facts: PacketFacts, event: PacketEvent): void {
    const { side } = facts
    const doubtful = this.#doubtful[side]
    const believed = this.#believed[side]
    this.#believed[side] = undefined
    if (packet.transportChecksum === ChecksumStatus.good) {
      this.#isTold[side] = false
      if (believed !== undefined) settleAlone(believed)
      doubtful.length = 0
    } else if (isRewritten(packet, facts)) {
      if (!this.#isTold[side] && doubtful.length === 0) this.#believed[side] = event
      this.#isTold[side] = true
      if (doubtful.length > 0) clear([...doubtful, event])
      doubtful.length = 0
    } else if (packet.transportChecksum === ChecksumStatus.bad && !facts.lost && doubtful.length < MOST) {
      doubtful.push(event)
    }
  }

  /** After the last segment: of a single packet of its end nothing says that others would not fit. */
  finish(): void {
    for (const side of [0, 1] as const) {
      const believed = this.#believed[side]
      if (believed !== undefined && !this.#isTold[1 - side]) settleAlone(believed)
    }
  }
}

/** The only one of its end that does not fit: what was acknowledged before it came again had arrived. */
function settleAlone(event: PacketEvent): void {
  const { acknowledgedBy, findings } = event
  event.received = acknowledgedBy !== undefined
  event.findings = acknowledgedBy === undefined ? foundDropped(findings) : foundAcknowledged(findings, acknowledgedBy)
}

function clear(events: readonly PacketEvent[]): void {
  for (const [index, event] of events.entries()) {
    event.received = true
    event.findings = foundRewritten(event.findings, index === 0)
  }
}
