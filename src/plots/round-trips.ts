/**
 * Round-trip times as they were measured, with what RFC 6298 makes of them: the estimate and the retransmission timeout. Of
 * UDP, how long each reply took.
 */
import { countOf, formatDuration } from '../bytes/units.js'
import { otherRole } from '../explain/endpoints.js'
import type { Role, TcpSummary } from '../sessions/summary.js'
import type { RoundTrips } from '../timeline/measures/round-trips.js'
import { type Statistics, statisticsOf } from '../timeline/measures/statistics.js'
import { spanOf, timeAxis } from './axes.js'
import type { Subject } from './direction.js'
import type { Axis, Plot, Point, Series } from './model.js'
import { identity, some } from './series.js'
import { roundAxis } from './ticks.js'

/** From this ratio of the greatest to the least on, a linear axis would press most points onto its bottom. */
const WIDE = 20

export function roundTripPlot({ timeline, measures }: Subject, sender: Role): Plot | undefined {
  const { summary } = timeline
  if (summary.protocol === 'udp') return replyPlot({ timeline }, sender)
  const trips = measures?.[sender].roundTrips
  if (trips === undefined || trips.samples.length < 2) return undefined
  const { samples } = trips
  const points = (of: (sample: (typeof samples)[number]) => number): Point[] =>
    samples.map((sample) => ({ time: sample.acknowledged, value: Math.round(of(sample)), frame: sample.ack }))
  const series: Series[] = [
    { key: 'timeout', label: 'RTO', shape: 'steps', points: points(({ timeout }) => timeout) },
    { key: 'estimate', label: 'EstimatedRTT', shape: 'steps', points: points(({ estimated }) => estimated) },
    { key: 'rtt', label: 'sample', shape: 'dots', points: points(({ rtt }) => rtt) },
  ]
  return {
    name: 'rtt',
    title: `Round-trip times of the ${sender}'s segments`,
    ...identity(summary, sender),
    time: timeAxis(series),
    value: durationAxis('round-trip time', series),
    series,
    bands: [],
    caption: caption(trips, summary, sender),
  }
}

function replyPlot({ timeline }: Subject, sender: Role): Plot | undefined {
  const points: Point[] = []
  for (const event of timeline.events) {
    if (event.kind !== 'packet' || event.from !== sender || event.answers === undefined) continue
    points.push({ time: event.time, value: event.answers.after, frame: event.frame })
  }
  const statistics = statisticsOf(points.map(({ value }) => value))
  if (statistics === undefined) return undefined
  const series = some({ key: 'rtt', label: 'reply', shape: 'dots', points })
  const slowest = points.find(({ value }) => value === statistics.maximum)
  return {
    name: 'rtt',
    title: `How long the ${sender}'s replies took`,
    ...identity(timeline.summary, sender),
    time: timeAxis(series),
    value: durationAxis('time from request to reply', series),
    series,
    bands: [],
    caption: [
      statistics.count === 1
        ? `The only reply, #${slowest?.frame}, came after ${formatDuration(statistics.maximum)}.`
        : `${countOf(statistics.count, 'reply', 'replies')}: the median took ${formatDuration(Math.round(statistics.median))}, the slowest ${formatDuration(statistics.maximum)} (#${slowest?.frame}).`,
    ],
  }
}

/** Logarithmic where a timeout of 200 ms stands above round trips of microseconds. */
function durationAxis(label: string, series: readonly Series[]): Axis {
  const [least, greatest] = spanOf(series.flatMap(({ points }) => points))
  if (least > 0 && greatest / least > WIDE) {
    return {
      label,
      unit: 'ns',
      minimum: roundLog(least, Math.floor),
      maximum: roundLog(greatest, Math.ceil),
      scale: 'logarithmic',
    }
  }
  return roundAxis({ label, unit: 'ns', minimum: 0, maximum: greatest })
}

/** The next 1, 2 or 5 times a power of ten, above or below. */
function roundLog(value: number, round: (value: number) => number): number {
  const power = 10 ** Math.floor(Math.log10(value))
  const steps = [1, 2, 5, 10].map((factor) => factor * power)
  return (round === Math.floor ? steps.findLast((step) => step <= value) : steps.find((step) => step >= value)) ?? value
}

/** @param slowest which it was */
function rangeOf({ minimum, median, maximum }: Statistics, slowest: string): string {
  const [from, to] = [formatDuration(minimum), formatDuration(maximum)]
  return from === to
    ? `${to} each`
    : `from ${from} to ${to} (${slowest}), the median ${formatDuration(Math.round(median))}`
}

function caption({ samples, statistics }: RoundTrips, { truth }: TcpSummary, sender: Role): string[] {
  const last = samples.at(-1)
  if (statistics === undefined || last === undefined) return []
  const slowest = samples.find(({ rtt }) => rtt === statistics.maximum)
  const sentences = [
    `${countOf(statistics.count, 'sample')}, of segments sent once only (Karn's rule): ${rangeOf(statistics, `ACK #${slowest?.ack} of #${slowest?.frame}`)}.`,
    `In the end EstimatedRTT is ${formatDuration(Math.round(last.estimated))}, DevRTT ${formatDuration(Math.round(last.deviation))}, and RTO = EstimatedRTT + 4 DevRTT, the latter taken for 200 ms at least, as Linux does, ${formatDuration(Math.round(last.timeout))} (RFC 6298).`,
  ]
  const place = truth?.vantage.place
  if (place === otherRole(sender)) {
    sentences.push(`The capture was taken at the ${place}: these are its own delays, not the way's round trips.`)
  } else if (place === 'between') {
    sentences.push('The capture was taken between the two: of each round trip, the part beyond that point is here.')
  } else if (place === 'unknown') {
    sentences.push(
      `Where the capture was taken does not show: unless it was at the ${sender}, these are only parts of the round trips.`,
    )
  }
  return sentences
}
