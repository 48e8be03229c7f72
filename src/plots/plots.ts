/** Which plots there are, which of them a session's data can fill, and which of those say something. */
import type { Role } from '../sessions/summary.js'
import { measure } from '../timeline/measures.js'
import type { Timeline } from '../timeline/model.js'
import type { Subject } from './direction.js'
import type { Plot, PlotName } from './model.js'
import { ratePlot } from './rates.js'
import { roundTripPlot } from './round-trips.js'
import { tcptrace, timeSequence } from './sequence.js'
import { windowPlot } from './windows.js'

const MAKERS: Readonly<Record<PlotName, (subject: Subject, sender: Role) => Plot | undefined>> = {
  'time-sequence': timeSequence,
  tcptrace,
  rtt: roundTripPlot,
  throughput: ratePlot,
  window: windowPlot,
}

export const PLOT_NAMES: readonly PlotName[] = ['time-sequence', 'tcptrace', 'rtt', 'throughput', 'window']

const ROLES: readonly Role[] = ['client', 'server']

/**
 * The plots of these names, in that order, one for each of `senders`; those that would be empty are left out. `timeline`
 * must not be folded.
 */
export function plotsOf(timeline: Timeline, names: readonly PlotName[], senders: readonly Role[]): Plot[] {
  const measures = measure(timeline)
  const subject: Subject = measures === undefined ? { timeline } : { timeline, measures }
  return names.flatMap((name) => senders.flatMap((sender) => MAKERS[name](subject, sender) ?? []))
}

/** Who sent enough for a plot to show more than single points; whoever sent anything, if nobody did. */
export function sendersOf({ summary }: Timeline): Role[] {
  const segments = (role: Role) =>
    summary.protocol === 'tcp' ? summary.data[role].segments : summary.data[role].packets
  const many = ROLES.filter((role) => segments(role) >= MANY)
  return many.length > 0 ? many : ROLES.filter((role) => segments(role) > 0)
}

const MANY = 6

/**
 * The plots that say something which the timeline does not show better: a direction whose data took several round trips, or
 * was lost, or met a shut window.
 */
export function tellingPlots(timeline: Timeline): Plot[] {
  const measures = measure(timeline)
  const { summary } = timeline
  if (measures === undefined || summary.protocol !== 'tcp') return []
  const plots: Plot[] = []
  for (const sender of ROLES) {
    const { flight, roundTrips, slowStart } = measures[sender]
    const { segments } = summary.data[sender]
    if (segments < MANY) continue
    const truth = summary.truth?.[sender]
    const isDisturbed = truth !== undefined && truth.retransmissions + truth.outOfOrder + truth.duplicates > 0
    const isShut = flight.zeroWindowTime > 0
    const isLong = (slowStart?.rounds.length ?? 0) >= SEVERAL
    if (!isDisturbed && !isShut && !isLong) continue
    const names: PlotName[] = [isDisturbed || isShut ? 'tcptrace' : 'time-sequence']
    if (isShut || isLong) names.push('window')
    if (isLong && roundTrips.samples.length >= MANY) names.push('rtt')
    if (segments >= MANY_MORE) names.push('throughput')
    plots.push(...plotsOf(timeline, names, [sender]))
  }
  return plots
}

const SEVERAL = 3
const MANY_MORE = 50
