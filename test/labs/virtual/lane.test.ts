/** What a direction of the wire does to frames, without a wire. */
import { describe, expect, test } from 'vitest'
import {
  type Impairment,
  parseChance,
  parseMilliseconds,
  parsePick,
  parseRate,
} from '../../../src/labs/virtual/impairment.js'
import { type Fate, Lane } from '../../../src/labs/virtual/lane.js'
import { SEGMENTS, segment } from './segments.js'

/** Sends frames through; resolved with what came out and what is said of each, when nothing is on its way any more. */
async function through(impairment: Partial<Impairment>, frames: readonly Buffer[], seed = 1) {
  const arrived: string[] = []
  const fates: Fate[] = []
  const lane = new Lane(
    seed,
    (frame) => arrived.push(frame.toString('latin1')),
    (fate) => fates.push(fate),
  )
  lane.change(impairment)
  const sent = frames.map((frame) => frame.toString('latin1'))
  for (const frame of frames) lane.take(Buffer.from(frame))
  while (fates.length < frames.length) await new Promise((resolve) => setTimeout(resolve, 5))
  return { arrived: arrived.map((frame) => sent.indexOf(frame)), fates }
}

const numbered = (count: number) => Array.from({ length: count }, (_, n) => segment({ sequence: n * 100, length: 100 }))

describe('a lane', () => {
  test('lets everything through in order when nothing is asked of it', async () => {
    const { arrived } = await through({}, numbered(20))
    expect(arrived).toEqual(Array.from({ length: 20 }, (_, n) => n))
  })

  test('loses as many as chance has it, and the same ones for the same seed', async () => {
    const frames = numbered(1000)
    const one = await through({ loss: 0.1 }, frames, 7)
    const two = await through({ loss: 0.1 }, frames, 7)
    const other = await through({ loss: 0.1 }, frames, 8)
    expect(one.arrived).toEqual(two.arrived)
    expect(one.arrived).not.toEqual(other.arrived)
    expect(one.arrived.length).toBeGreaterThan(860)
    expect(one.arrived.length).toBeLessThan(940)
    expect(one.fates.filter(({ did }) => did[0] === 'loss')).toHaveLength(1000 - one.arrived.length)
  })

  test('what is lost does not depend on what else is asked', async () => {
    const frames = numbered(300)
    const lost = async (more: Partial<Impairment>) =>
      (await through({ loss: 0.1, ...more }, frames)).fates.filter(({ did }) => did.includes('loss')).length
    expect(await lost({ duplicate: 0.5 })).toBe(await lost({}))
  })

  test('keeps the order of frames that are delayed more and less', async () => {
    const { arrived } = await through({ delay: 10, jitter: 10 }, numbered(50))
    expect(arrived).toEqual(Array.from({ length: 50 }, (_, n) => n))
  })

  test('lets frames overtake each other where that is asked', async () => {
    const { arrived } = await through({ delay: 10, jitter: 10, overtaking: true }, numbered(50))
    expect(arrived).not.toEqual(Array.from({ length: 50 }, (_, n) => n))
    expect([...arrived].sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, n) => n))
  })

  test('lets some pass all that wait', async () => {
    const { arrived, fates } = await through({ delay: 30, ahead: 0.2 }, numbered(50))
    const ahead = fates.filter(({ did }) => did.includes('ahead')).map(({ frame }) => frame - 1)
    expect(ahead.length).toBeGreaterThan(3)
    expect(arrived.slice(0, ahead.length)).toEqual(ahead.sort((a, b) => a - b))
  })

  test('loses in bursts, as many in all', async () => {
    const { arrived } = await through({ loss: 0.1, burst: 5 }, numbered(4000), 3)
    expect(arrived.length).toBeGreaterThan(3450)
    expect(arrived.length).toBeLessThan(3750)
    const bursts = arrived.filter((frame, index) => index > 0 && frame - (arrived[index - 1] ?? 0) > 1).length
    const mean = (4000 - arrived.length) / bursts
    expect(mean).toBeGreaterThan(4)
    expect(mean).toBeLessThan(6)
  })

  test('picks single frames, counted by kind', async () => {
    const frames = [...SEGMENTS.handshake, ...numbered(4)]
    const data = SEGMENTS.handshake.length
    expect((await through({ picks: [parsePick('drop the 3rd data segment')] }, frames)).arrived).not.toContain(data + 2)
    expect(
      (await through({ picks: [parsePick('duplicate 1st data')] }, frames)).arrived.filter((n) => n === data),
    ).toHaveLength(2)
    const held = await through({ picks: [parsePick('hold 2nd data')] }, frames)
    expect(held.arrived.slice(-4)).toEqual([data, data + 2, data + 1, data + 3])
    expect((await through({ picks: [parsePick('drop every data')] }, frames)).arrived).toHaveLength(data)
    expect((await through({ picks: [parsePick('drop first syn')] }, frames)).arrived).not.toContain(0)
  })

  test('a frame that is held goes on alone when no other comes', async () => {
    expect((await through({ picks: [parsePick('hold 1 data')] }, numbered(1))).arrived).toEqual([0])
  })

  test('corrupts one bit, behind the headers of Ethernet and IP', async () => {
    const [frame = Buffer.alloc(0)] = numbered(1)
    const spoilt: Buffer[] = []
    const lane = new Lane(
      1,
      (out) => spoilt.push(out),
      () => {},
    )
    lane.change({ corrupt: 1 })
    lane.take(Buffer.from(frame))
    const [after = Buffer.alloc(0)] = spoilt
    const flipped = [...frame].map((byte, at) => byte ^ (after[at] ?? 0))
    expect(flipped.reduce((bits, byte) => bits + byte.toString(2).replaceAll('0', '').length, 0)).toBe(1)
    expect(flipped.findIndex((byte) => byte !== 0)).toBeGreaterThanOrEqual(34)
  })

  test('a rate lets frames wait, and drops those that find the queue full', async () => {
    // slow, so that a busy machine's pauses between the frames do not empty the queue
    const { fates } = await through({ rate: 1e5, queue: 5 }, numbered(20))
    expect(fates.filter(({ did }) => did.includes('queue')).length).toBeGreaterThan(10)
    const arrivals = fates.flatMap((fate) => fate.arrived)
    // six frames of 154 bytes, one after the other at 100 kbit/s
    expect(Math.max(...arrivals) - Math.min(...arrivals)).toBeGreaterThan(50)
  })

  test('nothing passes when it is cut', async () => {
    const { arrived, fates } = await through({ cut: true }, numbered(3))
    expect(arrived).toEqual([])
    expect(fates.map(({ did }) => did)).toEqual([['cut'], ['cut'], ['cut']])
  })
})

describe('what is said on a command line', () => {
  test('chances, times, rates', () => {
    expect([parseChance('5%'), parseChance('0.05')]).toEqual([0.05, 0.05])
    expect([parseMilliseconds('20ms'), parseMilliseconds('1.5s'), parseMilliseconds('7')]).toEqual([20, 1500, 7])
    expect([parseRate('1mbit'), parseRate('64kbit'), parseRate('9600')]).toEqual([1e6, 64_000, 9600])
  })

  test.each([
    ['drop the 3rd data segment', { action: 'drop', kind: 'data', first: 3, last: 3 }],
    ['duplicate 2-4 ack', { action: 'duplicate', kind: 'ack', first: 2, last: 4 }],
    ['hold first syn-ack', { action: 'hold', kind: 'syn-ack', first: 1, last: 1 }],
    ['corrupt every frame', { action: 'corrupt', kind: 'frame', first: 1, last: Number.MAX_SAFE_INTEGER }],
  ])('%s', (text, pick) => {
    expect(parsePick(text)).toEqual(pick)
  })

  test.each(['drop', 'eat the 3rd data segment', 'drop 3rd banana', 'drop 0 data', 'drop 4-2 data', ''])(
    'not %j',
    (text) => {
      expect(() => parsePick(text)).toThrow('picks no frame')
    },
  )

  test.each(['150%', '-1', 'often'])('no chance: %s', (text) => {
    expect(() => parseChance(text)).toThrow('no chance')
  })
})
