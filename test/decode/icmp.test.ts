import { describe, expect, test } from 'vitest'
import { decoded, ethernet, fromHex, ipv4, layersOf } from './support.js'
import { QUOTED_UDP } from './tables/icmp.js'

describe('the quoted packet', () => {
  test('is a record of its own, as far as it was quoted', () => {
    const packet = decoded(fromHex(`${ethernet('0800')} ${ipv4(1, 36)} 03 03 0000 00000000 ${QUOTED_UDP}`))
    const quoted = packet.quoted
    expect(quoted && layersOf(quoted)).toBe('ip udp')
    expect(quoted).toMatchObject({
      transportProtocol: 17,
      sourcePort: 50001,
      destinationPort: 51711,
      payloadLength: 492,
    })
    // that the quote is short is no problem of the packet that it quotes
    expect(quoted?.problem.kind).toBe(0)
  })

  test('gives a segment’s ports and sequence number from its first 8 bytes', () => {
    const bytes = `${ethernet('0800')} ${ipv4(1, 36)} 03 01 0000 00000000 ${ipv4(6, 1480)} 0050c351 8badf00d`
    const { quoted } = decoded(fromHex(bytes))
    expect(quoted).toMatchObject({ transport: 126, transportProtocol: 0, sourcePort: 80, destinationPort: 50001 })
    expect(quoted?.tcp.sequence).toBe(0x8badf00d | 0)
  })

  test('of an error inside an error is not followed further', () => {
    const inner = `${ipv4(1, 36)} 03 03 0000 00000000 ${QUOTED_UDP}`
    const packet = decoded(fromHex(`${ethernet('0800')} ${ipv4(1, 64)} 0b 00 0000 00000000 ${inner}`))
    expect(packet.quoted?.hasQuoted).toBe(false)
    expect(packet.quoted && layersOf(packet.quoted)).toBe('ip icmp data')
  })

  test('is read once only: the record is reused', () => {
    const packet = decoded(fromHex(`${ethernet('0800')} ${ipv4(1, 36)} 03 03 0000 00000000 ${QUOTED_UDP}`))
    const first = packet.quoted
    decoded(fromHex(`${ethernet('0800')} ${ipv4(17, 8)} 0001000200080000`), 1, 42, 0, packet)
    expect(packet).toMatchObject({ hasQuoted: false, quoted: first })
  })
})
