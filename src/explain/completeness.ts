/** Wireshark's conversation completeness and Zeek's connection state, in words. */

const BITS: readonly (readonly [number, string])[] = [
  [1, 'SYN'],
  [2, 'SYN/ACK'],
  [4, 'ACK'],
  [8, 'data'],
  [16, 'FIN'],
  [32, 'RST'],
]

/** `complete, with data (31: SYN, SYN/ACK, ACK, data, FIN)`: what of a connection's life the capture has. */
export function explainCompleteness(bits: number): string {
  const seen = BITS.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name)
  return seen.length === 0 ? `${bits}: none of its turning points` : `${bits}: ${seen.join(', ')}`
}

/** Zeek's conn_state words, and what each means. */
export const connectionStates: Readonly<Record<string, string>> = {
  S0: 'attempted, no reply seen',
  S1: 'established, not ended',
  SF: 'established and ended normally',
  REJ: 'attempted and rejected',
  S2: 'established, the client tried to close, no answer from the server',
  S3: 'established, the server tried to close, no answer from the client',
  RSTO: 'established, reset by the client',
  RSTR: 'established, reset by the server',
  RSTOS0: 'the client sent a SYN and then a reset, no SYN/ACK seen',
  RSTRH: 'the server sent a SYN/ACK and then a reset, no SYN seen',
  SH: 'the client sent a SYN and then a FIN, no SYN/ACK seen',
  SHR: 'the server sent a SYN/ACK and then a FIN, no SYN seen; of UDP: only the server was seen',
  OTH: 'joined in the middle',
}

/** What one of Zeek's conn_state words means. */
export function explainConnState(state: string): string {
  return connectionStates[state] ?? state
}
