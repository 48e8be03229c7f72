import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Decoder } from '../../src/decode/decoder.js'
import { Reassembler } from '../../src/decode/fragments.js'
import { decode as decodeIpv4 } from '../../src/decode/ipv4.js'
import { Packet, ProblemKind } from '../../src/packet.js'
import { fromHex, layersOf, packetOf, word } from './support.js'

interface Piece {
  readonly from: number
  readonly to: number
}

type Build = (datagram: Uint8Array, piece: Piece, options?: Options) => Uint8Array

interface Options {
  readonly identification?: number
  readonly source?: number
  readonly vlan?: number
  /** where the datagram is said to end */
  readonly end?: number
}

const hex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** A frame with bytes [from, to) of an IPv4 datagram that carries UDP. */
const ipv4: Build = (datagram, { from, to }, { identification = 7, source = 1, vlan, end = datagram.length } = {}) => {
  const more = to < end ? 0x2000 : 0
  const tag = vlan === undefined ? '' : `8100 ${word(vlan)}`
  return fromHex(`005056c00001 000c295e100a ${tag} 0800
    4500 ${word(20 + to - from)} ${word(identification)} ${word(more | (from >> 3))} 40 11 0000 0a0000${hex(Uint8Array.of(source))} 0a000002
    ${hex(datagram.subarray(from, to))}`)
}

/** The same of an IPv6 packet. */
const ipv6: Build = (datagram, { from, to }, { identification = 7, source = 1, end = datagram.length } = {}) => {
  const more = to < end ? 1 : 0
  const address = '20010db80000000000000000000000'
  return fromHex(`005056c00001 000c295e100a 86dd
    60000000 ${word(8 + to - from)} 2c 40 ${address}${hex(Uint8Array.of(source))} ${address}ff
    11 00 ${word(from | more)} ${identification.toString(16).padStart(8, '0')}
    ${hex(datagram.subarray(from, to))}`)
}

/** A UDP datagram of `length` bytes, no two of the same content next to each other. */
function datagramOf(length: number): Uint8Array {
  const bytes = Uint8Array.from({ length }, (_, index) => index * 7 + (index >> 8))
  new DataView(bytes.buffer).setUint32(0, 0xc351c9ff)
  new DataView(bytes.buffer).setUint32(4, length << 16)
  return bytes
}

/** Decodes frames one after the other, a second apart or as told; gives the UDP payloads that came out, by frame. */
function decodeAll(
  frames: readonly Uint8Array[],
  decoder = new Decoder(),
  seconds: (index: number) => number = () => 0,
) {
  const packet = new Packet()
  return frames.map((bytes, index) => {
    packetOf(bytes, 1, bytes.length, 0, packet)
    packet.seconds = seconds(index)
    decoder.decode(packet)
    return packet.transportProtocol === 17 ? payloadOf(packet) : undefined
  })
}

function payloadOf({ view, payload, payloadEnd }: Packet): string {
  return hex(new Uint8Array(view.buffer, view.byteOffset + payload, payloadEnd - payload))
}

function cutAt(length: number, cuts: readonly number[]): Piece[] {
  const edges = [...new Set([0, ...cuts.map((cut) => cut * 8).filter((cut) => cut < length), length])]
  edges.sort((a, b) => a - b)
  return edges.slice(1).map((to, index) => ({ from: edges[index] ?? 0, to }))
}

describe.each([
  ['IPv4', ipv4],
  ['IPv6', ipv6],
] as const)('%s', (name, build) => {
  const datagram = datagramOf(100)
  const payload = hex(datagram.subarray(8))
  const [first, second, third] = cutAt(100, [4, 8]).map((piece) => build(datagram, piece)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ]

  test('the frame that completes a datagram shows it; the others are fragments', () => {
    expect(decodeAll([first, second, third])).toEqual([undefined, undefined, payload])
  })

  test('the record says so', () => {
    const decoder = new Decoder()
    const packet = new Packet()
    for (const bytes of [first, second]) {
      decoder.decode(packetOf(bytes, 1, bytes.length, 0, packet))
      expect(packet).toMatchObject({ fragment: true, transportProtocol: 0, payloadLength: 0 })
    }
    decoder.decode(packetOf(third, 1, third.length, 0, packet))
    expect(packet).toMatchObject({ fragment: false, transportProtocol: 17, transport: 0, payloadLength: 92 })
    expect(packet.view).not.toBe(packet.frame)
    expect(layersOf(packet)).toBe(name === 'IPv4' ? 'eth ip udp' : 'eth ipv6 ipv6.fraghdr udp')
    expect(packet.reassembledFrom).toBe(packet.layers - 1)
    expect(packet.problem.kind).toBe(ProblemKind.none)
  })

  test('any order, any duplicates, any overlaps of the same bytes', () => {
    const pieces = fc.record({
      length: fc.integer({ min: 17, max: 600 }),
      cuts: fc.array(fc.nat(70), { maxLength: 6 }),
      extra: fc.array(fc.tuple(fc.nat(70), fc.integer({ min: 1, max: 30 })), { maxLength: 4 }),
      seed: fc.infiniteStream(fc.nat()),
    })
    fc.assert(
      fc.property(pieces, ({ length, cuts, extra, seed }) => {
        const whole = datagramOf(length)
        const parts = cutAt(length, cuts)
        if (parts.length === 1) return
        for (const [from, count] of extra) {
          const part = { from: from * 8, to: Math.min(length, (from + count) * 8) }
          if (part.from < part.to && part.to - part.from < length) parts.push(part)
        }
        const order = parts.map((part) => ({ part, key: seed.next().value })).sort((a, b) => a.key - b.key)
        const shown = decodeAll(order.map(({ part }) => build(whole, part)))
        const complete = shown.findIndex((text) => text !== undefined)
        expect(shown[complete]).toBe(hex(whole.subarray(8)))
        expect(complete).toBe(
          firstComplete(
            order.map(({ part }) => part),
            length,
          ),
        )
      }),
      { numRuns: 300 },
    )
  })

  test('a missing piece is waited for', () => {
    expect(decodeAll([first, third])).toEqual([undefined, undefined])
    expect(decodeAll([second, third])).toEqual([undefined, undefined])
    expect(decodeAll([first, second])).toEqual([undefined, undefined])
  })

  test('a piece that the capture cut does not count', () => {
    const decoder = new Decoder()
    const packet = new Packet()
    for (const [bytes, kept] of [
      [first, first.length],
      [second, second.length - 1],
      [third, third.length],
    ] as const) {
      decoder.decode(packetOf(bytes.subarray(0, kept), 1, bytes.length, 0, packet))
      expect(packet.transportProtocol).toBe(0)
    }
  })

  test('identification and addresses tell datagrams apart', () => {
    const other = { identification: 8 }
    const from = { source: 9 }
    for (const options of [other, from]) {
      expect(decodeAll([first, second, build(datagram, { from: 64, to: 100 }, options)])).toEqual([
        undefined,
        undefined,
        undefined,
      ])
    }
  })

  test('where pieces contradict each other, the one that begins first counts, and of those the one that came first', () => {
    const forged = datagram.map((byte, index) => (index < 8 ? byte : byte ^ 0xff))
    const late = build(forged, { from: 0, to: 64 })
    expect(decodeAll([first, late, third])[2]).toBe(
      hex(datagram.subarray(8, 32)) + hex(forged.subarray(32, 64)) + hex(datagram.subarray(64)),
    )
  })

  test('what goes past the end that the last fragment gave is left out', () => {
    const longer = datagramOf(160)
    const past = build(longer, { from: 64, to: 160 }, { end: 200 })
    expect(decodeAll([past, first, second, third])[3]).toBe(payload)
  })

  test('a datagram is forgotten after a minute', () => {
    const frames = [first, second, third]
    expect(decodeAll(frames, new Decoder(), (index) => index * 30)[2]).toBe(payload)
    expect(decodeAll(frames, new Decoder(), (index) => index * 31)[2]).toBeUndefined()
  })

  test('a completed datagram is forgotten: another may take its identification', () => {
    expect(decodeAll([first, second, third, third, second, first])).toEqual([
      undefined,
      undefined,
      payload,
      undefined,
      undefined,
      payload,
    ])
  })

  test('a flood of first fragments drives out the oldest', () => {
    const decoder = new Decoder({ datagrams: 100 })
    const flood = Array.from({ length: 100 }, (_, index) =>
      build(datagram, { from: 0, to: 32 }, { identification: 1000 + index }),
    )
    expect(decodeAll([first, second, ...flood, third], decoder).at(-1)).toBeUndefined()
    const last = { identification: 1099 }
    const rest = [build(datagram, { from: 32, to: 64 }, last), build(datagram, { from: 64, to: 100 }, last)]
    expect(decodeAll(rest, decoder)).toEqual([undefined, payload])
  })

  test('one datagram in endless pieces is given up', () => {
    const decoder = new Decoder({ pieces: 8 })
    const whole = datagramOf(400)
    const pieces = cutAt(
      400,
      Array.from({ length: 20 }, (_, index) => index * 2),
    )
    expect(
      decodeAll(
        pieces.map((piece) => build(whole, piece)),
        decoder,
      ).at(-1),
    ).toBeUndefined()
  })
})

/** The index of the piece that makes [0, length) covered; naively. */
function firstComplete(pieces: readonly Piece[], length: number): number {
  const covered = new Set<number>()
  let isLast = false
  return pieces.findIndex(({ from, to }) => {
    for (let at = from; at < to; at++) covered.add(at)
    isLast ||= to === length
    return isLast && covered.size === length
  })
}

test('bytes that wait are bounded', () => {
  const reassembler = new Reassembler({ bytes: 10_000 })
  const packet = new Packet()
  const datagram = datagramOf(1008)
  for (let identification = 0; identification < 100; identification++) {
    const bytes = ipv4(datagram, { from: 0, to: 1000 }, { identification })
    packetOf(bytes, 1, bytes.length, 0, packet).begin()
    packet.cursor += 14
    decodeIpv4(packet)
    reassembler.add(packet)
    expect(reassembler.bytes).toBeLessThanOrEqual(11_000)
  }
  expect(reassembler.bytes).toBeGreaterThan(8000)
})

test('IPv4 fragments between private addresses belong together only on one VLAN, as in tshark', () => {
  const datagram = datagramOf(64)
  const pieces = cutAt(64, [4])
  const [first, second] = pieces as [Piece, Piece]
  const on = (piece: Piece, vlan: number, addresses?: string) => {
    const bytes = ipv4(datagram, piece, { vlan })
    if (addresses !== undefined) bytes.set(fromHex(addresses), 18 + 12)
    return bytes
  }
  expect(decodeAll([on(first, 5), on(second, 6)])[1]).toBeUndefined()
  expect(decodeAll([on(first, 5), on(second, 5)])[1]).toBeDefined()
  const either = ['ac100001 c6336401', 'ac1fffff c6336401', 'cb007101 c0a80001', 'a9fe0001 c6336401']
  for (const addresses of either) {
    expect(decodeAll([on(first, 5, addresses), on(second, 6, addresses)])[1], addresses).toBeUndefined()
  }
  for (const addresses of ['cb007101 c6336401', 'ac200001 c0a90001', '7f000001 7f000001', 'a9ff0001 0b000001']) {
    expect(decodeAll([on(first, 5, addresses), on(second, 6, addresses)])[1], addresses).toBeDefined()
  }
})

test('a first IPv4 fragment that the capture cut is read as far as it goes', () => {
  const bytes = ipv4(datagramOf(200), { from: 0, to: 104 })
  const packet = packetOf(bytes.subarray(0, 14 + 20 + 12), 1, bytes.length)
  new Decoder().decode(packet)
  expect(packet).toMatchObject({ fragment: true, transportProtocol: 17, sourcePort: 50001 })
})

test('a tunnel inside a datagram put together from fragments carries the packet that counts', () => {
  const inner = fromHex('4500 0024 0001 0000 40 11 0000 0a000003 0a000004 0001 0002 0010 0000 0011223344556677')
  const frames = cutAt(inner.length, [2]).map((piece) => {
    const bytes = ipv4(inner, piece)
    bytes[14 + 9] = 4
    return bytes
  })
  const decoder = new Decoder()
  const packet = new Packet()
  for (const bytes of frames) decoder.decode(packetOf(bytes, 1, bytes.length, 0, packet))
  expect(layersOf(packet)).toBe('eth ip ip udp')
  expect(packet.destinationPort).toBe(2)
})

describe('datagrams that were never put together', () => {
  const datagram = datagramOf(24)
  const [first, second] = [
    { from: 0, to: 16 },
    { from: 16, to: 24 },
  ]

  test('are counted, from the first of their fragments on', () => {
    const decoder = new Decoder()
    decodeAll([ipv4(datagram, first), ipv6(datagram, second), ipv4(datagram, first, { identification: 8 })], decoder)
    expect(decoder.incomplete).toEqual({ datagrams: 3, firstFrame: 1 })
  })

  test('are counted when too old to be waited for, too', () => {
    const decoder = new Decoder()
    decodeAll([ipv4(datagram, first), ipv4(datagram, first), ipv4(datagram, second)], decoder, (index) => 100 * index)
    expect(decoder.incomplete).toEqual({ datagrams: 3, firstFrame: 1 })
  })

  test('are none where all came, or came twice', () => {
    const decoder = new Decoder()
    decodeAll(
      [first, first, second, second].map((piece) => ipv4(datagram, piece)),
      decoder,
    )
    expect(decoder.incomplete).toEqual({ datagrams: 0, firstFrame: 0 })
  })
})
