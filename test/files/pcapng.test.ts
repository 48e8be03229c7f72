import { describe, expect, test } from 'vitest'
import { NO_LINK_TYPE, NO_TIME } from '../../src/packet.js'
import { blocks, byteReader, concat, epoch, hex, type Result } from './support.js'

const read = byteReader()
const TIME = 1_700_000_000_123_456n
const DATA = hex('0a0b0c')

const both = [
  ['little-endian', true],
  ['big-endian', false],
] as const

describe.each(both)('a %s pcapng', (_order, little) => {
  const b = blocks(little)
  const eth = b.interface(1, 0)

  test('says all of its section, interfaces and packets', async () => {
    const { frames, info } = await read(
      concat(
        b.section(
          b.option(2, 'a laptop'),
          b.option(3, 'Linux 6.1'),
          b.option(4, 'dumpcap'),
          b.option(1, 'the lab of Monday'),
          b.option(1, 'second try ✓'),
          b.end,
        ),
        b.interface(
          1,
          65_535,
          ...[b.option(2, 'vmnet1'), b.option(3, 'host-only'), b.option(15, 'e1000'), b.option(12, 'Linux')],
          ...[b.option(11, '\0tcp port 80'), b.option(9, hex('09')), b.option(1, 'of the host'), b.end],
        ),
        b.interface(113, 96, b.option(2, 'any')),
        b.packet(
          TIME * 1000n + 789n,
          DATA,
          3,
          0,
          b.option(2, b.u32(0x1)),
          b.option(1, 'one'),
          b.option(1, 'two'),
          b.end,
        ),
        b.packet(TIME, DATA, 1500, 1, b.option(2, b.u32(0xfffe))),
        b.packet(TIME, new Uint8Array(0), 60, 1),
      ),
    )
    expect(info.format).toBe('pcapng')
    expect(info.damage).toBeUndefined()
    expect(info.sections).toEqual([
      {
        byteOrder: little ? 'little' : 'big',
        hardware: 'a laptop',
        os: 'Linux 6.1',
        application: 'dumpcap',
        comments: ['the lab of Monday', 'second try ✓'],
      },
    ])
    expect(info.interfaces).toEqual([
      {
        ...{ id: 0, section: 0, linkType: 1, snapLength: 65_535, timeDigits: 9 },
        ...{ name: 'vmnet1', description: 'host-only', hardware: 'e1000', os: 'Linux', filter: 'tcp port 80' },
        comments: ['of the host'],
      },
      { id: 1, section: 0, linkType: 113, snapLength: 96, timeDigits: 6, name: 'any', comments: [] },
    ])
    const second = 1_700_000_000
    const micro = { seconds: second, nanoseconds: 123_456_000, timeDigits: 6, linkType: 113, interfaceId: 1 }
    expect(frames).toEqual([
      {
        ...{ number: 1, seconds: second, nanoseconds: 123_456_789, timeDigits: 9, data: '0a0b0c', originalLength: 3 },
        ...{ linkType: 1, interfaceId: 0, direction: 1, comments: ['one', 'two'] },
      },
      { ...micro, number: 2, data: '0a0b0c', originalLength: 1500, direction: 2, comments: [] },
      { ...micro, number: 3, data: '', originalLength: 60, direction: 0, comments: [] },
    ])
  })

  test('an obsolete packet block is a packet, its drop count no part of the interface', async () => {
    const body = [b.u16(1), b.u16(9), b.timestamp(TIME), b.u32(3), b.u32(7), b.pad(DATA), b.option(1, 'old'), b.end]
    const { frames } = await read(concat(b.section(), eth, b.interface(101, 0), b.block(2, ...body)))
    expect(frames).toMatchObject([
      { data: '0a0b0c', originalLength: 7, linkType: 101, interfaceId: 1, nanoseconds: 123_456_000, comments: ['old'] },
    ])
  })

  test('a simple packet block has no time, and no more bytes than the snap length', async () => {
    const simple = (original: number, data: Uint8Array): Uint8Array => b.block(3, b.u32(original), b.pad(data))
    const { frames } = await read(
      concat(b.section(), b.interface(1, 4), simple(3, DATA), simple(9, hex('01020304')), simple(9, hex('0102030405'))),
    )
    const common = { seconds: 0, nanoseconds: 0, timeDigits: NO_TIME, interfaceId: 0 }
    expect(frames).toMatchObject([
      { ...common, data: '0a0b0c', originalLength: 3 },
      { ...common, data: '01020304', originalLength: 9 },
      { ...common, data: '01020304', originalLength: 9 },
    ])
  })

  test('interface statistics end up at their interface, the last ones', async () => {
    const count = (code: number, value: bigint): Uint8Array => b.option(code, b.u64(value))
    const statistics = (id: number, ...options: Uint8Array[]): Uint8Array =>
      b.block(5, b.u32(id), b.timestamp(TIME), ...options, b.end)
    const { info } = await read(
      concat(
        ...[b.section(), eth, eth, statistics(1, count(4, 1n))],
        statistics(1, count(4, 2n ** 53n + 1n), count(5, 3n), count(6, 4n), count(7, 5n), count(8, 6n)),
        statistics(7, count(4, 9n)),
      ),
    )
    expect(info.interfaces.map((each) => each.statistics)).toEqual([
      undefined,
      { received: 9_007_199_254_740_993n, droppedByInterface: 3n, accepted: 4n, droppedByOs: 5n, delivered: 6n },
    ])
    expect(info.damage).toBeUndefined()
  })

  test('names are kept by address', async () => {
    const record = (type: number, address: string, names: string): Uint8Array => {
      const value = concat(hex(address), new Uint8Array(Buffer.from(names)))
      return concat(b.u16(type), b.u16(value.length), b.pad(value))
    }
    const { info } = await read(
      concat(
        b.section(),
        b.block(
          4,
          record(1, 'c0000201', 'server\0server.lab\0'),
          record(2, '20010db8000000000000000000000001', 'six\0'),
          record(3, '', 'unknown kind'),
          record(1, 'c0000201', 'alias\0server\0'),
          record(0, '', ''),
          b.option(1, 'a comment'),
        ),
      ),
    )
    expect([...info.names]).toEqual([
      ['192.0.2.1', ['server', 'server.lab', 'alias']],
      ['2001:db8::1', ['six']],
    ])
  })

  test('unknown blocks and options are passed over', async () => {
    const { frames, info } = await read(
      concat(
        ...[b.section(b.option(0x123, 'what'), b.option(4, 'app')), b.block(0x77, DATA, hex('00')), eth],
        ...[b.block(10, b.u32(0x544c534b), b.u32(4), hex('31323334')), b.block(0x8000_0001)],
        b.packet(TIME, DATA, 3, 0, b.option(2988, 'PEN and text'), b.option(0x8123, ''), b.option(1, 'seen')),
      ),
    )
    expect(info.damage).toBeUndefined()
    expect(info.sections[0]?.application).toBe('app')
    expect(frames).toMatchObject([{ number: 1, data: '0a0b0c', comments: ['seen'] }])
  })

  test('custom and journal blocks are numbered as frames that hold no packet', async () => {
    const { frames } = await read(
      concat(
        ...[b.section(), b.block(0xbad, b.u32(32_473), hex('01020304')), eth, b.packet(TIME, DATA)],
        ...[b.block(0x4000_0bad, b.u32(32_473)), b.block(9, hex('4d3d3100')), b.packet(TIME, DATA)],
      ),
    )
    const none = { linkType: NO_LINK_TYPE, timeDigits: NO_TIME, interfaceId: -1 }
    expect(frames).toMatchObject([
      { ...none, number: 1, data: '01020304', originalLength: 4 },
      { number: 2, linkType: 1, interfaceId: 0, timeDigits: 6 },
      { ...none, number: 3, data: '' },
      { ...none, number: 4, data: '4d3d3100' },
      { number: 5, linkType: 1 },
    ])
  })

  test('sections may change the byte order, and each has its own interfaces', async () => {
    const other = blocks(!little)
    const { frames, info } = await read(
      concat(
        ...[b.section(), eth, b.interface(113, 0), b.packet(TIME, DATA, 3, 1)],
        ...[other.section(), other.interface(101, 0, other.option(2, 'tun0')), other.packet(TIME, DATA)],
        ...[b.section(), b.interface(228, 0), b.packet(TIME, DATA)],
      ),
    )
    expect(info.sections.map((section) => section.byteOrder)).toEqual(
      little ? ['little', 'big', 'little'] : ['big', 'little', 'big'],
    )
    expect(info.interfaces.map(({ id, section, linkType }) => [id, section, linkType])).toEqual([
      [0, 0, 1],
      [1, 0, 113],
      [2, 1, 101],
      [3, 2, 228],
    ])
    expect(frames.map(({ number, linkType, interfaceId }) => [number, linkType, interfaceId])).toEqual([
      [1, 113, 1],
      [2, 101, 2],
      [3, 228, 3],
    ])
  })

  test.each([
    ['seconds', '00', 1_700_000_000n, '1700000000.000000000', 0],
    ['milliseconds', '03', 1_700_000_000_999n, '1700000000.999000000', 3],
    ['nanoseconds', '09', 1_700_000_000_999_999_999n, '1700000000.999999999', 9],
    ['picoseconds', '0c', 1_700_000_999_999_999_999n, '1700000.999999999', 9],
    ['halves', '81', 3_400_000_001n, '1700000000.500000000', 1],
    ['256ths', '88', 435_200_000_050n, '1700000000.195312500', 8],
    ['2^-32', 'a0', (1_700_000_000n << 32n) + 0x8000_0001n, '1700000000.500000000', 9],
    ['2^-63, the upper half above 2^31', 'bf', 2n ** 64n - 1n, '1.999999999', 9],
  ])('times in %s are exact', async (_name, resolution, ticks, expected, digits) => {
    const { frames, info } = await read(
      concat(b.section(), b.interface(1, 0, b.option(9, hex(resolution))), b.packet(ticks, DATA)),
    )
    expect(frames.map(epoch)).toEqual([expected])
    expect(info.interfaces[0]?.timeDigits).toBe(digits)
    expect(frames[0]?.timeDigits).toBe(digits)
  })

  test.each([
    [1, '1700000001.123456000'],
    [-1, '1699999999.123456000'],
    [2 ** 33, '10289934592.123456000'],
  ])('an offset of %d s is added', async (offset, expected) => {
    const { frames } = await read(
      concat(b.section(), b.interface(1, 0, b.option(14, b.u64(offset))), b.packet(TIME, DATA)),
    )
    expect(frames.map(epoch)).toEqual([expected])
  })

  test('cut at every byte, gives the whole packets first, then says where', async () => {
    const parts = [
      ...[b.section(b.option(4, 'app'), b.end), b.interface(1, 0), b.packet(TIME, DATA, 3, 0, b.option(1, 'c'), b.end)],
      ...[b.block(0x99, DATA, hex('00')), b.block(3, b.u32(3), b.pad(DATA)), b.packet(TIME, DATA)],
    ]
    const whole = concat(...parts)
    const starts = parts.map((_part, index) => concat(...parts.slice(0, index)).length)
    const header = starts[1] ?? 0
    for (let length = 4; length < whole.length; length++) {
      const cut = whole.slice(0, length)
      if (length < header) {
        await expect(read(cut), `${length} bytes`).rejects.toMatchObject({ code: 'CUT_SHORT', exitStatus: 2 })
        continue
      }
      const { frames, info } = await read(cut)
      const ends = (index: number): number => starts[index + 1] ?? whole.length
      expect(frames.length, `${length} bytes`).toBe([2, 4, 5].filter((index) => ends(index) <= length).length)
      const begins = starts.findLast((start) => start <= length)
      expect(info.damage, `${length} bytes`).toEqual(
        begins === length
          ? undefined
          : {
              offset: begins,
              message: `the file ends at byte ${length}, in the middle of the block that begins at byte ${begins}`,
            },
      )
    }
  })

  describe('damage in the middle keeps what came before it', () => {
    const start = concat(b.section(), b.interface(1, 20), b.packet(TIME, DATA))
    const packet = (captured: number, data: Uint8Array): Uint8Array =>
      b.block(6, b.u32(0), b.timestamp(TIME), b.u32(captured), b.u32(captured), b.pad(data))

    test.each([
      ['a block length below the least', concat(b.u32(0x99), b.u32(8), b.u32(8)), 'a block length of 8 bytes'],
      [
        'a block length that would take all memory',
        concat(b.u32(6), b.u32(0xffff_fffc), b.u32(0)),
        'a block length of 4294967292 bytes',
      ],
      [
        'two block lengths',
        concat(b.u32(0x99), b.u32(12), b.u32(16)),
        'a block length of 12 bytes before it and one of 16 after it',
      ],
      ['more captured than the block holds', packet(5, DATA), 'a captured length of 5 bytes, where 4 are the most'],
      [
        'a captured length that would take all memory',
        packet(0xffff_ffff, DATA),
        'a captured length of 4294967295 bytes, where 4 are the most',
      ],
      [
        'more captured than any tool keeps',
        packet(300_000, new Uint8Array(300_000)),
        'a captured length of 300000 bytes, where 262144 are the most',
      ],
      [
        'a packet of an unknown interface',
        b.packet(TIME, DATA, 3, 1),
        'a packet from interface 1, where the section has described 1',
      ],
      [
        'a simple packet that is too long',
        b.block(3, b.u32(9), DATA, hex('00')),
        'a packet of 9 bytes, where 4 are the most',
      ],
      [
        'a simple packet in a section without an interface',
        concat(b.section(), b.block(3, b.u32(3), b.pad(DATA))),
        'a packet from interface 0, where the section has described 0',
      ],
      ['a packet block without its fields', b.block(6, DATA, hex('00')), 'a packet block that is too short'],
      ['an interface without its fields', b.block(1, b.u16(1), b.u16(0)), 'an interface description that is too short'],
      [
        'a section of another version',
        b.block(0x0a0d0d0a, b.u32(0x1a2b3c4d), b.u16(2), b.u16(0), b.u64(-1)),
        'pcapng version 2.0, where only 1.0 is known',
      ],
      [
        'a section without a byte order',
        b.block(0x0a0d0d0a, b.u32(0), b.u16(1), b.u16(0), b.u64(-1)),
        'no byte order in its section header',
      ],
    ])('%s', async (_name, bad, message) => {
      const { frames, info } = await read(concat(start, bad, b.packet(TIME, DATA)))
      expect(frames.length).toBe(1)
      const offset = start.length + (message.includes('described 0') ? b.section().length : 0)
      expect(info.damage).toEqual({ offset, message: `the block at byte ${offset} cannot be read: it has ${message}` })
    })
  })

  test('an option that runs past its block is let go, and its packet given', async () => {
    const { frames, info } = await read(
      concat(b.section(), eth, b.packet(TIME, DATA, 3, 0, b.option(1, 'kept'), b.u16(1), b.u16(500), hex('61626364'))),
    )
    expect(info.damage).toBeUndefined()
    expect(frames).toMatchObject([{ data: '0a0b0c', comments: ['kept'] }])
  })

  test('version 1.2 is 1.0 by another name', async () => {
    const section = b.block(0x0a0d0d0a, b.u32(0x1a2b3c4d), b.u16(1), b.u16(2), b.u64(-1))
    const { frames, info } = await read(concat(section, eth, b.packet(TIME, DATA)))
    expect(info.damage).toBeUndefined()
    expect(frames.length).toBe(1)
  })

  test('a block length that forgot the padding is understood', async () => {
    const unpadded = concat(b.u32(0x99), b.u32(15), DATA, hex('00'), b.u32(15))
    const { frames, info } = await read(concat(b.section(), eth, unpadded, b.packet(TIME, DATA)))
    expect(info.damage).toBeUndefined()
    expect(frames.length).toBe(1)
  })
})

describe('what a hostile file makes us keep is bounded', () => {
  const b = blocks(true)
  const repeat = (part: Uint8Array, times: number): Uint8Array[] => Array.from({ length: times }, () => part)
  const texts = ({ info }: Result): number =>
    info.sections.flatMap((section) => [...section.comments, section.application ?? '']).join('').length

  test.each([
    ['interfaces', b.interface(1, 0), 'more than 65536 interfaces'],
    ['sections', b.section(), 'more than 65536 sections'],
  ])('%s', async (_name, part, message) => {
    const { info } = await read(concat(b.section(), ...repeat(part, 70_000)))
    expect(info.damage?.message).toContain(message)
    expect(Math.max(info.interfaces.length, info.sections.length)).toBe(65_536)
  })

  test('text of sections', async () => {
    const long = 'x'.repeat(60_000)
    const result = await read(concat(...repeat(b.section(b.option(1, long), b.option(4, long)), 300)))
    expect(result.info.damage).toBeUndefined()
    expect(texts(result)).toBeGreaterThan(16_000_000)
    expect(texts(result)).toBeLessThan(17_000_000)
  })
})
