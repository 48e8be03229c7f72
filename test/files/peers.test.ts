/** Other readers of the same files: pcap-parser and tshark. */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { PcapngWriter } from '../../src/files/pcapng-writer.js'
import { openSink } from '../../src/files/sink.js'
import { Packet } from '../../src/packet.js'
import { hasTshark, tsharkFields } from '../support/tshark.js'
import { blocks, concat, epoch, hex, integer, readFile, temporaryDirectory } from './support.js'

const path = temporaryDirectory()

interface ParsedPacket {
  readonly header: {
    timestampSeconds: number
    timestampMicroseconds: number
    capturedLength: number
    originalLength: number
  }
  readonly data: Uint8Array
}

interface Parser {
  on(event: 'packet', listener: (packet: ParsedPacket) => void): Parser
  on(event: 'end', listener: () => void): Parser
  on(event: 'error', listener: (error: Error) => void): Parser
}

const { parse } = createRequire(import.meta.url)('pcap-parser') as { parse(file: string): Parser }

function parsePackets(file: string): Promise<ParsedPacket[]> {
  return new Promise((done, fail) => {
    const packets: ParsedPacket[] = []
    parse(file)
      .on('packet', (packet) => packets.push(packet))
      .on('error', fail)
      .on('end', () => done(packets))
  })
}

test('pcap-parser reads the same from classic files of both byte orders', async () => {
  const record = fc.record({
    seconds: fc.nat({ max: 0xffff_ffff }),
    microseconds: fc.nat({ max: 999_999 }),
    data: fc.uint8Array({ maxLength: 3000 }),
    originalLength: fc.nat({ max: 0xffff_ffff }),
  })
  await fc.assert(
    fc.asyncProperty(fc.boolean(), fc.array(record, { minLength: 1, maxLength: 60 }), async (little, records) => {
      const u32 = (value: number): Uint8Array => integer(value, 4, little)
      const u16 = (value: number): Uint8Array => integer(value, 2, little)
      const header = concat(u32(0xa1b2c3d4), u16(2), u16(4), u32(0), u32(0), u32(262_144), u32(1))
      const parts = records.flatMap((each) => [
        ...[u32(each.seconds), u32(each.microseconds), u32(each.data.length), u32(each.originalLength)],
        each.data,
      ])
      writeFileSync(path('classic'), concat(header, ...parts))
      const { frames } = await readFile(path('classic'))
      const parsed = await parsePackets(path('classic'))
      expect(frames.map((each) => [each.seconds, each.nanoseconds, each.originalLength, each.data])).toEqual(
        parsed.map(({ header, data }) => [
          header.timestampSeconds,
          header.timestampMicroseconds * 1000,
          header.originalLength,
          Buffer.from(data).toString('hex'),
        ]),
      )
    }),
    { numRuns: 60 },
  )
})

const FIELDS = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.comment']

describe.skipIf(!hasTshark)(`tshark${hasTshark ? '' : ' (skipped: no tshark 4.0)'}`, () => {
  const agree = async (file: string): Promise<void> => {
    const { frames, info } = await readFile(file)
    expect(info.damage).toBeUndefined()
    expect(frames.length).toBeGreaterThan(0)
    const ours = frames.map((each) => [
      ...[String(each.number), epoch(each), String(each.originalLength), String(each.data.length / 2)],
      each.comments.join(','),
    ])
    expect(ours).toEqual(await tsharkFields(file, FIELDS))
  }

  test('reads the same times of every resolution, offset and byte order, and the same blocks', async () => {
    const parts: Uint8Array[] = []
    for (const little of [true, false]) {
      const b = blocks(little)
      // finer than 10^-10 and 2^-34, tshark's 64-bit arithmetic overflows
      for (const resolution of [0, 1, 3, 6, 7, 9, 10, 0x80, 0x81, 0x8a, 0x94, 0xa0, 0xa2]) {
        const units = (resolution & 0x80 ? 2n : 10n) ** BigInt(resolution & 0x7f)
        const second = 1_700_000_000n * units
        for (const offset of [0, -5, 3600]) {
          const options = [b.option(9, Uint8Array.of(resolution)), b.option(14, b.u64(offset)), b.end]
          parts.push(b.section(), b.interface(1, 0, ...options))
          for (const past of [0n, 1n, units / 3n, units - 1n])
            parts.push(b.packet((second + past) % 2n ** 64n, hex('00')))
        }
      }
      const simple = b.block(3, b.u32(4), hex('01020304'))
      const old = b.block(2, b.u16(0), b.u16(3), b.timestamp(99n), b.u32(3), b.u32(9), b.pad(hex('010203')))
      parts.push(b.block(0xbad, b.u32(32_473), hex('00000000')), b.block(0x77), simple, old)
    }
    writeFileSync(path('times.pcapng'), concat(...parts))
    await agree(path('times.pcapng'))
  })

  test('reads what we write', async () => {
    const writer = new PcapngWriter(openSink(path('ours.pcapng')), { application: 'synopsis' })
    const interfaces = [9, 6, 3].map((timeDigits) =>
      writer.addInterface({ linkType: 1, timeDigits, name: `eth${timeDigits}` }),
    )
    const packet = Object.assign(new Packet(), {
      frame: new DataView(new ArrayBuffer(100)),
      end: 60,
      originalLength: 1500,
    })
    for (const [index, id] of interfaces.entries()) {
      for (const seconds of [0, 1_700_000_000, 4_294_967_296]) {
        Object.assign(packet, { seconds, nanoseconds: 987_654_321, direction: index, end: 60 + index })
        writer.write(packet, id, index === 0 ? [] : ['a note', 'ünd a second'])
      }
      writer.writeStatistics(id, { received: 3n }, packet)
    }
    await writer.close()
    await agree(path('ours.pcapng'))
  })
})
