/** What Wireshark takes from the SACK option (RFC 2018). */
import { sequenceAdd, sequenceDifference } from '../../../bytes/sequence.js'
import type { TcpHeader } from '../../../packet.js'

/** It looks at no more blocks of a segment than these, though there is room for four. */
const COUNTED_BLOCKS = 3

/** How many bytes the blocks cover together: 32 bits, as a signed integer. */
export function selectivelyAcknowledged(tcp: TcpHeader): number {
  const blocks = Math.min(tcp.sackBlocks, COUNTED_BLOCKS)
  let bytes = 0
  for (let block = 0; block < blocks; block++) {
    const left = tcp.sack[2 * block] ?? 0
    const right = tcp.sack[2 * block + 1] ?? 0
    bytes = sequenceAdd(bytes, sequenceDifference(right, left))
  }
  return bytes
}
