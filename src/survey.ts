/**
 * Whole captures in two passes. The first keeps a few bytes a session; the second, knowing how each session turned out,
 * says of each packet what only later ones reveal. Timelines are built on that (timelines.ts).
 */
import type { Packet } from './packet.js'
import { Pipeline } from './pipeline.js'
import type { AddressTable } from './sessions/address-table.js'
import type { PacketFacts } from './sessions/facts.js'
import type { HostTimesToLive } from './sessions/host-times-to-live.js'
import type { Learned } from './sessions/learned.js'
import type { Neighbourhood } from './sessions/neighbourhood.js'
import type { Observations } from './sessions/observations.js'
import type { Session } from './sessions/session.js'
import { summarize } from './sessions/summarize.js'
import type { SessionSummary } from './sessions/summary.js'
import type { Successor } from './sessions/tcp/handover.js'
import type { WhichSessions } from './sessions/tcp/sessions.js'
import type { FrameSource, SourceInfo } from './source.js'

/** What is said about progress, and asked whether to go on, between batches. */
export type AfterBatch = (source: FrameSource, pipeline: Pipeline) => boolean | undefined

/** What a first pass leaves. */
export interface Survey {
  readonly info: SourceInfo
  readonly observations: Observations
  readonly learned: Learned
  readonly neighbourhood: Neighbourhood
  readonly timesToLive: HostTimesToLive
}

export interface SurveyOptions {
  /** Look at each segment as Wireshark does, and for what really happened; a second pass builds on it. Default: true. */
  readonly analyse?: boolean | WhichSessions
  /** Who finds out in its stead what really happened (see TrackerOptions). */
  readonly successor?: Successor | undefined
  /** There is to be a second pass. Default: true. */
  readonly isForAnotherPass?: boolean
  readonly afterBatch?: AfterBatch
}

/** First pass: calls `ended` with each session's summary, in the order in which the sessions are over. */
export function survey(
  source: FrameSource,
  ended: (summary: SessionSummary) => void,
  options?: SurveyOptions,
): Promise<Survey> {
  return surveySessions(source, (session, addresses) => ended(summarize(session, addresses)), options)
}

/** The same for who makes do with the session itself, which stands for another once `ended` returns. */
export async function surveySessions(
  source: FrameSource,
  ended: (session: Session, addresses: AddressTable) => void,
  { analyse = true, successor, isForAnotherPass = true, afterBatch }: SurveyOptions = {},
): Promise<Survey> {
  const end = (session: Session) => ended(session, pipeline.tracker.addresses)
  const pipeline: Pipeline = new Pipeline({ ended: end, analyse, successor, isForAnotherPass })
  await pipeline.run(source, () => afterBatch?.(source, pipeline))
  return surveyOf(source, pipeline)
}

/** Second pass over the same capture, opened again: calls `visit` with each packet. */
export async function revisit(
  source: FrameSource,
  first: Survey,
  visit: (packet: Packet, facts: PacketFacts) => void,
  { analyse = true, afterBatch }: { analyse?: boolean | WhichSessions; afterBatch?: AfterBatch | undefined } = {},
): Promise<void> {
  const pipeline: Pipeline = new Pipeline({ visit, analyse, foreknown: first.learned })
  await pipeline.run(source, () => afterBatch?.(source, pipeline))
}

/** Which session a summary or a packet is about: both protocols count from 0. */
export function sessionKey(protocol: 'tcp' | 'udp', number: number): string {
  return `${protocol}${number}`
}

function surveyOf(source: FrameSource, pipeline: Pipeline): Survey {
  const { learned, neighbourhood, timesToLive } = pipeline.tracker
  return { info: source.info, observations: pipeline.observations, learned, neighbourhood, timesToLive }
}
