import { describe, expect, test } from 'vitest'
import { byteReader, concat, hex, integer } from './support.js'

const read = byteReader()

/** A file of two frames, the second of which the snap length cut, in either byte order and of any kind. */
function file(little: boolean, magic: number, linkType: number, fractions: readonly [number, number], recordTail = 0) {
  const u16 = (value: number): Uint8Array => integer(value, 2, little)
  const u32 = (value: number): Uint8Array => integer(value, 4, little)
  const tail = new Uint8Array(recordTail).fill(0xee)
  return concat(
    ...[u32(magic), u16(2), u16(4), u32(0), u32(0), u32(4), u32(linkType)],
    ...[u32(1_700_000_000), u32(fractions[0]), u32(3), u32(3), tail, hex('0a0b0c')],
    ...[u32(0xffff_fffe), u32(fractions[1]), u32(4), u32(1500), tail, hex('01020304')],
  )
}

const both = [
  ['little-endian', true],
  ['big-endian', false],
] as const

const kinds = [
  {
    name: 'microseconds',
    magic: 0xa1b2c3d4,
    fractions: [7, 999_999],
    nanoseconds: [7000, 999_999_000],
    digits: 6,
    tail: 0,
  },
  {
    name: 'nanoseconds',
    magic: 0xa1b23c4d,
    fractions: [7, 999_999_999],
    nanoseconds: [7, 999_999_999],
    digits: 9,
    tail: 0,
  },
  {
    name: 'modified',
    magic: 0xa1b2cd34,
    fractions: [7, 999_999],
    nanoseconds: [7000, 999_999_000],
    digits: 6,
    tail: 8,
  },
] as const

describe.each(both)('a %s classic pcap', (_order, little) => {
  test.each(kinds)('of the kind $name', async ({ magic, fractions, nanoseconds, digits, tail }) => {
    const { frames, info } = await read(file(little, magic, 113, fractions, tail))
    expect(info.format).toBe('pcap')
    expect(info.damage).toBeUndefined()
    expect(info.sections).toEqual([{ byteOrder: little ? 'little' : 'big', comments: [] }])
    expect(info.interfaces).toEqual([
      { id: 0, section: 0, linkType: 113, snapLength: 4, timeDigits: digits, comments: [] },
    ])
    const common = { timeDigits: digits, linkType: 113, interfaceId: 0, direction: 0, comments: [] }
    expect(frames).toEqual([
      { ...common, number: 1, seconds: 1_700_000_000, nanoseconds: nanoseconds[0], data: '0a0b0c', originalLength: 3 },
      {
        ...common,
        number: 2,
        seconds: 0xffff_fffe,
        nanoseconds: nanoseconds[1],
        data: '01020304',
        originalLength: 1500,
      },
    ])
  })

  test.each(kinds)('of the kind $name, cut at every byte, gives the whole records first', async (kind) => {
    const whole = file(little, kind.magic, 1, kind.fractions, kind.tail)
    const second = 24 + 16 + kind.tail + 3
    for (let length = 1; length < whole.length; length++) {
      const cut = whole.slice(0, length)
      if (length < 24) {
        const code = length < 4 ? 'NOT_A_CAPTURE' : 'CUT_SHORT'
        await expect(read(cut), `${length} bytes`).rejects.toMatchObject({ code, exitStatus: 2 })
        continue
      }
      const { frames, info } = await read(cut)
      const begins = length < second ? 24 : second
      expect(frames.length, `${length} bytes`).toBe(length < second ? 0 : 1)
      expect(info.damage, `${length} bytes`).toEqual(
        length === begins
          ? undefined
          : {
              offset: begins,
              message: `the file ends at byte ${length}, in the middle of the record that begins at byte ${begins}`,
            },
      )
    }
  })
})

test('the link type is what is left without the bits that tell the frame check sequence', async () => {
  const { info, frames } = await read(file(true, 0xa1b2c3d4, 0x5400_0001, [0, 0]))
  expect(info.interfaces[0]?.linkType).toBe(1)
  expect(frames[0]?.linkType).toBe(1)
})

test.each([
  ['3.0', '0300 0000'],
  ['1.2', '0100 0200'],
])('version %s is refused', async (version, bytes) => {
  const header = concat(hex(`d4c3b2a1 ${bytes}`), new Uint8Array(16))
  await expect(read(header)).rejects.toMatchObject({
    code: 'UNSUPPORTED_VERSION',
    message: expect.stringContaining(`pcap version ${version} is not supported`),
  })
})

describe('a captured length that cannot be', () => {
  const header = (snapLength: number): Uint8Array =>
    concat(hex('d4c3b2a1 0200 0400 00000000 00000000'), integer(snapLength, 4, true), hex('01000000'))
  const record = (length: number, data = 0): Uint8Array =>
    concat(hex('00000000 00000000'), integer(length, 4, true), integer(length, 4, true), new Uint8Array(data))

  test.each([
    ['beyond what any tool writes', 65_535, 262_145, 262_144],
    ['that would take all memory', 65_535, 0xffff_ffff, 262_144],
    ['that the snap length pretends to allow', 0xffff_ffff, 0xffff_ffff, 16_777_216],
  ])('%s is damage at its record, after the records before', async (_name, snapLength, length, most) => {
    const { frames, info } = await read(concat(header(snapLength), record(2, 2), record(length, 100), record(2, 2)))
    expect(frames.length).toBe(1)
    expect(info.damage).toEqual({
      offset: 42,
      message: `the record at byte 42 cannot be read: it has a captured length of ${length} bytes, where ${most} are the most`,
    })
  })

  test('is none up to a snap length beyond it, although the buffer must grow', async () => {
    const { frames, info } = await read(concat(header(10_000_000), record(9_999_999, 9_999_999), record(1, 1)))
    expect(info.damage).toBeUndefined()
    expect(frames.map((frame) => frame.data.length / 2)).toEqual([9_999_999, 1])
  })
})

test('a fraction of a second or more is kept as Wireshark keeps it', async () => {
  const { frames } = await read(file(true, 0xa1b2c3d4, 1, [5_000_000, 0x8000_0000]))
  expect(frames.map((frame) => frame.nanoseconds)).toEqual([705_032_704, 0])
})

test('records that lie across the ends of the buffer are whole', async () => {
  // 13 MiB of records of changing length, through a buffer of 4 MiB
  const parts = [hex('d4c3b2a1 0200 0400 00000000 00000000 00000400 01000000')]
  const lengths = Array.from({ length: 9000 }, (_, index) => (index * 7919) % 3001)
  for (const [index, length] of lengths.entries()) {
    parts.push(integer(index, 4, true), integer(0, 4, true), integer(length, 4, true), integer(length, 4, true))
    parts.push(new Uint8Array(length).fill(index & 0xff))
  }
  const { frames, info } = await read(concat(...parts))
  expect(info.damage).toBeUndefined()
  expect(frames.length).toBe(lengths.length)
  for (const [index, frame] of frames.entries()) {
    const fill = (index & 0xff).toString(16).padStart(2, '0')
    expect(frame.data === fill.repeat(lengths[index] ?? -1), `frame ${index + 1}`).toBe(true)
    expect(frame.seconds).toBe(index)
  }
})
