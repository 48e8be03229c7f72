/**
 * How long a sender's full segments are, and what the end of a segment tells of what its sender had left: TCP sends short
 * ones, and sets PSH, where it has no more (RFC 9293 §3.9.1.2), and cuts full ones without PSH from what there is more of.
 */
import type { Role, TcpSummary } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'

const DEFAULT_MSS = 536
/** Bytes that the timestamps take from each segment (RFC 7323 §3.2 with its padding). */
const TIMESTAMPS = 12

export interface FullSegment {
  readonly length: number
  /** false where no SYN tells how long segments may be: then it is the least that any network takes */
  readonly isKnown: boolean
}

/** The way may take less than the ends do: what was cut shows it. */
export function fullSegment(packets: readonly PacketEvent[], sender: Role, { handshake }: TcpSummary): FullSegment {
  const { client, server, negotiated } = handshake
  const offered = Math.min(client?.mss ?? Number.POSITIVE_INFINITY, server?.mss ?? Number.POSITIVE_INFINITY)
  if (offered === Number.POSITIVE_INFINITY) return { length: DEFAULT_MSS, isKnown: false }
  const most = offered - (negotiated?.timestamps ? TIMESTAMPS : 0)
  let cut = 0
  for (const packet of packets) {
    if (packet.from === sender && packet.length <= most && !isPushed(packet)) cut = Math.max(cut, packet.length)
  }
  return { length: 2 * cut > most ? cut : Math.max(1, most), isKnown: true }
}

/** What its sender had left to send when it sent this. */
export type Left = 'more' | 'nothing' | 'unknown'

export function leftBehind(segment: PacketEvent, { length, isKnown }: FullSegment): Left {
  if (2 * segment.length < length) return 'nothing'
  if (!isPushed(segment)) return 'more'
  // selective acknowledgments take room from the data
  const isWhole = segment.length % length === 0 || segment.tcp?.sack !== undefined
  return isKnown && !isWhole ? 'nothing' : 'unknown'
}

function isPushed({ tcp }: PacketEvent): boolean {
  return tcp?.flags.includes('PSH') ?? false
}
