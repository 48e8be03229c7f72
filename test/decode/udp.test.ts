import { expect, test } from 'vitest'
import { ProblemKind } from '../../src/packet.js'
import { decoded, ethernet, fromHex, ipv6, layersOf } from './support.js'

test('a jumbogram has its length in a hop-by-hop option (RFC 2675)', () => {
  const length = 0x10000
  const jumbo = `1100 c204 ${(8 + 8 + length).toString(16).padStart(8, '0')}  # hop-by-hop: UDP follows; jumbo payload`
  const bytes = `${ethernet('86dd')} ${ipv6(0, 0)} ${jumbo}\n c351 0007 0000 1234 ${'61'.repeat(length)}`
  const packet = decoded(fromHex(bytes))
  expect(layersOf(packet)).toBe('eth ipv6 ipv6.hopopts udp')
  expect(packet).toMatchObject({ payloadLength: length, problem: { kind: ProblemKind.none } })
})
