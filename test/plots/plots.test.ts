/** What plots are made of: conversations whose every packet is known, and the bundled captures. */
import { describe, expect, test } from 'vitest'
import { csvLines } from '../../src/plots/csv.js'
import { directionOf } from '../../src/plots/direction.js'
import type { Plot, PlotName, Point, SeriesKey } from '../../src/plots/model.js'
import { PLOT_NAMES, plotsOf, sendersOf, tellingPlots } from '../../src/plots/plots.js'
import { leftOutOf, thin } from '../../src/plots/thin.js'
import { formatValue, positionOf, ticksOf } from '../../src/plots/ticks.js'
import { timelineOf as handMade, messageSummary, segment } from '../render/timelines.js'
import { Conversation } from '../support/conversation.js'
import { timelineOf } from '../support/timelines.js'

const MS = 1e6
const MSS = 1460
const full = 'x'.repeat(MSS)

function opened(window = 64_240): Conversation {
  const mss = [2, 4, 5, 180]
  return new Conversation()
    .client('S', { at: 0, options: mss })
    .server('SA', { at: 10, options: mss, window })
    .client('A', { at: 10 })
}

/** Four segments, the second lost on its way, asked for by three duplicate ACKs and sent again. */
function lossy(): Conversation {
  const talk = opened()
  for (const at of [100, 101, 102, 103, 104]) talk.client('A', { at, text: full })
  talk.server('A', { at: 110, ack: 1001 + MSS })
  for (const at of [112, 113, 114]) talk.server('A', { at, ack: 1001 + MSS })
  talk.client('A', { at: 115, seq: 1001 + MSS, text: full })
  return talk.server('A', { at: 125, ack: 1001 + 5 * MSS, window: 32_000 })
}

function plotOf(talk: Conversation, name: PlotName): Plot {
  const [plot] = plotsOf(timelineOf(talk), [name], ['client'])
  if (plot === undefined) throw new Error(`no ${name}`)
  return plot
}

function pointsOf({ series }: Plot, key: SeriesKey): readonly Point[] {
  return series.find((one) => one.key === key)?.points ?? []
}

describe('sequence numbers over time', () => {
  test("Stevens' graph has each segment's first byte, and what was sent again apart", () => {
    const plot = plotOf(lossy(), 'time-sequence')
    const all = [...pointsOf(plot, 'segment'), ...pointsOf(plot, 'lost')].toSorted((a, b) => a.time - b.time)
    expect(all.map(({ time, value, frame }) => [time / MS, value, frame])).toEqual([
      [100, 1, 4],
      [101, 1461, 5],
      [102, 2921, 6],
      [103, 4381, 7],
      [104, 5841, 8],
    ])
    expect(pointsOf(plot, 'retransmission')).toMatchObject([{ time: 115 * MS, value: 1461, frame: 13 }])
  })

  test('the caption names the retransmission, its hole, and the ACK that it sets free', () => {
    expect(plotOf(lossy(), 'time-sequence').caption.join(' ')).toContain(
      'The retransmission #13 at 0.115 s (fast retransmit) fills the hole at 1,461 that #5 left; ACK #14 then rises to 7,301, 10 ms later.',
    )
  })

  test("tcptrace's has segments as strokes, the line of ACKs, the edge of the window, duplicate ACKs", () => {
    const plot = plotOf(lossy(), 'tcptrace')
    expect(pointsOf(plot, 'segment')[0]).toMatchObject({ time: 100 * MS, value: 1, to: 1461 })
    expect(pointsOf(plot, 'ack').map(({ value }) => value)).toEqual([1, 1461, 1461, 1461, 1461, 7301])
    expect(pointsOf(plot, 'window').at(-1)).toMatchObject({ time: 125 * MS, value: 7301 + 32_000 })
    expect(pointsOf(plot, 'duplicate-ack').map(({ frame }) => frame)).toEqual([10, 11, 12])
  })

  test('SACK blocks stand where they are, on the data', () => {
    const talk = opened()
    for (const at of [100, 101, 102]) talk.client('A', { at, text: full })
    const block = [1001 + MSS, 1001 + 3 * MSS].flatMap((n) => [n >>> 24, (n >> 16) & 255, (n >> 8) & 255, n & 255])
    talk.server('A', { at: 111, ack: 1001, options: [1, 1, 5, 10, ...block] })
    expect(pointsOf(plotOf(talk, 'tcptrace'), 'sack')).toMatchObject([
      { time: 111 * MS, value: 1461, to: 4381, frame: 7 },
    ])
  })

  test('numbers that go round at 2^32 go on rising', () => {
    const events = [1, 2_000_000_001, 4_000_000_001, 4_294_967_001, 1165].map((seq, i) =>
      segment(i, i * MS, 'client', ['ACK'], { seq, ack: 1, win: 1000, length: 1460 }),
    )
    const { segments } = directionOf(handMade(messageSummary, events), 'client')
    expect(segments.map(({ start }) => start)).toEqual([1, 2_000_000_001, 4_000_000_001, 4_294_967_001, 2 ** 32 + 1165])
  })

  test('the pause is explained: a window that is shut', () => {
    const talk = opened(MSS)
    talk.client('A', { at: 100, text: full }).server('A', { at: 110, window: 0 })
    talk.server('A', { at: 610, window: 4000 })
    talk.client('A', { at: 611, text: full }).client('A', { at: 612, text: full }).server('A', { at: 622 })
    const { caption } = plotOf(talk, 'tcptrace')
    expect(caption.join(' ')).toContain(
      "The longest flat stretch is 511 ms, from #4 to #7: the server's window had no room for more.",
    )
    expect(caption.join(' ')).toContain("(#5): the server's window is shut, for 500 ms in all.")
  })
})

describe('a caption says no more than the packets do', () => {
  const captionOf = (talk: Conversation, name: PlotName) => plotOf(talk, name).caption.join(' ')

  test('a retransmission that nobody acknowledged filled no hole; the timer was waited for', () => {
    const talk = opened().client('PA', { at: 100, text: 'hello' })
    for (const at of [400, 1000, 2200]) talk.client('PA', { at, seq: 1001, text: 'hello' })
    const caption = captionOf(talk, 'time-sequence')
    expect(caption).toContain('has the bytes from 1 on again, which #4 had carried; no ACK for them was captured.')
    expect(caption).toContain('from #6 to #7: the client waited for its retransmission timer.')
    expect(caption).not.toContain('slope')
    expect(captionOf(talk, 'throughput')).toMatch(/No ACK for it was captured: how much arrived is not known\.$/)
  })

  test('goodput follows throughput only where all was acknowledged, and holes were there where something was lost', () => {
    expect(captionOf(lossy(), 'throughput')).toContain('1,460 B of it had been sent before: the goodput is')
    const talk = opened().client('A', { at: 100, text: full }).client('A', { at: 101, text: full })
    talk.server('A', { at: 110, ack: 1001 + MSS })
    const caption = captionOf(talk, 'throughput')
    expect(caption).toContain('No ACK was captured for the last 1,460 B: the goodput is')
    expect(caption).not.toContain('hole')
    expect(captionOf(talk.server('A', { at: 111 }), 'throughput')).toContain('goodput follows throughput')
  })

  test('without the SYNs, the window may be larger than it looks; without the receiver, there is none', () => {
    const talk = new Conversation(60_000).client('A', { at: 0, text: full }).server('A', { at: 10, window: 400 })
    for (const at of [20, 21]) talk.client('A', { at, text: full })
    expect(captionOf(talk, 'window')).toMatch(
      /^At most 2,920 B were in flight, at 0\.021 s \(#4\)\. .*window may be larger/,
    )
    expect(captionOf(talk, 'tcptrace')).toContain('the edge may be further off than it looks')
    const alone = new Conversation().client('S', { at: 0 }).client('A', { at: 10 })
    for (const at of [100, 101, 300]) alone.client('A', { at, text: full })
    expect(plotsOf(timelineOf(alone), ['window'], ['client'])).toEqual([])
  })

  test('what was captured twice was sent once, what was missed was sent all the same', () => {
    const talk = opened().client('A', { at: 100, text: full })
    const seen = talk.frames.at(-1)
    if (seen !== undefined) talk.frames.push({ ...seen, time: seen.time + 1000 })
    talk.server('A', { at: 110 }).client('A', { at: 120, text: full }).server('A', { at: 130 })
    expect(captionOf(talk, 'time-sequence')).toMatch(
      /^2 segments \(#4 to #7\) carry 2,920 B .* 1 frame shows a segment that was captured before, and is not drawn again \(#5\)/,
    )
    expect(captionOf(talk, 'throughput')).toMatch(/^2,920 B were sent/)
    expect(pointsOf(plotOf(talk, 'rtt'), 'rtt')).toHaveLength(3)
    talk.client('A', { at: 140, seq: 1001 + 3 * MSS, text: full }).server('A', { at: 150, ack: 1001 + 4 * MSS })
    expect(captionOf(talk, 'throughput')).toContain(
      '1,460 B more arrived that were not captured: only the goodput has them.',
    )
  })

  test('writes that grow are no slow start', () => {
    const talk = opened()
    for (const [i, size] of [20, 100, 400].entries())
      talk.client('PA', { at: 100 + 100 * i, text: 'x'.repeat(size) }).server('A', { at: 110 + 100 * i })
    expect(captionOf(talk, 'time-sequence')).not.toContain('slow start')
  })

  test('a clock that stepped back: what it took is not negative, and all of it is on the axis', () => {
    const talk = opened()
    for (const at of [100, 50, 70]) talk.client('A', { at, text: full })
    const plot = plotOf(talk, 'time-sequence')
    expect(plot.caption[0]).toContain('in 50 ms.')
    expect(plot.time.minimum).toBeLessThan(50 * MS)
    expect(plot.time.maximum).toBeGreaterThan(100 * MS)
  })
})

describe('round trips, rates, windows', () => {
  test('samples with the estimate and the timeout that each leaves', () => {
    const plot = plotOf(lossy(), 'rtt')
    expect(pointsOf(plot, 'rtt').map(({ time, value }) => [time / MS, value / MS])).toEqual([
      [10, 10],
      [110, 10],
      // ACK #14 may be for either sending of #5: no sample (Karn's rule)
    ])
    expect(pointsOf(plot, 'timeout').every(({ value }) => value >= 200 * MS)).toBe(true)
  })

  test('every byte sent is in one slice, every byte delivered too', () => {
    const plot = plotOf(lossy(), 'throughput')
    const bytes = (key: SeriesKey) => {
      const points = pointsOf(plot, key)
      const width = (points[1]?.time ?? 0) - (points[0]?.time ?? 0)
      return points.slice(0, -1).reduce((sum, { value }) => sum + (value * width) / 8e9, 0)
    }
    expect(Math.round(bytes('throughput'))).toBe(6 * MSS)
    expect(Math.round(bytes('goodput'))).toBe(5 * MSS)
  })

  test('a clock that leapt ahead and back leaves no slice without a value', () => {
    const talk = opened()
    for (const at of [100, 90_000_000, 102, 50]) talk.client('A', { at, text: full })
    const points = pointsOf(plotOf(talk, 'throughput'), 'throughput')
    expect(points.length).toBeLessThan(1000)
    expect(points.every((point) => point !== undefined && point.value >= 0)).toBe(true)
  })

  test('what is in flight, under the window; a shut window is a band', () => {
    const talk = opened(MSS)
    talk.client('A', { at: 100, text: full }).server('A', { at: 110, window: 0 }).server('A', { at: 610, window: 4000 })
    const plot = plotOf(talk, 'window')
    expect(pointsOf(plot, 'in-flight').map(({ time, value }) => [time / MS, value])).toContainEqual([100, MSS])
    expect(plot.bands.filter(({ key }) => key === 'zero-window')).toMatchObject([{ from: 110 * MS, until: 610 * MS }])
  })
})

test('a direction without data has no plot, and one exchange of messages none that says something', () => {
  const talk = opened().client('PA', { text: 'hello' }).server('A').server('PA', { text: 'hi' }).client('A')
  const timeline = timelineOf(talk)
  expect(tellingPlots(timeline)).toEqual([])
  expect(sendersOf(timeline)).toEqual(['client', 'server'])
  expect(plotsOf(timelineOf(lossy()), PLOT_NAMES, ['server'])).toEqual([])
  expect(tellingPlots(timelineOf(lossy())).map(({ name, sender }) => [name, sender])).toEqual([['tcptrace', 'client']])
})

test('less than a bit per second is a rate, and round trips that are all alike have no range', () => {
  const slow = new Conversation().handshake()
  for (let i = 1; i < 30; i++) slow.client('PA', { at: i * 3_600e3, text: 'x'.repeat(100) }).server('A')
  const [rate, trips] = plotsOf(timelineOf(slow), ['throughput', 'rtt'], ['client'])
  const values = rate?.series.flatMap(({ points }) => points.map(({ value }) => value)) ?? []
  expect(Math.max(...values)).toBeLessThan(1)
  expect(Math.max(...values)).toBeGreaterThan(0)
  expect(rate?.value.label).toMatch(/slices of \d+ h$/)
  expect(trips?.caption[0]).toMatch(/: 1 ms each\.$/)
})

test('a thinned series keeps its peak, its ends, and every retransmission; and says so', () => {
  const points = Array.from({ length: 50_000 }, (_, i) => ({ time: i * 1000, value: i === 31_234 ? 9e9 : i }))
  const plot = plotOf(lossy(), 'time-sequence')
  const large: Plot = {
    ...plot,
    time: { ...plot.time, minimum: 0, maximum: 50e6 },
    series: [{ key: 'segment', label: 'segment', shape: 'dots', points }, ...plot.series.slice(-1)],
  }
  const thinned = thin(large, 100)
  const kept = pointsOf(thinned, 'segment')
  expect(kept.length).toBeLessThanOrEqual(4 * 101)
  expect(kept).toContainEqual({ time: 31_234_000, value: 9e9 })
  expect([kept[0], kept.at(-1)]).toEqual([points[0], points.at(-1)])
  expect(pointsOf(thinned, 'retransmission')).toEqual(pointsOf(large, 'retransmission'))
  expect(leftOutOf(thinned)?.of).toBe(50_001)
})

describe('ticks', () => {
  const axis = { label: '', scale: 'linear' } as const
  test.each([
    [{ unit: 'ns', minimum: 0, maximum: 276e6 }, 'ms', ['0', '50', '100', '150', '200', '250']],
    [{ unit: 'B', minimum: 0, maximum: 60_001 }, 'kB', ['0', '10', '20', '30', '40', '50', '60']],
    [{ unit: 'B', minimum: 0, maximum: 3 }, 'B', ['0', '1', '2', '3']],
    [{ unit: 'ns', minimum: 0, maximum: 3 * 86_400e9 }, 'h', ['0', '12', '24', '36', '48', '60', '72']],
    [{ unit: 'ns', minimum: 7_190e9, maximum: 8_500e9 }, 'min', ['120', '125', '130', '135', '140']],
    [{ unit: 'ns', minimum: 3_600e9, maximum: 3_700e9 }, 's', ['3600', '3620', '3640', '3660', '3680', '3700']],
    [{ unit: 'ns', minimum: 0, maximum: 60 * 86_400e9 }, 'd', ['0', '10', '20', '30', '40', '50', '60']],
    [{ unit: 'bit/s', minimum: 0, maximum: 2.5e6 }, 'Mbit/s', ['0.0', '0.5', '1.0', '1.5', '2.0', '2.5']],
  ] as const)('round numbers in a unit that suits: %o', (range, unit, texts) => {
    const ticks = ticksOf({ ...axis, ...range }, 7)
    expect(ticks.unit).toBe(unit)
    expect(ticks.ticks.map(({ text }) => text)).toEqual(texts)
  })

  test('decades on a logarithmic axis', () => {
    const log = { label: '', unit: 'ns', minimum: 50e3, maximum: 1e9, scale: 'logarithmic' } as const
    expect(ticksOf(log, 7).ticks.map(({ text }) => text)).toEqual(['100 µs', '1 ms', '10 ms', '100 ms', '1 s'])
    expect(positionOf(log, 1e9)).toBe(1)
    expect(formatValue('bit/s', 1_234_567)).toBe('1.23 Mbit/s')
  })
})

test('CSV: each point of each series on a line, exact, in seconds and bytes', () => {
  const lines = [...csvLines([plotOf(lossy(), 'tcptrace')])]
  expect(lines[0]).toBe('plot,from,series,time_s,value,value_to,unit,frame,note')
  expect(lines).toContain('tcptrace,client,segment,0.100000000,1,1461,B,4,')
  expect(lines.find((line) => line.includes(',retransmission,'))).toMatch(
    /^tcptrace,client,retransmission,0\.115000000,1461,2921,B,13,"[^"]+"$/,
  )
  // what gnuplot's `index` counts: series stand two blank lines apart
  const blocks = lines.slice(1).join('\n').split('\n\n\n')
  expect(blocks.map((block) => new Set(block.split('\n').map((line) => line.split(',')[2])).size)).toEqual(
    blocks.map(() => 1),
  )
  expect(new Set(blocks.map((block) => block.split(',')[2])).size).toBe(blocks.length)
  expect(lines.filter((line) => line !== '').every((line) => line.split('"')[0]?.split(',').length === 9)).toBe(true)
})
