/** The names of findings, as people say them. */

const WORDS: Readonly<Record<string, string>> = {
  fast_retransmission: 'fast retransmission',
  spurious_retransmission: 'spurious retransmission',
  out_of_order: 'out of order',
  lost_segment: 'a segment before it was not captured',
  ack_lost_segment: 'acknowledges what was not captured',
  duplicate_ack: 'duplicate ACK',
  keep_alive: 'keep-alive',
  keep_alive_ack: 'ACK of a keep-alive',
  zero_window: 'zero window',
  window_probe: 'window probe',
  zero_window_probe: 'zero window probe',
  zero_window_probe_ack: 'ACK of a zero window probe',
  window_update: 'window update',
  window_full: 'window full',
  reused_ports: 'ports used again',
  tfo_syn: 'fast open',
  tfo_ack: 'fast open accepted',
  tfo_ignored: 'fast open ignored',
  bad_checksum: 'bad checksum',
  foreign_reset: 'another TTL',
}

/** `retransmission`, `duplicate ACK`; a name without words of its own is written as it is. */
export function findingName(name: string): string {
  return WORDS[name] ?? name.replaceAll('_', ' ')
}

/** Findings that say something about the ordinary course of things, not about trouble. */
const HARMLESS: ReadonlySet<string> = new Set([
  'window_update',
  'keep_alive',
  'keep_alive_ack',
  'zero_window_probe_ack',
  'tfo_syn',
  'tfo_ack',
  'reused_ports',
])

export function isTrouble(name: string): boolean {
  return !HARMLESS.has(name)
}
