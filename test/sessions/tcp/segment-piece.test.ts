/** A segment in a box: what comes out is what went in, whatever was in the packet before. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Box } from '../../../src/bytes/box.js'
import { Packet } from '../../../src/packet.js'
import { LONGEST_SEGMENT, packSegment, unpackSegment } from '../../../src/sessions/tcp/segment-piece.js'

const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const word = fc.nat(0xffff)
const orAbsent = (arbitrary: fc.Arbitrary<number>) => fc.oneof(fc.constant(-1), arbitrary)

const segment = fc.record({
  packet: fc.record({
    number: fc.nat(),
    interfaceId: fc.nat(),
    direction: fc.nat(3),
    networkVersion: fc.constantFrom(4, 6),
    identification: word,
    timeToLive: fc.nat(255),
    transportChecksum: fc.nat(5),
  }),
  tcp: fc.record({
    sequence: int,
    acknowledgment: int,
    flags: fc.nat(0x1ff),
    window: word,
    length: word,
    mss: orAbsent(word),
    sackPermitted: fc.boolean(),
    sackBlocks: fc.nat(4),
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
  if (isPlain) Object.assign(packet.tcp, { mss: -1, sackPermitted: false, sackBlocks: 0 })
  return packet
}

/** What finding out what really happened reads of it. */
function contents(packet: Packet) {
  const { number, interfaceId, direction, networkVersion, identification, timeToLive, transportChecksum } = packet
  const { sequence, acknowledgment, flags, window, length, mss, sackPermitted, sackBlocks, sack } = packet.tcp
  const { hasTimestamps, timestampValue, timestampEcho } = packet.tcp
  return {
    ...{ number, interfaceId, direction, networkVersion, identification, timeToLive, transportChecksum },
    ...{ sequence, acknowledgment, flags, window, length, mss, sackPermitted, sackBlocks },
    ...{ hasTimestamps, timestampValue, timestampEcho },
    sack: sack.slice(0, 2 * sackBlocks),
  }
}

test('what was packed is read back, and nothing is left of the segment before it', () => {
  const box = new Box(new ArrayBuffer(4 * LONGEST_SEGMENT), 0, 4 * LONGEST_SEGMENT)
  const reused = new Packet()
  fc.assert(
    fc.property(segment, fc.nat(2 ** 52), (values, time) => {
      const packet = packetOf(values)
      box.at = 1
      packSegment(packet, time, box)
      const end = box.at
      box.at = 1
      expect(unpackSegment(box, reused)).toBe(time)
      expect(box.at).toBe(end)
      expect(contents(reused)).toEqual(contents(packet))
    }),
    { numRuns: 500 },
  )
})
