/** What the packets of a timeline are marked with. */
import { expect, test } from 'vitest'
import type { Timeline } from '../../src/timeline/model.js'
import { readFrames } from '../oracle/transformed/frames.js'
import { Conversation } from '../support/conversation.js'
import { Datagrams } from '../support/datagrams.js'
import { timelineOf, timelinesOf } from '../support/timelines.js'

/** Frame and evidence of each packet that is marked for its checksum. */
function badChecksums({ events }: Timeline): (readonly [number, string])[] {
  return events.flatMap((event) => {
    const finding = event.kind === 'packet' ? event.findings.find(({ name }) => name === 'bad_checksum') : undefined
    return event.kind === 'packet' && finding !== undefined ? [[event.frame, finding.evidence ?? ''] as const] : []
  })
}

const bad = { badChecksum: true }

test('where no checksum of an end fits, and it is answered, its first packet says so for all of them', () => {
  const talk = new Conversation().client('S', bad).server('SA', bad).client('A', bad)
  for (let turn = 0; turn < 5; turn++) talk.client('PA', { text: 'hello', ...bad }).server('PA', { text: 'hello' })
  const [syn] = timelineOf(talk).events
  expect(syn).toMatchObject({ received: true })
  expect(badChecksums(timelineOf(talk))).toEqual([
    [1, expect.stringContaining('as in all packets of this end')],
    [2, expect.stringContaining('but #3 acknowledges')],
  ])
})

test('where the capture begins in the middle and no checksum fits, all have arrived', () => {
  const talk = new Conversation()
  for (let turn = 0; turn < 3; turn++)
    talk.client('PA', { text: 'hello', ...bad }).server('PA', { text: 'hello', ...bad })
  talk.client('FA', bad).server('FA', bad).client('A', bad)
  const timeline = timelineOf(talk)
  expect(badChecksums(timeline)).toEqual([
    [1, expect.stringContaining('as in all packets of this end')],
    [2, expect.stringContaining('as in all packets of this end')],
  ])
  expect(timeline.events.every((event) => event.kind !== 'packet' || event.received)).toBe(true)
  expect(timeline.summary).toMatchObject({ data: { client: { uniqueBytes: 15 } }, teardown: { ending: 'orderly' } })
})

test('where the capture begins in the middle and the second checksum fits, the first packet was damaged', () => {
  const talk = new Conversation().client('PA', { text: 'one', ...bad }).client('PA', { text: 'two' })
  const timeline = timelineOf(talk)
  expect(badChecksums(timeline)).toEqual([[1, expect.stringContaining('the receiver drops it')]])
  expect(timeline.events[0]).toMatchObject({ received: false })
})

test('the same where it was acknowledged, and came only there: it had arrived', () => {
  const talk = new Conversation()
    .client('PA', { text: 'one', ...bad })
    .server('A')
    .client('PA', { text: 'two' })
  const timeline = timelineOf(talk)
  expect(badChecksums(timeline)).toEqual([[1, expect.stringContaining('but #2 acknowledges')]])
  expect(timeline.events[0]).toMatchObject({ received: true })
})

test.each(['PA', 'RA'])('a single packet in the middle whose checksum does not fit was damaged (%s)', (flags) => {
  const talk = new Conversation().client(flags, { text: 'one', ...bad })
  expect(badChecksums(timelineOf(talk))).toEqual([[1, expect.stringContaining('the receiver drops it')]])
})

test('each packet that was damaged on the way is marked', () => {
  const talk = new Conversation()
    .handshake()
    .client('PA', { text: 'one', ...bad })
    .client('PA', { text: 'two', ...bad })
  expect(badChecksums(timelineOf(talk))).toEqual([
    [4, expect.stringContaining('the receiver drops it')],
    [5, expect.stringContaining('the receiver drops it')],
  ])
})

test('a datagram whose checksum does not fit, and that is answered, has arrived', () => {
  const talk = new Datagrams(7).client('0a', 1, 'dead').server('0a').client('0b', 1, 'dead')
  expect(badChecksums(talk.timeline())).toEqual([
    [1, expect.stringContaining('but #2 answers it')],
    [3, expect.stringContaining('who receives it so drops it')],
  ])
})

test.each(['lost-syn', 'lost-segment', 'lost-fin'])(
  '%s: what was lost stays lost where no checksum fits',
  async (name) => {
    const frames = await readFrames(`captures/${name}.pcapng`)
    const arrivals = (change: (bytes: Uint8Array) => Uint8Array): boolean[] =>
      timelinesOf(
        frames.map(({ time, bytes }) => ({ time: Number(time - (frames[0]?.time ?? 0n)), bytes: change(bytes) })),
      )
        .filter(({ summary }) => summary.protocol === 'tcp')
        .flatMap(({ events }) => events.flatMap((event) => (event.kind === 'packet' ? [event.received] : [])))
    const original = arrivals((bytes) => bytes)
    expect(original).toContain(false)
    expect(arrivals(withBadChecksum)).toEqual(original)
  },
)

/** The same frame, Ethernet, IPv4 and TCP, with another checksum. */
function withBadChecksum(bytes: Uint8Array): Uint8Array {
  const isTcp = bytes[12] === 8 && bytes[13] === 0 && bytes[23] === 6
  if (!isTcp) return bytes
  const changed = bytes.slice()
  const at = 14 + ((bytes[14] ?? 0) & 15) * 4 + 16
  changed[at] = (changed[at] ?? 0) ^ 0x5a
  return changed
}
