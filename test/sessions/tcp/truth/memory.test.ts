/** What is kept is bounded, whatever comes, and forgetting costs knowledge only. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ACK, Packet } from '../../../../src/packet.js'
import { Holes } from '../../../../src/sessions/tcp/truth/holes.js'
import { TcpTruth, TruthMemory } from '../../../../src/sessions/tcp/truth/truth.js'

function packetAt(number: number, sequence: number, length: number): Packet {
  const packet = new Packet()
  packet.frame = new DataView(new ArrayBuffer(64))
  packet.end = 64
  packet.frame.setUint32(0, 1)
  packet.linkType = 1
  packet.number = number
  packet.networkVersion = 4
  packet.identification = number & 0xffff
  packet.tcp.flags = ACK
  packet.tcp.sequence = sequence | 0
  packet.tcp.length = length
  packet.tcp.acknowledgment = 1
  packet.tcp.window = 500
  return packet
}

describe('sightings', () => {
  test('when the pool is empty the oldest of all sessions is forgotten', () => {
    const memory = new TruthMemory(8)
    const size = memory.pool.slab.ints.length
    const idle = new TcpTruth(memory)
    const busy = new TcpTruth(memory).select(1)
    for (let i = 0; i < 4; i++) idle.observe(packetAt(i + 1, 1000 + i * 100, 100), 0, i)
    for (let i = 0; i < 2000; i++) busy.observe(packetAt(i + 5, 1000 + i * 100, 100), 0, i)
    expect(memory.pool.used).toBe(8)
    // records are used again
    expect(memory.pool.slab.ints.length).toBe(size)
    // the idle session remembers nothing now, and still knows what comes again
    idle.observe(packetAt(3000, 1000, 100), 0, 1e9)
    expect(idle.finish().segments.map(({ verdict }) => verdict)).toEqual(['retransmission'])
  })

  test('reset gives everything back', () => {
    const memory = new TruthMemory()
    const truth = new TcpTruth(memory)
    for (let i = 0; i < 100; i++) truth.observe(packetAt(i + 1, i * 100, 100), (i & 1) as 0 | 1, i)
    expect(memory.pool.used).toBeGreaterThan(0)
    truth.reset()
    expect(memory.pool.used).toBe(0)
  })

  test('no more than 4096 of one direction, though nothing is ever acknowledged', () => {
    const memory = new TruthMemory()
    const truth = new TcpTruth(memory)
    const acknowledgment = packetAt(1, 1, 0)
    truth.observe(acknowledgment, 1, 0)
    for (let i = 0; i < 10_000; i++) truth.observe(packetAt(i + 2, 1 + i * 100, 100), 0, i)
    expect(memory.pool.used).toBe(4096)
  })

  test('of a session without trouble only a few are kept once they are acknowledged', () => {
    const memory = new TruthMemory()
    const truth = new TcpTruth(memory)
    for (let i = 0; i < 1000; i++) {
      truth.observe(packetAt(2 * i + 1, 1 + i * 100, 100), 0, i)
      const reply = packetAt(2 * i + 2, 1, 0)
      reply.tcp.acknowledgment = 101 + i * 100
      truth.observe(reply, 1, i)
    }
    expect(memory.pool.used).toBeLessThanOrEqual(16)
  })
})

describe('a hostile session', () => {
  test('a hundred thousand segments that all open gaps', () => {
    const truth = new TcpTruth()
    for (let i = 0; i < 100_000; i++) truth.observe(packetAt(i + 1, i * 200, 100), 0, i)
    expect(truth.finish().segments).toEqual([])
    truth.reset()
  })

  test('a hundred thousand segments that all come again', () => {
    const truth = new TcpTruth()
    for (let i = 0; i < 100_000; i++) truth.observe(packetAt(i + 1, (i % 7) * 100, 100), 0, i * 1000)
    const { segments } = truth.finish()
    // judged in batches, the listing keeps the order of capture and misses none
    expect(segments.map(({ frame }) => frame)).toEqual(Array.from({ length: 99_993 }, (_, i) => i + 8))
    truth.reset()
  })

  test('any numbers at all: nothing throws, and what is listed was given', () => {
    const any32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
    const segment = fc.record({
      direction: fc.constantFrom<0 | 1>(0, 1),
      sequence: fc.oneof(any32, fc.integer({ min: 0, max: 3000 })),
      acknowledgment: fc.oneof(any32, fc.integer({ min: 0, max: 3000 })),
      length: fc.oneof(fc.integer({ min: 0, max: 1500 }), fc.integer({ min: 0, max: 65_535 })),
      flags: fc.integer({ min: 0, max: 0x1ff }),
      identification: fc.integer({ min: 0, max: 20 }),
      stamp: fc.integer({ min: 0, max: 5 }),
      blocks: fc.array(fc.oneof(any32, fc.integer({ min: 0, max: 3000 })), { maxLength: 8 }),
      time: fc.integer({ min: -1000, max: 1e12 }),
    })
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 60 }), (segments) => {
        const truth = new TcpTruth()
        segments.forEach((fields, index) => {
          const packet = packetAt(index + 1, fields.sequence, fields.length)
          const { tcp } = packet
          tcp.acknowledgment = fields.acknowledgment
          tcp.flags = fields.flags
          packet.identification = fields.identification
          tcp.hasTimestamps = fields.stamp > 0
          tcp.timestampValue = fields.stamp * 2 ** 30
          tcp.timestampEcho = fields.time >>> 0
          tcp.sackBlocks = fields.blocks.length >> 1
          tcp.sack.set(fields.blocks)
          truth.observe(packet, fields.direction, fields.time)
        })
        const { segments: listed, vantage } = truth.finish()
        for (const { frame, direction, evidence } of listed) {
          expect(segments[frame - 1]?.direction).toBe(direction)
          expect(evidence.length).toBeGreaterThan(0)
        }
        expect(vantage.place).toMatch(/^(end|between|one host|unknown)$/)
      }),
      { numRuns: 2000 },
    )
  })
})

describe('gaps', () => {
  test('no more than 1024 of one direction, also of one gap that is cut to pieces', () => {
    const holes = new Holes()
    holes.open(0, 1_000_000, 1, 0, 0)
    for (let at = 10; at < 100_000; at += 20) holes.fill(at, at + 1)
    expect(holes.all.length).toBe(1024)
    // the newest are known
    expect(holes.at(999_999, 1_000_000)).toBeDefined()
  })

  /** The obvious way: a set of the bytes that are missing. */
  class NaiveHoles {
    readonly missing = new Set<number>()

    open(start: number, end: number): void {
      for (let byte = start; byte < end; byte++) this.missing.add(byte)
    }

    touches(start: number, end: number): boolean {
      for (let byte = start; byte < end; byte++) if (this.missing.has(byte)) return true
      return false
    }

    fill(start: number, end: number): void {
      for (let byte = start; byte < end; byte++) this.missing.delete(byte)
    }
  }

  test('are those of a naive implementation, also where sequence numbers wrap around', () => {
    const step = fc.record({ kind: fc.constantFrom('open', 'fill', 'acknowledge'), a: fc.nat(60), b: fc.nat(60) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom(0, -20, 2 ** 31 - 30), (steps, base) => {
        const holes = new Holes()
        const naive = new NaiveHoles()
        let top = 0
        for (const { kind, a, b } of steps) {
          const [from, to] = [Math.min(a, b), Math.max(a, b) + 1]
          if (kind === 'open') {
            naive.open(top + 1, top + 1 + to)
            holes.open((base + top + 1) | 0, (base + top + 1 + to) | 0, 1, 0, 0)
            top += 1 + to
          } else if (kind === 'fill') {
            naive.fill(from, to)
            holes.fill((base + from) | 0, (base + to) | 0)
          } else {
            let missed = 0
            holes.acknowledge((base + to) | 0, (_, length) => {
              missed += length
            })
            expect(missed).toBe([...naive.missing].filter((byte) => byte < to).length)
            naive.fill(0, to)
          }
          for (let at = 0; at < top + 2; at++) {
            expect(holes.at((base + at) | 0, (base + at + 1) | 0) !== undefined).toBe(naive.touches(at, at + 1))
          }
        }
      }),
      { numRuns: 300 },
    )
  })
})
