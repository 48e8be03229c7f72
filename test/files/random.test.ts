/**
 * Capture files composed at random: what the reader makes of them against what the composer meant, and against tshark. SEEDS=500
 * composes that many more than CI does.
 */
import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { copyAsPcapng } from '../../src/files/copy.js'
import { openCapture } from '../../src/files/open.js'
import { PcapWriter } from '../../src/files/pcap-writer.js'
import { openSink } from '../../src/files/sink.js'
import { Random } from '../support/random.js'
import { hasTshark, tsharkFields } from '../support/tshark.js'
import type { Meant } from './random/meant.js'
import { composePcap } from './random/pcap.js'
import { composePcapng } from './random/pcapng.js'
import { concat, epoch, type Frame, readFile, temporaryDirectory } from './support.js'

const WHY = hasTshark ? '' : ' (skipped: tshark 4.0 is not installed)'
const { SEEDS = '0' } = process.env
const seeds = Array.from({ length: 40 + Number(SEEDS) }, (_, index) => index + 1)
const path = temporaryDirectory()

function save(name: string, bytes: Uint8Array): string {
  writeFileSync(path(name), bytes)
  return path(name)
}

/** What a frame says, as the composer puts it. */
function said(frame: Frame): Omit<Meant, 'end'> {
  const { seconds, nanoseconds, timeDigits, originalLength, data, interfaceId, linkType, direction, comments } = frame
  const time = timeDigits < 0 ? undefined : BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
  return { time, length: originalLength, data, interfaceId, linkType, direction, comments }
}

const meant = ({ end: _end, ...frame }: Meant): Omit<Meant, 'end'> => frame

/** A file that ends anywhere has the frames that end before. */
async function expectCuts(random: Random, bytes: Uint8Array, frames: readonly Meant[], header: number): Promise<void> {
  for (let cut = 0; cut < 10; cut++) {
    const length = header + random.below(bytes.length - header + 1)
    const read = await readFile(save('cut', bytes.subarray(0, length)))
    expect(read.frames.map(said), `${length} bytes`).toEqual(frames.filter(({ end }) => end <= length).map(meant))
  }
}

test.each(seeds)('a pcapng of seed %d reads as it was meant', async (seed) => {
  const random = new Random(seed)
  const { bytes, frames, sections, interfaces } = composePcapng(random)
  const read = await readFile(save('whole', bytes))
  expect(read.info.damage).toBeUndefined()
  expect(read.frames.map(said)).toEqual(frames.map(meant))
  expect(read.frames.map(({ number }) => number)).toEqual(frames.map((_frame, index) => index + 1))
  expect(
    read.info.sections.map(({ byteOrder, application, comments }) => ({ byteOrder, application, comments })),
  ).toEqual(sections)
  expect(read.info.interfaces.map(({ statistics, ...rest }) => ({ ...rest, received: statistics?.received }))).toEqual(
    interfaces.map(({ linkType, snapLength, name, comments, received }) =>
      expect.objectContaining({
        ...{ linkType, snapLength, comments, received },
        ...(name === undefined ? {} : { name }),
      }),
    ),
  )
  const firstSection = new DataView(bytes.buffer).getUint32(4, sections[0]?.byteOrder === 'little')
  await expectCuts(random, bytes, frames, firstSection)
})

test.each(seeds)('a pcap of seed %d reads as it was meant', async (seed) => {
  const random = new Random(seed)
  const { bytes, frames } = composePcap(random)
  const read = await readFile(save('whole', bytes))
  expect(read.info.damage).toBeUndefined()
  expect(read.frames.map(said)).toEqual(frames.map(meant))
  await expectCuts(random, bytes, frames, 24)
})

const FIELDS = ['frame.number', 'frame.time_epoch', 'frame.len', 'frame.cap_len', 'frame.comment'] as const

async function theirs(file: string): Promise<string[]> {
  const rows = await tsharkFields(file, FIELDS)
  return rows.map((row) => FIELDS.map((_field, index) => row[index] ?? '').join(' | '))
}

function ours(frame: Frame): string {
  return [frame.number, epoch(frame), frame.originalLength, frame.data.length / 2, frame.comments.join(',')].join(' | ')
}

/** As sections may follow one another, all of them are one file: one run of tshark. */
const together = (): Uint8Array => concat(...seeds.map((seed) => composePcapng(new Random(seed)).bytes))

test.skipIf(!hasTshark)(`tshark reads the same of every pcapng${WHY}`, async () => {
  const file = save('all', together())
  const { frames } = await readFile(file)
  expect(frames.map(ours)).toEqual(await theirs(file))
})

test.skipIf(!hasTshark)(`tshark reads the same of our copy of them, but for what is no packet${WHY}`, async () => {
  await copyAsPcapng(save('all', together()), path('copy'))
  const { frames } = await readFile(path('all'))
  const packets = frames.filter(({ linkType }) => linkType >= 0)
  const expected = packets.map((frame, index) =>
    ours({ ...frame, number: index + 1, timeDigits: Math.max(0, frame.timeDigits) }),
  )
  expect(await theirs(path('copy'))).toEqual(expected)
})

/** A classic file's packets, written anew with nanoseconds. */
async function copyAsPcap(from: string, to: string): Promise<void> {
  const source = await openCapture(from)
  const [{ linkType, snapLength } = { linkType: 1, snapLength: 0 }] = source.info.interfaces
  const writer = new PcapWriter(openSink(to), { linkType, snapLength, nanoseconds: true })
  for await (const batch of source) {
    batch.forEach((packet) => {
      writer.write(packet)
    })
  }
  await writer.close()
}

test.skipIf(!hasTshark)(
  `tshark reads the same of pcap files, and of our copies of them${WHY}`,
  async () => {
    for (const seed of seeds.slice(0, 5)) {
      const file = save('classic', composePcap(new Random(seed)).bytes)
      const expected = (await readFile(file)).frames.map(ours)
      expect(await theirs(file), `seed ${seed}`).toEqual(expected)
      await copyAsPcap(file, path('copied'))
      expect(await theirs(path('copied')), `copy of seed ${seed}`).toEqual(expected)
    }
  },
  240_000,
)
