/** Many sessions' timelines, let go as they are whole, in as many passes as memory asks for: the same as of each alone. */
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openCapture } from '../../src/files/open.js'
import type { SessionSummary } from '../../src/sessions/summary.js'
import type { FrameSource } from '../../src/source.js'
import { survey } from '../../src/survey.js'
import type { Timeline } from '../../src/timeline/model.js'
import { type EachTimelineOptions, eachTimeline, type Reread, timelines } from '../../src/timelines.js'
import { readFrames } from '../oracle/transformed/frames.js'
import { batchOf } from '../support/conversation.js'

const FOLDER = new URL('../../captures/', import.meta.url)
const captures = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.pcapng'))
  .map((name) => new URL(name, FOLDER).pathname)

async function surveyed(file: string, analyse: boolean | ((stream: number) => boolean) = true) {
  const summaries: SessionSummary[] = []
  const first = await survey(await openCapture(file), (summary) => summaries.push(summary), { analyse })
  return { first, summaries: summaries.toSorted((a, b) => a.firstFrame - b.firstFrame) }
}

/** `most`: so many passes, and the last of them is cut short. */
async function taken(file: string, options: EachTimelineOptions, most = Number.POSITIVE_INFINITY) {
  const { first, summaries } = await surveyed(file)
  const built: Timeline[] = []
  let passes = 0
  const capture: Reread = {
    again: () => {
      passes++
      return openCapture(file)
    },
    get isEnded() {
      return passes >= most
    },
  }
  await eachTimeline(capture, first, summaries, (timeline) => built.push(timeline), options)
  return { passes, built }
}

test.each(captures)('%s', async (file) => {
  const { first, summaries } = await surveyed(file)
  const alone: Timeline[] = []
  for (const summary of summaries) alone.push(...(await timelines(await openCapture(file), first, [summary])))
  expect(await timelines(await openCapture(file), first, summaries)).toEqual(alone)
  for (const packetsAtOnce of [1, 30, 1_000_000]) {
    expect((await taken(file, { inOrder: true, packetsAtOnce })).built).toEqual(alone)
    const asEnded = (await taken(file, { packetsAtOnce })).built
    expect(asEnded.toSorted((a, b) => a.summary.firstFrame - b.summary.firstFrame)).toEqual(alone)
  }
})

test('a session of which each packet was captured twice has its timeline, too', async () => {
  const file = new URL('echo.pcapng', FOLDER).pathname
  const frames = await readFrames(file)
  const start = frames[0]?.time ?? 0n
  const twice = frames.flatMap(({ time, bytes }) =>
    [0, 2000].map((later) => ({ time: Number(time - start) + later, bytes })),
  )
  const { info } = await openCapture(file)
  const open = (): FrameSource => ({
    info,
    position: 0,
    close: () => Promise.resolve(),
    async *[Symbol.asyncIterator]() {
      yield batchOf(twice)
    },
  })
  const summaries: SessionSummary[] = []
  const first = await survey(open(), (summary) => summaries.push(summary))
  const [summary] = summaries.filter(({ protocol }) => protocol === 'tcp')
  if (summary === undefined) throw new Error('no session')
  const [timeline] = await timelines(open(), first, [summary])
  expect(timeline?.summary).not.toEqual(summary)
  expect(timeline?.events.filter(({ kind }) => kind === 'packet')).toHaveLength(summary.packets / 2)
})

test('a session is told the same where the others are not analysed', async () => {
  const { first, summaries } = await surveyed(THREE)
  for (const wanted of summaries) {
    const alone = await surveyed(THREE, (stream) => stream === wanted.session)
    const same = alone.summaries.filter(({ session }) => session === wanted.session)
    expect(same).toEqual([wanted])
    expect(alone.summaries.filter((summary) => summary.protocol === 'tcp' && summary.truth !== undefined)).toHaveLength(
      1,
    )
    const [timeline] = await timelines(await openCapture(THREE), alone.first, same)
    expect(timeline).toEqual((await timelines(await openCapture(THREE), first, [wanted]))[0])
  }
})

const THREE = new URL('three-clients.pcapng', FOLDER).pathname

test('those that are open at once are divided among passes only where they do not fit', async () => {
  expect((await taken(THREE, { packetsAtOnce: 1 })).passes).toBe(3)
  expect((await taken(THREE, {})).passes).toBe(1)
})

test('a pass that was cut short gives what it came to, and is the last', async () => {
  const { passes, built } = await taken(THREE, { packetsAtOnce: 1 }, 1)
  expect({ passes, built: built.length }).toEqual({ passes: 1, built: 1 })
})
