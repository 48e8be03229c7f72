/** Files that were changed at random: no exception but a FileError, no hang, no allocation that a length field asks for. */
import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FileError } from '../../src/errors.js'
import { openCapture } from '../../src/files/open.js'
import { openBlocks } from '../../src/files/pcapng-blocks.js'
import { readOptions, replaceOptions } from '../../src/files/pcapng-options.js'
import { blocks, concat, hex, integer, temporaryDirectory } from './support.js'

const path = temporaryDirectory()

function pcapng(little: boolean): Uint8Array {
  const b = blocks(little)
  const count = b.option(4, b.u64(7))
  const name = concat(b.u16(1), b.u16(8), hex('c0000201 61626300'), b.u16(0), b.u16(0))
  return concat(
    ...[b.section(b.option(4, 'app'), b.option(1, 'note'), b.end), b.interface(1, 0, b.option(9, hex('09')), b.end)],
    ...[b.interface(113, 60, b.option(9, hex('bf')), b.option(14, b.u64(-1))), b.block(4, name)],
    ...[
      b.packet(5n, hex('0102030405'), 9, 0, b.option(1, 'one'), b.option(2, b.u32(1)), b.end),
      b.packet(6n, hex('00'), 1, 1),
    ],
    ...[
      b.block(3, b.u32(3), hex('01020300')),
      b.block(5, b.u32(0), b.timestamp(7n), count, b.end),
      b.block(0x99, hex('01020304')),
    ],
    ...[b.block(2, b.u16(1), b.u16(1), b.timestamp(7n), b.u32(2), b.u32(2), hex('01020000')), b.block(0xbad, b.u32(1))],
    ...[b.section(), b.interface(1, 0), b.packet(8n, hex('0102030405'))],
  )
}

function pcap(little: boolean): Uint8Array {
  const u32 = (value: number): Uint8Array => integer(value, 4, little)
  const record = concat(u32(1), u32(2), u32(5), u32(9), hex('0102030405'))
  const header = concat(
    u32(0xa1b2c3d4),
    integer(2, 2, little),
    integer(4, 2, little),
    u32(0),
    u32(0),
    u32(0xffff),
    u32(1),
  )
  return concat(header, record, record, record)
}

const seeds = [pcapng(true), pcapng(false), pcap(true), pcap(false), gzipSync(pcapng(true)), gzipSync(pcap(false))]

const change = fc.record({
  at: fc.nat(),
  value: fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat({ max: 255 })),
})
const mutant = fc
  .record({
    seed: fc.constantFrom(...seeds),
    changes: fc.array(change, { minLength: 1, maxLength: 8 }),
    cut: fc.option(fc.nat(), { freq: 3 }),
  })
  .map(({ seed, changes, cut }) => {
    const bytes = new Uint8Array(seed)
    for (const { at, value } of changes) bytes[at % bytes.length] = value
    return cut === null ? bytes : bytes.slice(0, cut % bytes.length)
  })

test('a mutated capture reads to its end or to an error that says what is wrong', async () => {
  await fc.assert(
    fc.asyncProperty(mutant, async (bytes) => {
      writeFileSync(path('mutant'), bytes)
      try {
        const source = await openCapture(path('mutant'))
        let last = 0
        for await (const batch of source) {
          batch.forEach((packet) => {
            expect(packet.number).toBe(++last)
            expect(packet.end).toBeGreaterThanOrEqual(packet.start)
            expect(packet.end).toBeLessThanOrEqual(packet.frame.byteLength)
            expect(packet.frame.byteLength).toBeLessThanOrEqual(32 * 1024 * 1024)
            expect(packet.start).toBeGreaterThan(0)
            expect(Number.isInteger(packet.seconds) && Number.isInteger(packet.nanoseconds)).toBe(true)
            expect(packet.originalLength).toBeGreaterThanOrEqual(0)
          })
        }
        expect(last).toBeLessThan(bytes.length)
      } catch (error) {
        expect(error).toBeInstanceOf(FileError)
        expect((error as FileError).message).toMatch(/^[^\n]+$/)
      }
    }),
    { numRuns: 3000 },
  )
})

test('the blocks of a mutated pcapng put together are the file, also after an edit that changes nothing', async () => {
  const pcapngs = mutant.filter((bytes) => Buffer.from(bytes.subarray(0, 4)).toString('hex') === '0a0d0d0a')
  await fc.assert(
    fc.asyncProperty(pcapngs, async (bytes) => {
      writeFileSync(path('mutant'), bytes)
      const parts: Uint8Array[] = []
      const file = await openBlocks(path('mutant'))
      await file.forEach((block) => {
        parts.push(block.bytes.slice())
        readOptions(block)
        const same = replaceOptions(block, (options) => options)
        if (same === undefined) return
        // where a length forgot the padding, an edit puts it right
        const length = Buffer.from(block.bytes.slice(4, 8))[block.little ? 'readUInt32LE' : 'readUInt32BE'](0)
        if (length % 4 === 0) expect(Buffer.from(same).equals(block.bytes)).toBe(true)
      })
      expect(Buffer.concat(parts).equals(bytes)).toBe(true)
    }),
    { numRuns: 1500 },
  )
})
