/** What a rule looks at, and what it finds. */
import type { Role, TcpSummary, UdpSummary } from '../../sessions/summary.js'
import { has } from '../../timeline/flags.js'
import type { Measures } from '../../timeline/measures.js'
import type { IcmpEvent, PacketEvent, TimelineEvent } from '../../timeline/model.js'

/** One thing that went wrong. Plain data, and what `sessions --problems --json` prints. */
export interface Problem {
  /** of the rule: `refused`, `stalled` */
  readonly name: string
  /** one line that says what happened and names the frames that show it */
  readonly diagnosis: string
  /** the frames that prove it, in the order of capture */
  readonly frames: readonly number[]
}

/** What is known of the capture around a session. */
export interface Surroundings {
  /** ns from the session's last packet to the end of the capture */
  readonly untilEnd: number
  /** other connections that the same server had accepted and not closed when this one was asked for */
  readonly accepted: number
  /** a frame that shows an end of it up in another connection, at `since` or later (ns since the session began), if there is one */
  readonly heardOf?: (role: Role, since: number) => number | undefined
  /** the time to live of what else comes from the server's host, and a frame that has it, where it is always the same */
  readonly usual?: { readonly timeToLive: number; readonly frame: number } | undefined
}

/** A TCP session to be looked at. */
export interface TcpCase extends Surroundings {
  readonly summary: TcpSummary
  readonly packets: readonly PacketEvent[]
  /** ICMP errors that quote one of its packets */
  readonly errors: readonly IcmpEvent[]
  readonly measures: Measures
}

export interface UdpCase extends Surroundings {
  readonly summary: UdpSummary
  readonly events: readonly TimelineEvent[]
  readonly packets: readonly PacketEvent[]
}

export type TcpRule = (session: TcpCase) => Problem | undefined
export type UdpRule = (session: UdpCase) => Problem | undefined

export const ROLES: readonly Role[] = ['client', 'server']

const HTTP_REQUEST = / HTTP\/\d\.\d$/

/** Begins a request of a protocol that answers each of them, however long (RFC 9110 §3.4). */
export function isHttpRequest({ label }: PacketEvent): boolean {
  return label !== undefined && HTTP_REQUEST.test(label)
}

/** Made by the network, not sent by its end once more. */
export function isCopy({ truth }: PacketEvent): boolean {
  return truth?.verdict === 'duplicate'
}

/** The sequence number of its first byte, SYN or FIN; relative. */
export function startOf({ tcp }: PacketEvent): number {
  return tcp?.sequence ?? 0
}

/** The sequence number after its last byte, SYN and FIN counted; relative. */
export function endOf(packet: PacketEvent): number {
  return startOf(packet) + packet.length + (has(packet, 'SYN') ? 1 : 0) + (has(packet, 'FIN') ? 1 : 0)
}

export function framesIn(packets: readonly { readonly frame: number }[]): number[] {
  return packets.map((packet) => packet.frame)
}

/** Evidence beyond this many frames adds nothing. */
const SHOWN = 3

/** `#4`, `#4 and #5`, `#4, #5, … #31` */
export function named(frames: readonly number[]): string {
  const names = frames.map((frame) => `#${frame}`)
  const last = names.at(-1)
  if (last === undefined) return ''
  if (names.length === 1) return last
  if (names.length <= SHOWN) return `${names.slice(0, -1).join(', ')} and ${last}`
  return `${names.slice(0, SHOWN - 1).join(', ')}, … ${last}`
}
