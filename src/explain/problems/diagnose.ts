/**
 * Which sessions went wrong, and why: every rule is tried, and what it finds stands with the frames that prove it. Three
 * kinds, worst first: there was no connection; it ended as it should not; it was slowed down or disturbed.
 */
import type { SessionSummary, TcpSummary } from '../../sessions/summary.js'
import { measure } from '../../timeline/measures.js'
import type { Timeline } from '../../timeline/model.js'
import { wentWell } from '../verdict.js'
import { datagramRules } from './datagrams.js'
import { endingRules } from './ending.js'
import { flowRules } from './flow.js'
import { openingRules } from './opening.js'
import type { Problem, Surroundings, TcpCase, TcpRule } from './problem.js'
import { SLOW } from './slow-reply.js'

export interface Diagnosis {
  readonly summary: SessionSummary
  /** the worst first */
  readonly problems: readonly Problem[]
  /** the smaller, the worse */
  readonly rank: number
}

/** False when the summary alone shows that there is nothing to diagnose, so that no timeline has to be built. */
export function isSuspect(summary: SessionSummary): boolean {
  if (!wentWell(summary) || summary.icmpErrors !== undefined) return true
  if (summary.protocol === 'udp') return false
  const { handshake, data, truth, teardown, duration } = summary
  return (
    (handshake.syn?.transmissions ?? 1) > 1 ||
    (handshake.synAck?.transmissions ?? 1) > 1 ||
    (teardown.first !== undefined && data.client.bytes > 0 && data.server.bytes === 0) ||
    (truth !== undefined && truth.segments.length > 0) ||
    mayHaveWaited(summary) ||
    (duration >= SLOW && data.client.bytes > 0 && data.server.bytes > 0)
  )
}

/** Small writes, one after the other, that took long: 10 ms a segment and more. */
function mayHaveWaited({ data, duration }: TcpSummary): boolean {
  const segments = data.client.segments + data.server.segments
  return (
    duration > segments * 10e6 &&
    [data.client, data.server].some((sent) => sent.segments > 1 && sent.bytes < sent.segments * 1460)
  )
}

/** Undefined when nothing went wrong. The timeline must not be folded. */
export function diagnose(timeline: Timeline, surroundings: Surroundings): Diagnosis | undefined {
  const { summary, events } = timeline
  const packets = events.filter((event) => event.kind === 'packet')
  if (summary.protocol === 'udp') {
    const session = { summary, events, packets, ...surroundings }
    return found(summary, [[], [], datagramRules.map((rule) => rule(session))])
  }
  const measures = measure(timeline)
  if (measures === undefined) return undefined
  const errors = events.filter((event) => event.kind === 'icmp')
  return diagnoseTcp({ summary, packets, errors, measures, ...surroundings })
}

function diagnoseTcp(session: TcpCase): Diagnosis | undefined {
  const { summary } = session
  const opening = firstOf(openingRules, session)
  if (opening !== undefined) return found(summary, [[opening], [], []])
  return found(summary, [[], [firstOf(endingRules, session)], flowRules.map((rule) => rule(session))])
}

function firstOf(rules: readonly TcpRule[], session: TcpCase): Problem | undefined {
  for (const rule of rules) {
    const problem = rule(session)
    if (problem !== undefined) return problem
  }
  return undefined
}

/** By kind, and within one by how early its rule stands. */
function found(summary: SessionSummary, kinds: readonly (readonly (Problem | undefined)[])[]): Diagnosis | undefined {
  const problems: Problem[] = []
  let rank: number | undefined
  for (const [kind, ofKind] of kinds.entries()) {
    for (const [place, problem] of ofKind.entries()) {
      if (problem === undefined || problems.some((worse) => explains(worse, problem))) continue
      rank ??= kind * 100 + place
      problems.push(problem)
    }
  }
  return rank === undefined ? undefined : { summary, problems, rank }
}

/** These are told by what was sent again in vain: that it was sent again need not be said once more. */
const TOLD_BY_REPETITION: ReadonlySet<string> = new Set([
  'path MTU black hole',
  'never arrived',
  'rejected',
  'vanished',
  'outage',
])

function explains(worse: Problem, problem: Problem): boolean {
  // nothing was down: what was small enough got through
  if (worse.name === 'path MTU black hole' && problem.name === 'outage') return true
  if (!TOLD_BY_REPETITION.has(worse.name)) return false
  const told = new Set(worse.frames)
  return problem.frames.every((frame) => told.has(frame))
}

/** Worst first; of equals, the earlier one. */
export function rankDiagnoses(diagnoses: readonly Diagnosis[]): Diagnosis[] {
  return diagnoses.toSorted((a, b) => a.rank - b.rank || a.summary.firstFrame - b.summary.firstFrame)
}
