/** SNMP's conversations have the number after the one they would have, as in tshark. */
import { expect, test } from 'vitest'
import { isNumberedTwice } from '../../../src/sessions/udp/numbered-twice.js'
import { decoded, ethernet, fromHex, ipv4, word } from '../../decode/support.js'

function datagram(ports: string, payload: string) {
  const length = 8 + fromHex(payload).length
  return decoded(fromHex(`${ethernet('0800')} ${ipv4(17, length)} ${ports} ${word(length)} 0000 ${payload}`))
}

test.each([
  ['a request', 'c351 00a1', '30 26 02 01 01 04 06 7075626c6963', true],
  ['a reply', '00a1 c351', '30 26 02 01 01 04 06 7075626c6963', true],
  ['a trap whose length takes two bytes', 'c351 00a2', '30 82 0126 02 01 00 04 06 7075626c6963', true],
  ['another port', 'c351 00a3', '30 26 02 01 01', false],
  ['no sequence', 'c351 00a1', '31 26 02 01 01', false],
  ['a sequence that does not begin with a version', 'c351 00a1', '30 26 04 01 01', false],
  ['a length that leaves no room for a version', 'c351 00a1', '30 ff 02', false],
  ['no payload', 'c351 00a1', '', false],
])('%s', (_name, ports, payload, expected) => {
  expect(isNumberedTwice(datagram(ports, payload))).toBe(expected)
})
