/** Which datagram an ICMP error quotes: the last ones of a session, as far as a quote tells them apart. */
import { lastUpTo } from '../bytes/lists.js'
import type { Packet } from '../packet.js'
import type { Role } from '../sessions/summary.js'
import type { IcmpEvent, PacketEvent } from './model.js'

/** An error that comes after so many more is of no use to anybody. */
const KEPT = 32
const FRAME = 0
const SIDE = 1
const IDENTIFICATION = 2
/** its length and its checksum, the second word of its header */
const LENGTH_AND_CHECKSUM = 3
const WORDS = 4
const UDP_HEADER = 8

export class RecentDatagrams {
  /** made when there is a first */
  #ring: Int32Array | undefined
  #count = 0

  note(packet: Packet, side: number): void {
    this.#ring ??= new Int32Array(KEPT * WORDS)
    const at = (this.#count++ % KEPT) * WORDS
    this.#ring[at + FRAME] = packet.number
    this.#ring[at + SIDE] = side
    this.#ring[at + IDENTIFICATION] = packet.identification
    this.#ring[at + LENGTH_AND_CHECKSUM] = packet.view.getInt32(packet.transport + 4)
  }

  /**
   * The frame of the datagram from `side` that is quoted, undefined when it is not known: the one of its length and checksum, and of its
   * identification, where there is one. A checksum that the network card fills in is another in the quote, so that the identification
   * is enough; and the last one, where they are all alike.
   */
  frameOf(quoted: Packet, side: number): number | undefined {
    const ring = this.#ring
    if (ring === undefined || quoted.limit - quoted.transport < UDP_HEADER) return undefined
    const word = quoted.view.getInt32(quoted.transport + 4)
    let found: number | undefined
    let best = 0
    for (let back = 1; back <= Math.min(this.#count, KEPT); back++) {
      const at = ((this.#count - back) % KEPT) * WORDS
      const own = ring[at + LENGTH_AND_CHECKSUM] ?? 0
      if (ring[at + SIDE] !== side || own >>> 16 !== word >>> 16) continue
      const isSame = quoted.identification !== 0 && ring[at + IDENTIFICATION] === quoted.identification
      const likeness = 1 + (own === word ? 1 : 0) + (isSame ? 2 : 0)
      if (likeness <= best) continue
      best = likeness
      found = ring[at + FRAME]
    }
    return found
  }
}

/** The datagram that an error is about: the one it quotes, or else the last of that end's before it. */
export function quotedIn(
  { quotes, about, frame }: IcmpEvent,
  packets: readonly PacketEvent[],
): PacketEvent | undefined {
  const { byFrame, from } = indexOf(packets)
  return quotes !== undefined ? byFrame.get(quotes) : lastUpTo(from[about], frame - 1, (packet) => packet.frame)
}

interface Index {
  readonly byFrame: ReadonlyMap<number, PacketEvent>
  readonly from: Readonly<Record<Role, readonly PacketEvent[]>>
}

/** A session may have as many errors as datagrams, and several rules ask of each: looked through once. */
const indexes = new WeakMap<readonly PacketEvent[], Index>()

function indexOf(packets: readonly PacketEvent[]): Index {
  const known = indexes.get(packets)
  if (known !== undefined) return known
  const byFrame = new Map<number, PacketEvent>()
  const from: Record<Role, PacketEvent[]> = { client: [], server: [] }
  for (const packet of packets) {
    byFrame.set(packet.frame, packet)
    from[packet.from].push(packet)
  }
  const index = { byFrame, from }
  indexes.set(packets, index)
  return index
}
