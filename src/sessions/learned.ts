/**
 * What is known of every TCP stream once it was let go, a few bytes each: enough to know a late segment, or a SYN that
 * begins a new stream on the same ports, and what a second pass over the same capture must know from the start.
 */
import type { TcpSession } from './tcp/session.js'
import { Conversation } from './tcp/wireshark/conversation.js'
import { WiresharkTotals } from './tcp/wireshark/totals.js'

const ANSWERED = 1
const REFUSED = 2

export class Learned {
  readonly totals = new WiresharkTotals()
  #flags = new Uint8Array(256)
  /** frames that were lost on their way, of the streams that lost any */
  readonly #lost = new Map<number, ReadonlySet<number>>()
  readonly #scratch = new Conversation()

  /** Takes in a session that is let go. */
  note(session: TcpSession, lost?: ReadonlySet<number>): void {
    const { number, client, server } = session
    this.totals.save(number, session.wireshark.conversation)
    while (number >= this.#flags.length) this.#grow()
    const refused = client.syn.seen && !server.syn.seen && server.rst.seen
    this.#flags[number] = (server.syn.seen ? ANSWERED : 0) | (refused ? REFUSED : 0)
    if (lost !== undefined && lost.size > 0) this.#lost.set(number, lost)
  }

  /** The stream's SYN was answered by a SYN/ACK. */
  answered(stream: number): boolean {
    return ((this.#flags[stream] ?? 0) & ANSWERED) !== 0
  }

  /** The stream's SYN was answered by a reset. */
  refused(stream: number): boolean {
    return ((this.#flags[stream] ?? 0) & REFUSED) !== 0
  }

  lost(stream: number): ReadonlySet<number> | undefined {
    return this.#lost.get(stream)
  }

  /** How Wireshark numbered the stream. Valid until the next call. */
  conversation(stream: number): Conversation {
    this.totals.restore(stream, this.#scratch)
    return this.#scratch
  }

  #grow(): void {
    const flags = new Uint8Array(this.#flags.length * 2)
    flags.set(this.#flags)
    this.#flags = flags
  }
}
