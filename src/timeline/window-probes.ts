/**
 * Probes of a shut window. Linux asks with an old sequence number and no data whether the window is open again, as it asks on an
 * idle connection whether the other end is there; Wireshark calls both a keep-alive. The window tells them apart.
 */
import { type Packet, RST, SYN } from '../packet.js'
import type { Side } from '../sessions/facts.js'
import type { Finding } from './model.js'

export class WindowProbes {
  /** per side: the window that it offered last is 0 */
  readonly #isShut: [boolean, boolean] = [false, false]

  /** Takes a segment in that `side` sent. Returns what was found about it, under the right name. */
  take({ tcp }: Packet, side: Side, findings: readonly Finding[]): readonly Finding[] {
    if ((tcp.flags & (SYN | RST)) === 0) this.#isShut[side] = tcp.window === 0
    if (!this.#isShut[side === 0 ? 1 : 0] || !findings.some(isKeepAlive)) return findings
    return findings.map((finding) => (isKeepAlive(finding) ? { ...finding, name: 'window_probe' } : finding))
  }
}

function isKeepAlive({ name }: Finding): boolean {
  return name === 'keep_alive'
}

/** Sent only to hear from the other end. */
export function isProbe({ name }: Finding): boolean {
  return PROBES.has(name)
}

const PROBES: ReadonlySet<string> = new Set(['keep_alive', 'window_probe', 'zero_window_probe'])
