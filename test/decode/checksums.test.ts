import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  ChecksumStatus,
  expectedNetwork,
  expectedTransport,
  verifyNetwork,
  verifyTransport,
} from '../../src/decode/checksums.js'
import type { Packet } from '../../src/packet.js'
import { decoded, ethernet, fromHex, ipv6, word } from './support.js'

/** The sum of 16-bit words, the obvious way. */
function naiveSum(bytes: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < bytes.length; at += 2) sum += ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
  while (sum > 0xffff) sum = (sum >> 16) + (sum & 0xffff)
  return sum
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Each transport's header for a payload, its checksum 0, and where in it the checksum is. */
const transports = {
  TCP: { protocol: 6, at: 16, header: () => 'c351 0050 00000001 00000002 5018 01f5 0000 0000' },
  UDP: { protocol: 17, at: 6, header: (length: number) => `c351 0050 ${word(8 + length)} 0000` },
  ICMP: { protocol: 1, at: 2, header: () => '0800 0000 0001 0002' },
  ICMPv6: { protocol: 58, at: 2, header: () => '8000 0000 0001 0002' },
} as const
type Transport = keyof typeof transports

/** A packet of that transport over IPv4, or IPv6 where that is said, with all checksums right. */
function packetBytes(transport: Transport, version: 4 | 6, payload: Uint8Array): Uint8Array {
  const { protocol, at, header } = transports[transport]
  const segment = fromHex(header(payload.length) + hex(payload))
  const addresses =
    version === 4 ? 'c0a83801c0a8380a' : '20010db8000000000000000000000001 20010db8000000000000000000000002'
  const pseudo = transport === 'ICMP' ? '' : `${addresses} 0000 ${word(protocol)} 0000 ${word(segment.length)}`
  const sum = naiveSum(Uint8Array.of(...fromHex(pseudo), ...segment))
  const checksum = transport === 'UDP' && sum === 0xffff ? 0xffff : 0xffff - sum
  new DataView(segment.buffer).setUint16(at, checksum)
  return fromHex(network(version, protocol, segment))
}

function network(version: 4 | 6, protocol: number, segment: Uint8Array): string {
  if (version === 6) return `${ethernet('86dd')} ${ipv6(protocol, segment.length)} ${hex(segment)}`
  const header = fromHex(
    `4500 ${word(20 + segment.length)} 1234 4000 40 ${hex(Uint8Array.of(protocol))} 0000 c0a83801 c0a8380a`,
  )
  new DataView(header.buffer).setUint16(10, 0xffff - naiveSum(header))
  return `${ethernet('0800')} ${hex(header)} ${hex(segment)}`
}

function verified(bytes: Uint8Array, originalLength = bytes.length): Packet {
  const packet = decoded(bytes, 1, originalLength, 0xff)
  verifyNetwork(packet)
  verifyTransport(packet)
  return packet
}

const cases = [
  ['TCP', 4, 34],
  ['TCP', 6, 54],
  ['UDP', 4, 34],
  ['UDP', 6, 54],
  ['ICMP', 4, 34],
  ['ICMPv6', 6, 54],
] as const

describe.each(cases)('%s over IPv%i', (transport, version, start) => {
  const field = start + transports[transport].at

  test('good, whatever it carries', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => {
        const packet = verified(packetBytes(transport, version, payload))
        expect(packet.transportChecksum).toBe(ChecksumStatus.good)
        expect(packet.networkChecksum).toBe(version === 4 ? ChecksumStatus.good : ChecksumStatus.unknown)
      }),
    )
  })

  test('bad when any bit is another, and what it should be', () => {
    const right = packetBytes(transport, version, fromHex('68656c6c6f'))
    const was = new DataView(right.buffer).getUint16(field)
    for (let at = field; at < right.length; at++) {
      // changed lengths and ports are other packets; the checksum, and all after it, is what can be damaged
      const bytes = right.slice()
      bytes[at] = (bytes[at] ?? 0) ^ 0x10
      const packet = verified(bytes)
      expect(packet.transportChecksum, `byte ${at}`).toBe(ChecksumStatus.bad)
      if (at < field + 2) expect(expectedTransport(packet)).toBe(was)
    }
  })

  test('unverifiable when the capture cut what it covers', () => {
    const bytes = packetBytes(transport, version, fromHex('68656c6c6f'))
    for (let kept = start + 8; kept < bytes.length; kept++) {
      const { transportChecksum, transportProtocol } = verified(bytes.subarray(0, kept), bytes.length)
      if (transportProtocol !== 0) expect(transportChecksum, `${kept} bytes`).toBe(ChecksumStatus.unverifiable)
    }
  })
})

test.each(cases.filter(([transport]) => transport !== 'ICMP'))(
  '%s over IPv%i: not yet filled in when it holds the pseudo-header’s sum',
  (transport, version, start) => {
    const bytes = packetBytes(transport, version, fromHex('68656c6c6f'))
    const view = new DataView(bytes.buffer)
    const { protocol, at } = transports[transport]
    const addresses = bytes.subarray(version === 4 ? 26 : 22, start)
    for (const length of [bytes.length - start, 0]) {
      view.setUint16(start + at, naiveSum(fromHex(`${hex(addresses)} ${word(protocol)} ${word(length)}`)))
      expect(verified(bytes).transportChecksum).toBe(ChecksumStatus.unfilled)
    }
  },
)

test('UDP over IPv4 may go without', () => {
  const bytes = packetBytes('UDP', 4, fromHex('6869'))
  new DataView(bytes.buffer).setUint16(40, 0)
  expect(verified(bytes).transportChecksum).toBe(ChecksumStatus.absent)
})

test('an IPv4 header whose checksum is wrong, and one that the card fills in', () => {
  const bytes = packetBytes('UDP', 4, fromHex('6869'))
  const view = new DataView(bytes.buffer)
  const right = view.getUint16(24)
  view.setUint16(24, right ^ 1)
  const packet = verified(bytes)
  expect(packet.networkChecksum).toBe(ChecksumStatus.bad)
  expect(expectedNetwork(packet)).toBe(right)
  view.setUint16(24, 0)
  expect(verified(bytes).networkChecksum).toBe(ChecksumStatus.unfilled)
})

test('a fragment has none of its own', () => {
  const bytes = packetBytes('UDP', 4, fromHex('6869'))
  new DataView(bytes.buffer).setUint16(20, 0x2000)
  expect(verified(bytes, bytes.length).transportChecksum).toBe(ChecksumStatus.unknown)
  expect(verified(bytes.subarray(0, bytes.length - 1), bytes.length).transportChecksum).toBe(
    ChecksumStatus.unverifiable,
  )
})

test('padding after the packet is not summed', () => {
  const bytes = packetBytes('TCP', 4, fromHex('68'))
  expect(verified(Uint8Array.of(...bytes, 1, 2, 3, 4)).transportChecksum).toBe(ChecksumStatus.good)
})

test('with a routing header the destination is another', () => {
  const segment = fromHex('c351 0050 000a 1234 6869')
  const route = '1102 0001 00000000 20010db8000000000000000000000003'
  const bytes = fromHex(`${ethernet('86dd')} ${ipv6(43, 24 + segment.length)} ${route} ${hex(segment)}`)
  expect(verified(bytes).transportChecksum).toBe(ChecksumStatus.bad)
  // with the sum that the destination in the routing header asks for
  const right = fromHex(hex(bytes).replace('000a12346869', `000a${word(expectedTransport(verified(bytes)))}6869`))
  expect(verified(right).transportChecksum).toBe(ChecksumStatus.good)
  // where addresses leave out what they have in common nobody can say
  const compressed = fromHex(hex(bytes).replace('1102000100000000', '1102030110000000'))
  expect(verified(compressed).transportChecksum).toBe(ChecksumStatus.unverifiable)
})

test('a packet without a transport has no verdict', () => {
  expect(verified(fromHex(`${ethernet('0806')} 0001`)).transportChecksum).toBe(ChecksumStatus.unknown)
})
