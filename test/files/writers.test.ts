import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PcapWriter } from '../../src/files/pcap-writer.js'
import { openBlocks } from '../../src/files/pcapng-blocks.js'
import { PcapngWriter } from '../../src/files/pcapng-writer.js'
import { openSink, type Sink } from '../../src/files/sink.js'
import { NO_LINK_TYPE, Packet } from '../../src/packet.js'
import type { InterfaceInfo } from '../../src/source.js'
import { copyFrame, type Frame, hex, readFile, temporaryDirectory } from './support.js'

const path = temporaryDirectory()
const name = path('written')

/** A packet whose bytes lie in the middle of a buffer of others. */
function packetOf(frame: Partial<Frame> & { data: string }): Packet {
  const data = hex(frame.data)
  const bytes = new Uint8Array(data.length + 11).fill(0xee)
  bytes.set(data, 5)
  const { data: _data, ...fields } = frame
  return Object.assign(new Packet(), fields, {
    frame: new DataView(bytes.buffer),
    start: 5,
    end: 5 + data.length,
    originalLength: frame.originalLength ?? data.length,
  })
}

async function written(write: (sink: Sink) => { close(): Promise<void> }): Promise<Uint8Array> {
  await write(openSink(name)).close()
  return readFileSync(name)
}

describe('a written file, byte for byte', () => {
  const packet = packetOf({ number: 1, seconds: 0x6553f100, nanoseconds: 123_456_789, data: '0a0b0c', linkType: 113 })

  test.each([
    ['pcap with microseconds', false, 'd4c3b2a1', '40e20100'],
    ['pcap with nanoseconds', true, '4d3cb2a1', '15cd5b07'],
  ])('%s', async (_kind, nanoseconds, magic, fraction) => {
    const bytes = await written((sink) => {
      const writer = new PcapWriter(sink, { linkType: 113, snapLength: 96, nanoseconds })
      writer.write(packet)
      return writer
    })
    expect(Buffer.from(bytes).toString('hex')).toBe(
      Buffer.from(
        hex(`
          ${magic} 0200 0400 # version 2.4
          00000000 00000000 60000000 71000000 # snap length, link type
          00f15365 ${fraction} 03000000 03000000 0a0b0c`),
      ).toString('hex'),
    )
  })

  test('pcapng', async () => {
    const bytes = await written((sink) => {
      const writer = new PcapngWriter(sink, { application: 'synopsis', comments: ['mine'] })
      const id = writer.addInterface({ linkType: 1, snapLength: 96, name: 'eth0', filter: 'tcp', timeDigits: 9 })
      writer.write(Object.assign(packetOf({ data: '0a0b0c', seconds: 1, nanoseconds: 2 }), { direction: 2 }), id, [
        'hi',
      ])
      writer.writeStatistics(id, { received: 5n, droppedByOs: 1n }, { seconds: 1, nanoseconds: 3 })
      return writer
    })
    expect(Buffer.from(bytes).toString('hex')).toBe(
      Buffer.from(
        hex(`
          0a0d0d0a 34000000 4d3c2b1a 0100 0000 ffffffffffffffff # section 1.0 of unknown length
            0400 0800 73796e6f70736973                          # application
            0100 0400 6d696e65 0000 0000                        # comment, end
          34000000
          01000000 30000000 0100 0000 60000000                  # Ethernet, snap length
            0200 0400 65746830                                  # name
            0900 0100 09000000                                  # nanoseconds
            0b00 0400 00746370 0000 0000                        # filter, end
          30000000
          06000000 38000000 00000000 00000000 02ca9a3b          # interface 0, time
            03000000 03000000 0a0b0c00                          # lengths, data, padding
            0100 0200 68690000 0200 0400 02000000 0000 0000     # comment, flags: outbound, end
          38000000
          05000000 34000000 00000000 00000000 03ca9a3b
            0400 0800 0500000000000000 0700 0800 0100000000000000 0000 0000
          34000000`),
      ).toString('hex'),
    )
  })

  test('a time that a timestamp cannot hold is 0, and one that does not fit a microsecond is cut', async () => {
    const times = [-1, 20_000_000_000, 18_446_744_073].map((seconds) =>
      packetOf({ data: '', seconds, nanoseconds: 1999 }),
    )
    await written((sink) => {
      const writer = new PcapngWriter(sink)
      writer.addInterface({ linkType: 1, timeDigits: 9 })
      writer.addInterface({ linkType: 1, timeDigits: 6 })
      for (const each of times) writer.write(each, 0)
      writer.write(packetOf({ data: '', seconds: 5, nanoseconds: 1999 }), 1)
      return writer
    })
    const { frames } = await readFile(name)
    expect(frames.map(({ seconds, nanoseconds }) => [seconds, nanoseconds])).toEqual([
      [0, 0],
      [0, 0],
      [18_446_744_073, 1999],
      [5, 1000],
    ])
  })
})

test('a record that is no packet is left out', async () => {
  const custom = packetOf({ data: '00', linkType: NO_LINK_TYPE, interfaceId: -1 })
  const empty = await written((sink) => new PcapngWriter(sink))
  const both = await written((sink) => {
    const writer = new PcapngWriter(sink)
    writer.write(custom)
    return writer
  })
  expect(both).toEqual(empty)
  const header = await written((sink) => {
    const writer = new PcapWriter(sink, { linkType: 1 })
    writer.write(custom)
    return writer
  })
  expect(header.length).toBe(24)
})

describe('errors', () => {
  test('a second link type does not fit into a pcap', () => {
    const writer = new PcapWriter(openSink(path('mixed')), { linkType: 1 })
    expect(() => writer.write(packetOf({ data: '00', number: 7, linkType: 101 }))).toThrowError(
      expect.objectContaining({
        code: 'LINK_TYPE',
        message: expect.stringContaining('frame 7 has 101: write a pcapng'),
      }),
    )
  })

  test('a comment that is too long', () => {
    const writer = new PcapngWriter(openSink(path('comment')))
    writer.addInterface({ linkType: 1 })
    expect(() => writer.write(packetOf({ data: '00' }), 0, ['x'.repeat(65_536)])).toThrowError(
      expect.objectContaining({ code: 'USAGE', message: expect.stringContaining('65535 bytes are the most') }),
    )
  })

  mkdirSync(path('directory'))
  const targets = [
    { what: 'a directory', target: path('directory'), code: 'DIRECTORY' },
    { what: 'a directory that is not there', target: path('nowhere/capture'), code: 'MISSING' },
    ...(existsSync('/dev/full') ? [{ what: 'a full disk', target: '/dev/full', code: 'FULL' }] : []),
  ]
  test.each(targets)('$what', async ({ target, code }) => {
    const write = async (): Promise<void> => new PcapWriter(openSink(target), { linkType: 1 }).close()
    await expect(write()).rejects.toMatchObject({ name: 'FileError', code, exitStatus: 2 })
  })
})

const text = fc.string({ unit: 'grapheme', maxLength: 20 })
const data = fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('hex'))
const frame = fc.record({
  seconds: fc.nat({ max: 0xffff_ffff }),
  nanoseconds: fc.nat({ max: 999_999_999 }),
  data,
  originalLength: fc.nat({ max: 0xffff_ffff }),
})

describe('what was written is what is read', () => {
  test.each([
    ['microseconds', false, 1000],
    ['nanoseconds', true, 1],
  ])('pcap with %s', async (_kind, nanoseconds, unit) => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 30 }), fc.nat({ max: 0x3ff }), async (frames, linkType) => {
        const packets = frames.map((each, index) => packetOf({ ...each, number: index + 1, linkType }))
        await written((sink) => {
          const writer = new PcapWriter(sink, { linkType, nanoseconds })
          for (const packet of packets) writer.write(packet)
          expect(writer.position).toBe(frames.reduce((sum, each) => sum + 16 + each.data.length / 2, 24))
          return writer
        })
        const result = await readFile(name)
        expect(statSync(name).size).toBe(result.info.size)
        expect(result.frames).toEqual(
          packets.map((packet) => ({
            ...copyFrame(packet),
            nanoseconds: packet.nanoseconds - (packet.nanoseconds % unit),
            timeDigits: nanoseconds ? 9 : 6,
          })),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('pcapng, with sections, interfaces, comments, directions and counts', async () => {
    const count = fc.option(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { nil: undefined })
    const described = fc.record(
      { name: text, description: text, filter: text, hardware: text, os: text },
      { requiredKeys: [] },
    )
    const source = fc.record({
      described,
      linkType: fc.nat({ max: 0xffff }),
      snapLength: fc.nat({ max: 0xffff_ffff }),
      timeDigits: fc.nat({ max: 9 }),
      comments: fc.array(text, { maxLength: 3 }),
      counts: fc.record({
        received: count,
        droppedByInterface: count,
        accepted: count,
        droppedByOs: count,
        delivered: count,
      }),
    })
    const section = fc.record({ hardware: text, os: text, application: text }, { requiredKeys: [] })
    const packet = fc.record({
      frame,
      source: fc.nat(),
      direction: fc.nat({ max: 2 }),
      comments: fc.array(text, { maxLength: 3 }),
    })
    await fc.assert(
      fc.asyncProperty(
        section,
        fc.array(text, { maxLength: 3 }),
        fc.array(source, { minLength: 1, maxLength: 4 }),
        fc.array(packet, { maxLength: 20 }),
        async (texts, comments, sources, packets) => {
          const expected = packets.map(({ frame, source, direction, comments }, index): Frame => {
            const interfaceId = source % sources.length
            const { linkType = 0, timeDigits = 0 } = sources[interfaceId] ?? {}
            const unit = 10 ** (9 - timeDigits)
            const nanoseconds = frame.nanoseconds - (frame.nanoseconds % unit)
            return { ...frame, number: index + 1, nanoseconds, linkType, timeDigits, interfaceId, direction, comments }
          })
          const infos = sources.map(({ described, counts, ...rest }, id): InterfaceInfo => {
            const known = Object.entries(counts).filter(([, value]) => value !== undefined)
            return { ...rest, ...described, id, section: 0, statistics: Object.fromEntries(known) }
          })
          await written((sink) => {
            const writer = new PcapngWriter(sink, { ...texts, comments })
            for (const info of infos) writer.addInterface(info)
            for (const each of expected) writer.write(packetOf(each))
            for (const { id, statistics } of infos)
              writer.writeStatistics(id, statistics ?? {}, { seconds: 1, nanoseconds: 1 })
            expect(writer.position).toBe(sink.position)
            return writer
          })
          const { frames, info } = await readFile(name)
          expect(info.damage).toBeUndefined()
          expect(info.sections).toEqual([{ byteOrder: 'little', ...texts, comments }])
          expect(info.interfaces).toEqual(infos)
          expect(frames).toEqual(expected)
        },
      ),
      { numRuns: 200 },
    )
  })
})

test('frames larger than the buffer, and many more than it holds, are written whole', async () => {
  const large = packetOf({ data: 'ab'.repeat(3_000_000), linkType: 1 })
  const small = packetOf({ data: 'cd'.repeat(1001), linkType: 1 })
  await written((sink) => {
    const writer = new PcapngWriter(sink)
    writer.addInterface({ linkType: 1, snapLength: 4_000_000 })
    for (let index = 0; index < 2000; index++) writer.write(small)
    writer.write(large)
    writer.write(small)
    return writer
  })
  const { frames, info } = await readFile(name)
  expect(info.damage).toBeUndefined()
  expect(frames.length).toBe(2002)
  expect(frames[2000]?.data === 'ab'.repeat(3_000_000)).toBe(true)
  expect(frames.every((each, index) => index === 2000 || each.data === 'cd'.repeat(1001))).toBe(true)
  // the buffer was used again and again: no padding may hold what was there before
  const smallBlocks = new Set<string>()
  const file = await openBlocks(name)
  await file.forEach(({ frame, bytes }) => {
    if (frame > 0 && frame !== 2001) smallBlocks.add(Buffer.from(bytes.subarray(-7)).toString('hex'))
  })
  expect([...smallBlocks]).toEqual(['000000' + '0c040000'])
})
