import { writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { blocks, concat, hex, integer, readFile, temporaryDirectory } from './support.js'

const path = temporaryDirectory()
const b = blocks(true)

/** A classic pcap of `count` frames of 1 to 200 bytes that do not compress too well. */
function pcap(count: number): Uint8Array {
  const parts = [hex('d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000')]
  let state = 1
  for (let index = 0; index < count; index++) {
    const length = 1 + ((index * 37) % 200)
    const data = new Uint8Array(length)
    for (let at = 0; at < length; at++) {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      data[at] = 97 + ((state >>> 16) % 26)
    }
    parts.push(integer(index, 4, true), integer(0, 4, true), integer(length, 4, true), integer(length, 4, true), data)
  }
  return concat(...parts)
}

async function read(bytes: Uint8Array) {
  writeFileSync(path('capture.gz'), bytes)
  return readFile(path('capture.gz'))
}

describe('a gzip-compressed capture', () => {
  test('reads as the capture itself does, pcap and pcapng', async () => {
    for (const plain of [pcap(2000), concat(b.section(), b.interface(1, 0), b.packet(5n, hex('0102')))]) {
      const compressed = await read(gzipSync(plain))
      const original = await read(plain)
      expect(compressed.frames).toEqual(original.frames)
      expect(compressed.info.compressed).toBe(true)
      expect(compressed.info.damage).toBeUndefined()
      expect(original.info.compressed).toBe(false)
    }
  })

  test('of several members, cut anywhere in the records, reads as one', async () => {
    const plain = pcap(300)
    const third = Math.floor(plain.length / 3)
    const members = [plain.slice(0, 10), plain.slice(10, third), plain.slice(third)].map((part) => gzipSync(part))
    const { frames, info } = await read(concat(...members))
    expect(info.damage).toBeUndefined()
    expect(frames).toEqual((await read(plain)).frames)
  })

  test('may be padded with zeros, as tapes and block devices do', async () => {
    const { frames, info } = await read(concat(gzipSync(pcap(50)), new Uint8Array(100_000)))
    expect(info.damage).toBeUndefined()
    expect(frames.length).toBe(50)
  })

  test('whose record is cut inside says where in the decompressed data', async () => {
    const plain = pcap(3)
    const { frames, info } = await read(gzipSync(plain.slice(0, -1)))
    expect(frames.length).toBe(2)
    const begins = 24 + 2 * 16 + 1 + 38
    expect(info.damage).toEqual({
      offset: begins,
      message:
        `the file ends at byte ${plain.length - 1} of the decompressed data, ` +
        `in the middle of the record that begins at byte ${begins}`,
    })
  })

  test('that expands without end stays in bounded memory', async () => {
    // 256 MiB of zeros after a header: empty records of 16 bytes each
    const plain = concat(pcap(0), new Uint8Array(256 * 1024 * 1024))
    writeFileSync(path('bomb.gz'), gzipSync(plain, { level: 1 }))
    const before = process.memoryUsage.rss()
    const { openCapture } = await import('../../src/files/open.js')
    let count = 0
    let peak = 0
    for await (const batch of await openCapture(path('bomb.gz'))) {
      batch.forEach(() => {
        count++
      })
      peak = Math.max(peak, process.memoryUsage.rss() - before)
    }
    expect(count).toBe((256 * 1024 * 1024) / 16)
    expect(peak).toBeLessThan(200 * 1024 * 1024)
  })
})

describe('a damaged gzip', () => {
  const plain = pcap(400)
  const compressed = new Uint8Array(gzipSync(plain))

  /** How many whole records lie in the first `length` decompressed bytes. */
  function recordsIn(length: number): number {
    let count = 0
    let at = 24
    const view = new DataView(plain.buffer, plain.byteOffset)
    while (at + 16 <= length) {
      at += 16 + view.getUint32(at + 8, true)
      if (at > length) break
      count++
    }
    return count
  }

  test('that is cut gives everything before, at every length', async () => {
    const original = (await read(plain)).frames
    let last = 0
    for (let length = 200; length < compressed.length; length += 173) {
      const { frames, info } = await read(compressed.slice(0, length))
      expect(frames).toEqual(original.slice(0, frames.length))
      expect(frames.length).toBeGreaterThanOrEqual(last)
      last = frames.length
      expect(info.damage).toEqual({
        offset: length,
        message: `the gzip data stop at byte ${length} of the compressed file, before their end`,
      })
    }
    expect(last).toBeGreaterThan(390)
  })

  test('that was cut by its last byte has lost nothing', async () => {
    const { frames, info } = await read(compressed.slice(0, -1))
    expect(frames.length).toBe(400)
    expect(info.damage?.offset).toBe(compressed.length - 1)
  })

  test('whose checksum is wrong gives everything, then says so', async () => {
    const wrong = compressed.slice()
    wrong[wrong.length - 8] = (wrong.at(-8) ?? 0) ^ 0xff
    const { frames, info } = await read(wrong)
    expect(frames.length).toBe(400)
    expect(info.damage?.message).toBe(
      `the gzip data are corrupt at byte ${compressed.length - 5} of the compressed file`,
    )
  })

  test('followed by something else gives everything, then says so', async () => {
    const { frames, info } = await read(concat(compressed, new Uint8Array(Buffer.from('and a text'))))
    expect(frames.length).toBe(400)
    // two bytes are a gzip's magic: the second is the first that shows there is none
    expect(info.damage?.offset).toBe(compressed.length + 1)
  })

  test('that is corrupt in the middle gives every record before', async () => {
    // a stored block: the compressed bytes are the plain ones, so that it is known where the damage is
    const stored = gzipSync(plain, { level: 0 })
    const half = Math.floor(plain.length / 2)
    const chunk = (bytes: Uint8Array, last: number): Uint8Array =>
      concat(Uint8Array.of(last), integer(bytes.length, 2, true), integer(~bytes.length, 2, true), bytes)
    const bad = concat(
      stored.slice(0, 10),
      chunk(plain.slice(0, half), 0),
      hex('06 ffffffff'),
      chunk(plain.slice(half), 1),
    )
    const { frames, info } = await read(bad)
    expect(frames.length).toBe(recordsIn(half))
    expect(frames.length).toBeGreaterThan(100)
    expect(info.damage).toEqual({
      offset: 10 + 5 + half,
      message: `the gzip data are corrupt at byte ${10 + 5 + half} of the compressed file`,
    })
  })
})
