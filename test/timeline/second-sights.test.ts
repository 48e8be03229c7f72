/** A capture that has each packet twice, as on a bridge or behind a mirror, tells what one that has each once does. */
import { describe, expect, test } from 'vitest'
import { diagnose } from '../../src/explain/problems/diagnose.js'
import type { Timeline } from '../../src/timeline/model.js'
import { readFrames } from '../oracle/transformed/frames.js'
import type { Frame } from '../support/conversation.js'
import { timelinesOf } from '../support/timelines.js'

/** ns after which a packet is seen again */
const LATER = 2000

async function framesOf(name: string): Promise<Frame[]> {
  const frames = await readFrames(`captures/${name}.pcapng`)
  const start = frames[0]?.time ?? 0n
  return frames.map(({ time, bytes }) => ({ time: Number(time - start), bytes }))
}

const doubled = (frames: readonly Frame[]): Frame[] =>
  frames.flatMap((frame) => [frame, { ...frame, time: frame.time + LATER }])

/** Two packets come in, and then both go out. */
const doubledByTwo = (frames: readonly Frame[]): Frame[] => {
  const all: Frame[] = []
  for (let at = 0; at < frames.length; at++) {
    const [frame, next] = frames.slice(at, at + 2)
    if (frame === undefined) break
    const isTrain = next !== undefined && next.time - frame.time < LATER
    const train = isTrain ? [frame, next] : [frame]
    const again = train.map((one) => ({ ...one, time: (train.at(-1)?.time ?? 0) + LATER }))
    all.push(...train, ...again)
    if (isTrain) at++
  }
  return all
}

/** What a timeline tells, without frame numbers and times. */
function told(timeline: Timeline) {
  const packets = timeline.events.filter((event) => event.kind === 'packet')
  const { summary } = timeline
  if (summary.protocol !== 'tcp') throw new Error('no TCP')
  const found = diagnose(timeline, { untilEnd: 0, accepted: 0 })?.problems.map(({ name }) => name) ?? []
  return {
    packets: packets.map(({ from, length, tcp, states, truth }) => ({
      from,
      length,
      tcp,
      states,
      verdict: truth?.verdict,
    })),
    acknowledges: packets.map(({ acknowledges }) => acknowledges.length),
    segments: [summary.data.client.segments, summary.data.server.segments],
    bytes: [summary.data.client.bytes, summary.data.server.bytes],
    transmissions: [summary.handshake.syn?.transmissions, summary.handshake.synAck?.transmissions],
    problems: found.sort(),
  }
}

describe.each(['echo', 'lost-segment', 'lost-syn', 'half-close', 'reset-on-close', 'nagle', 'slow-reader'])(
  '%s',
  (name) => {
    test.each([
      ['each right behind the first', doubled],
      ['two by two', doubledByTwo],
    ])('%s', async (_, twice) => {
      const frames = await framesOf(name)
      const once = timelinesOf(frames).filter(({ summary }) => summary.protocol === 'tcp')
      const again = timelinesOf(twice(frames)).filter(({ summary }) => summary.protocol === 'tcp')
      expect(again.map(told)).toEqual(once.map(told))
    })
  },
)

test('datagrams that are seen in two places were sent once; in one place they may have come twice', async () => {
  const frames = await framesOf('datagram')
  const routed = frames.flatMap((frame) => [frame, { bytes: aHopFurther(frame.bytes), time: frame.time + LATER }])
  const [timeline] = timelinesOf(routed)
  const packets = timeline?.events.filter((event) => event.kind === 'packet') ?? []
  expect(packets.map(({ frame, seenAgain }) => [frame, seenAgain])).toEqual([
    [1, [2]],
    [3, [4]],
  ])
  expect(timeline?.summary).toMatchObject({
    data: { client: { packets: 1, seenAgain: 1 }, server: { packets: 1, seenAgain: 1 } },
    requests: { answered: 1, unasked: 0 },
  })
  expect(timelinesOf(doubled(frames))[0]?.events.filter((event) => event.kind === 'packet')).toHaveLength(4)
})

/** A router has taken one from the time to live, and set the checksum right (RFC 1624). */
function aHopFurther(bytes: Uint8Array): Uint8Array {
  const next = bytes.slice()
  const view = new DataView(next.buffer)
  view.setUint8(22, view.getUint8(22) - 1)
  view.setUint16(24, view.getUint16(24) + 0x100)
  return next
}

test('the first sight names the frames in which it is seen again, and keeps what is noted there', async () => {
  const [timeline] = timelinesOf(doubled(await framesOf('echo'))).filter(({ summary }) => summary.protocol === 'tcp')
  const packets = timeline?.events.filter((event) => event.kind === 'packet') ?? []
  expect(packets.length).toBeGreaterThan(8)
  for (const { frame, seenAgain } of packets) expect(seenAgain).toEqual([frame + 1])
})
