/** How many packets a segment was on the wire: so many IP identifications it took. */
import { expect, test } from 'vitest'
import { packetsOf } from '../../../../src/sessions/tcp/truth/offload.js'

test.each([
  ['no longer than the other end takes: one', 1460, 1460, -1, 1],
  ['longer: as many as it makes of the size that the other end offered', 4096, 1460, -1, 3],
  ["longer, of a sender with a narrower network: as many as that network's size makes", 4096, 1460, 1360, 4],
  ['longer, of a sender with a wider network: what the other end offered counts', 4096, 1460, 8960, 3],
  ['of a sender that offered less than it sends: still one', 1400, 1460, 536, 1],
])('%s', (_, length, mss, own, packets) => {
  expect(packetsOf(length, mss, true, own)).toBe(packets)
})
