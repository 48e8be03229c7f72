/** A segment in a box: what comes out is what went in, whatever was in the packet before. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Box } from '../../../src/bytes/box.js'
import { Packet, type TcpHeader } from '../../../src/packet.js'
import { LONGEST_SEGMENT, packSegment, unpackSegment } from '../../../src/sessions/tcp/segment-piece.js'

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const word = fc.nat(0xffff)
const orAbsent = (arbitrary: fc.Arbitrary<number>) => fc.oneof(fc.constant(-1), arbitrary)

const segment = fc.record({
  packet: fc.record({
    number: fc.nat(),
    seconds: fc.nat(2 ** 32),
    nanoseconds: int,
    originalLength: fc.nat(),
    interfaceId: fc.nat(),
    direction: fc.nat(3),
    networkVersion: fc.constantFrom(4, 6),
    identification: word,
    timeToLive: fc.nat(255),
    vlan: orAbsent(fc.nat(4095)),
    transportChecksum: fc.nat(5),
  }),
  tcp: fc.record({
    sequence: int,
    acknowledgment: int,
    headerLength: fc.integer({ min: 20, max: 60 }),
    flags: fc.nat(0x1ff),
    window: word,
    length: word,
    lengthKnown: fc.boolean(),
    mss: orAbsent(word),
    windowScale: orAbsent(fc.nat(255)),
    sackPermitted: fc.boolean(),
    sackBlocks: fc.nat(4),
    multipath: word,
    fastOpen: orAbsent(fc.nat(1000)),
    fastOpenLength: fc.nat(40),
    optionsBroken: fc.boolean(),
  }),
  // a segment without timestamps, or without options at all
  timestamps: fc.option(fc.tuple(fc.nat(2 ** 32 - 1), fc.nat(2 ** 32 - 1)), { nil: undefined }),
  isPlain: fc.boolean(),
  sack: fc.array(int, { minLength: 8, maxLength: 8 }),
})
type Segment = typeof segment extends fc.Arbitrary<infer T> ? T : never

function packetOf({ packet: fields, tcp, timestamps, isPlain, sack }: Segment): Packet {
  const packet = new Packet()
  Object.assign(packet, fields)
  Object.assign(packet.tcp, tcp)
  packet.tcp.sack.set(sack)
  packet.tcp.hasTimestamps = timestamps !== undefined
  const [value, echo] = timestamps ?? [0, 0]
  packet.tcp.timestampValue = value
  packet.tcp.timestampEcho = echo
  const noOptions = { mss: -1, windowScale: -1, sackPermitted: false, sackBlocks: 0, multipath: 0, fastOpen: -1 }
  if (isPlain) Object.assign(packet.tcp, noOptions, { optionsBroken: false })
  return packet
}

/** What somebody may read of it. */
function contents(packet: Packet) {
  const { number, seconds, nanoseconds, originalLength, interfaceId, direction } = packet
  const { networkVersion, identification, timeToLive, vlan, transportChecksum } = packet
  const { sack, fastOpenLength, ...tcp }: TcpHeader = packet.tcp
  return {
    ...{ number, seconds, nanoseconds, originalLength, interfaceId, direction },
    ...{ networkVersion, identification, timeToLive, vlan, transportChecksum },
    tcp,
    sack: sack.slice(0, 2 * tcp.sackBlocks),
    fastOpenLength: tcp.fastOpen < 0 ? undefined : fastOpenLength,
  }
}

test('what was packed is read back, and nothing is left of the segment before it', () => {
  const box = new Box(new ArrayBuffer(4 * LONGEST_SEGMENT), 0, 4 * LONGEST_SEGMENT)
  const reused = new Packet()
  fc.assert(
    fc.property(segment, (values) => {
      const packet = packetOf(values)
      box.at = 0
      packSegment(packet, box)
      box.at = 0
      unpackSegment(box, reused)
      expect(contents(reused)).toEqual(contents(packet))
    }),
    { numRuns: 500 },
  )
})
