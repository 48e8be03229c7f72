import {
  chmodSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { openBlocks } from '../../src/files/pcapng-blocks.js'
import { commentOption, readOptions, replaceOptions } from '../../src/files/pcapng-options.js'
import type { RawBlock } from '../../src/files/raw-block.js'
import { replaceFile } from '../../src/files/replace.js'
import { rewritePcapng } from '../../src/files/rewrite.js'
import { rewriteBytes } from '../../src/files/rewrite-bytes.js'
import { blocks, concat, hex, readFile, temporaryDirectory } from './support.js'

const path = temporaryDirectory()
const name = path('capture.pcapng')
const DATA = hex('0a0b0c')

function write(bytes: Uint8Array): void {
  writeFileSync(name, bytes)
}

const content = (): string => readFileSync(name).toString('hex')
const added = (block: RawBlock): Uint8Array | undefined =>
  replaceOptions(block, (options) => [...options, commentOption('a note', block.little)])
const removed = (block: RawBlock): Uint8Array | undefined => replaceOptions(block, (options) => options.slice(0, -1))

describe.each([
  ['little-endian', true],
  ['big-endian', false],
] as const)('a %s capture', (_order, little) => {
  const b = blocks(little)
  const eth = b.interface(1, 0)
  const other = blocks(!little)

  /** A section that says how long it is. */
  const sized = (...body: Uint8Array[]): Uint8Array[] => [
    b.block(0x0a0d0d0a, b.u32(0x1a2b3c4d), b.u16(1), b.u16(0), b.u64(concat(...body).length)),
    ...body,
  ]

  test.each([
    ['without options', [b.section(), eth, b.packet(1n, DATA)]],
    ['with options and their end', [b.section(), eth, b.packet(1n, DATA, 3, 0, b.option(1, 'theirs'), b.end)]],
    [
      'with options that have no end',
      [b.section(b.option(4, 'x')), eth, b.packet(1n, DATA, 3, 0, b.option(2, b.u32(1)))],
    ],
    ['with an end and no options', [b.section(b.end), b.interface(1, 0, b.end), b.packet(1n, DATA, 3, 0, b.end)]],
    [
      'with something after the end',
      [b.section(), eth, b.packet(1n, DATA, 3, 0, b.option(1, 'x'), b.end, hex('deadbeef'))],
    ],
    ['with an option that runs past its block', [b.section(), eth, b.packet(1n, DATA, 3, 0, b.u16(1), b.u16(99))]],
    ['with padding that is not zero', [b.section(b.u16(1), b.u16(1), hex('41ffeedd')), eth, b.packet(1n, DATA)]],
    [
      'with a comment that is no UTF-8',
      [b.section(), eth, b.packet(1n, DATA, 3, 0, b.option(1, hex('fffe41')), b.end)],
    ],
    [
      'with blocks that nobody knows',
      [b.section(), b.block(0x77, hex('01020304')), eth, b.block(0x8000_0001), b.packet(1n, DATA)],
    ],
    [
      'with an obsolete packet and counts',
      [
        b.section(),
        eth,
        b.block(2, b.u16(0), b.u16(1), b.u64(5), b.u32(3), b.u32(3), b.pad(DATA)),
        b.block(5, b.u32(0), b.u64(1)),
      ],
    ],
    [
      'of sections that say how long they are',
      [...sized(eth, b.packet(1n, DATA)), ...sized(eth), ...sized(eth, b.packet(2n, DATA))],
    ],
    [
      'of sections of both byte orders',
      [b.section(), eth, other.section(), other.interface(1, 0), other.packet(1n, DATA)],
    ],
    ['that is cut', [b.section(), eth, b.packet(1n, DATA), b.packet(2n, DATA).slice(0, 20)]],
    [
      'that is broken',
      [b.section(), eth, b.packet(1n, DATA), b.u32(6), b.u32(7), hex('0102030405'), b.packet(2n, DATA)],
    ],
  ])('%s is the same after a note was added everywhere and taken away', async (_name, parts) => {
    write(concat(...parts))
    const before = content()
    const inMemory = rewriteBytes(concat(...parts), added)
    await rewritePcapng(name, () => undefined)
    expect(content()).toBe(before)
    await rewritePcapng(name, added)
    expect(Buffer.from(inMemory).toString('hex')).toBe(content())
    const { frames, info } = await readFile(name)
    for (const frame of frames) expect(frame.comments.at(-1)).toBe('a note')
    for (const { comments } of [...info.sections, ...info.interfaces]) expect(comments.at(-1)).toBe('a note')
    await rewritePcapng(name, removed)
    expect(content()).toBe(before)
  })

  test('a section goes on saying how long it is', async () => {
    write(concat(...sized(eth, b.packet(1n, DATA)), ...sized(eth, b.packet(2n, DATA))))
    await rewritePcapng(name, (block) => (block.frame === 0 ? undefined : added(block)))
    const growth = added({ ...none, bytes: b.packet(1n, DATA), type: 6, little })?.length ?? 0
    const length = concat(eth).length + growth
    const bytes = readFileSync(name)
    for (const at of [0, 28 + length]) {
      expect(bytes.subarray(at + 16, at + 24).toString('hex')).toBe(Buffer.from(b.u64(length)).toString('hex'))
    }
  })

  test('blocks tell their place, section, frame and interface', async () => {
    const custom = b.block(0xbad, b.u32(32_473))
    const old = b.block(2, b.u16(1), b.u16(1), b.u64(5), b.u32(3), b.u32(3), b.pad(DATA))
    const parts = [
      ...[b.section(), eth, eth, b.packet(1n, DATA, 3, 1), custom, old, b.block(0x77)],
      ...[b.section(), eth, b.block(5, b.u32(0), b.u64(1)), b.block(3, b.u32(3), b.pad(DATA))],
    ]
    write(concat(...parts, hex('0102')))
    const seen: unknown[] = []
    const file = await openBlocks(name)
    const rest = await file.forEach(({ type, section, frame, interfaceId, offset }) => {
      seen.push([type, section, frame, interfaceId, offset])
    })
    const offsets = [...parts, hex('')].map((_part, index) => concat(...parts.slice(0, index)).length)
    const expected = [
      [0x0a0d0d0a, 0, 0, -1],
      [1, 0, 0, 0],
      [1, 0, 0, 1],
      [6, 0, 1, 1],
      [0xbad, 0, 2, -1],
      [2, 0, 3, 1],
      [0x77, 0, 0, -1],
      [0x0a0d0d0a, 1, 0, -1],
      [1, 1, 0, 2],
      [5, 1, 0, 2],
      [3, 1, 4, 2],
      [-1, 1, 0, -1],
    ]
    expect(seen).toEqual(expected.map((each, index) => [...each, offsets[index]]))
    expect(rest).toBe(2)
  })
})

const none = { offset: 0, frame: 1, section: 0, interfaceId: 0 }

test.each([
  ['a simple packet', 3, hex('03000000 0a0b0c00')],
  ['an unknown block', 0x77, hex('')],
  ['a packet whose length lies', 6, hex('00000000 00000000 00000000 ffffffff 03000000 0a0b0c00')],
])('%s has no room for a note', (_name, type, body) => {
  const block = { ...none, type, little: true, bytes: blocks(true).block(type, body) }
  expect(readOptions(block)).toBeUndefined()
  expect(replaceOptions(block, (options) => options)).toBeUndefined()
})

describe('replacing a file', () => {
  const b = blocks(true)
  const capture = concat(b.section(), b.interface(1, 0), b.packet(1n, DATA))
  const leftovers = (): string[] => readdirSync(path('')).filter((each) => each.endsWith('.tmp'))

  test('keeps its mode, and a symbolic link', async () => {
    write(capture)
    chmodSync(name, 0o640)
    symlinkSync(name, path('link'))
    await rewritePcapng(path('link'), added)
    expect(lstatSync(path('link')).isSymbolicLink()).toBe(true)
    expect(statSync(name).mode & 0o7777).toBe(0o640)
    expect((await readFile(name)).frames[0]?.comments).toEqual(['a note'])
    expect(leftovers()).toEqual([])
  })

  test('that fails in the middle leaves the old file, and nothing beside it', async () => {
    write(capture)
    const edit = (block: RawBlock): undefined => {
      if (block.frame === 1) throw new RangeError('no such note')
    }
    await expect(rewritePcapng(name, edit)).rejects.toThrow('no such note')
    expect(content()).toBe(Buffer.from(capture).toString('hex'))
    expect(leftovers()).toEqual([])
  })

  test('shows the old file until the new one is whole', async () => {
    write(capture)
    await replaceFile(name, (sink) => {
      sink.write(new Uint8Array(3_000_000))
      expect(readFileSync(name).equals(capture)).toBe(true)
      expect(leftovers().length).toBe(1)
    })
    expect(statSync(name).size).toBe(3_000_000)
  })

  test.each([
    ['a compressed one', gzipSync(capture), 'COMPRESSED', 'unpack it first: gzip -d'],
    ['a classic pcap', hex('d4c3b2a1 0200 0400'), 'NOT_PCAPNG', 'make one of a capture with: editcap'],
  ])('%s is refused', async (_name, bytes, code, message) => {
    write(bytes)
    await expect(rewritePcapng(name, added)).rejects.toMatchObject({
      name: 'FileError',
      code,
      message: expect.stringContaining(message),
    })
    expect(readFileSync(name).equals(bytes)).toBe(true)
    expect(leftovers()).toEqual([])
  })

  const descriptors = '/proc/self/fd'
  const countable = existsSync(descriptors)
  test.skipIf(!countable)(`leaves no file open${countable ? '' : ` (skipped: no ${descriptors})`}`, async () => {
    const before = readdirSync(descriptors).length
    for (const bytes of [capture, gzipSync(capture), hex('d4c3b2a1'), hex('')]) {
      write(bytes)
      await rewritePcapng(name, added).catch(() => {})
      await readFile(name).catch(() => {})
    }
    expect(readdirSync(descriptors).length).toBe(before)
  })

  test('of a missing file says so', async () => {
    await expect(rewritePcapng(path('nowhere'), added)).rejects.toMatchObject({ code: 'MISSING' })
  })
})
