/**
 * A session over Unix-domain sockets. It has no packets, and so nothing to capture: its timeline is made of the calls of its
 * ends alone. What one end hands to the other is a message, numbered from 1, which stands where others have a packet.
 */
import type { Role } from '../../sessions/summary.js'
import type { Timeline } from '../model.js'

export interface UnixEnd {
  /** the path it is bound to (`@` for an abstract one), or its process: `process 8421` */
  readonly name: string
  /** the processes that had it, as far as the log has them; none: that end was not traced */
  readonly pids: readonly number[]
}

export interface UnixSummary {
  readonly protocol: 'unix'
  readonly kind: 'stream' | 'datagram'
  /** counts the Unix-domain sessions of the log, from 0 */
  readonly session: number
  /** who connected, or sent the first datagram */
  readonly client: UnixEnd
  readonly server: UnixEnd
  /** seconds since 1970 of the first message, with nine decimals */
  readonly start: string
  /** ns from the first message to the last */
  readonly duration: number
  readonly messages: number
  readonly data: Readonly<Record<Role, { readonly messages: number; readonly bytes: number }>>
  /** whose end came first; absent where neither was seen, and of datagrams, which have none */
  readonly endedFirst?: Role
  /** messages that nobody took */
  readonly untaken: number
}

export type UnixTimeline = Timeline<UnixSummary>
