/** The timelines of many sessions of one capture: in as few further passes as memory allows. */
import type { Packet } from './packet.js'
import type { PacketFacts } from './sessions/facts.js'
import { MAX_ICMP_ERRORS } from './sessions/session.js'
import type { SessionSummary } from './sessions/summary.js'
import type { FrameSource } from './source.js'
import { type AfterBatch, revisit, type Survey } from './survey.js'
import { TimelineBuilder } from './timeline/builder.js'
import type { Timeline } from './timeline/model.js'

/** A capture that has been surveyed, and can be read again. */
export interface Reread {
  /** Opens it for one more pass. */
  again(): Promise<FrameSource>
  /** A pass was cut short: no other begins, and the sessions that it has not come to are left out. */
  readonly isEnded: boolean
}

export interface EachTimelineOptions {
  /** In the order of the sessions' first frames, rather than each as soon as it is whole: so more of them are held. */
  readonly inOrder?: boolean
  /** packets whose events are held at once, unless a single session has more: some kilobyte each */
  readonly packetsAtOnce?: number
}

/**
 * Builds the timelines of the sessions of `summaries` and passes each to `take` once the capture has nothing more of it. Holds
 * the events of those that are open at a time; where these are too many, the sessions are divided among several passes.
 */
export async function eachTimeline(
  capture: Reread,
  first: Survey,
  summaries: readonly SessionSummary[],
  take: (timeline: Timeline) => void,
  { inOrder = false, packetsAtOnce = 600_000 }: EachTimelineOptions = {},
): Promise<void> {
  for (const group of groupsOf(spansOf(summaries, inOrder), packetsAtOnce)) {
    if (capture.isEnded) return
    await buildAll(await capture.again(), first, group, take, { isEnded: () => capture.isEnded })
  }
}

/** The timelines of a few sessions, in the order of `summaries`, from one further pass over the capture. */
export async function timelines(
  source: FrameSource,
  first: Survey,
  summaries: readonly SessionSummary[],
  afterBatch?: AfterBatch,
): Promise<Timeline[]> {
  const built = new Map<SessionSummary, Timeline>()
  const keep = (timeline: Timeline, summary: SessionSummary) => built.set(summary, timeline)
  await buildAll(source, first, spansOf(summaries, false), keep, { afterBatch })
  return summaries.flatMap((summary) => built.get(summary) ?? [])
}

/** A session, and the last frame before which its timeline cannot be let go. */
interface Span {
  readonly summary: SessionSummary
  readonly until: number
}

function spansOf(summaries: readonly SessionSummary[], inOrder: boolean): Span[] {
  const sorted = summaries.toSorted((a, b) => a.firstFrame - b.firstFrame)
  let latest = 0
  return sorted.map((summary) => {
    const until = lastMention(summary)
    latest = Math.max(latest, until)
    return { summary, until: inOrder ? latest : until }
  })
}

/** The last frame that is of the session, or about it. */
function lastMention({ lastFrame, icmpErrors = [] }: SessionSummary): number {
  // there may be more errors than are remembered
  if (icmpErrors.length >= MAX_ICMP_ERRORS) return Number.POSITIVE_INFINITY
  return icmpErrors.reduce((last, { frame }) => Math.max(last, frame), lastFrame)
}

/** Sessions of which so few are open at any time that their events fit into memory together. */
function* groupsOf(spans: readonly Span[], packetsAtOnce: number): Generator<Span[]> {
  let group: Span[] = []
  let open: Span[] = []
  let packets = 0
  for (const span of spans) {
    if (group.length > 0 && packets + span.summary.packets > packetsAtOnce) {
      open = open.filter(({ until }) => until >= span.summary.firstFrame)
      packets = packetsOf(open)
      // half of it free: each look at what is open makes room for as many packets as it has looked at
      if (packets + span.summary.packets > packetsAtOnce / 2) {
        yield group
        group = []
        open = []
        packets = 0
      }
    }
    group.push(span)
    open.push(span)
    packets += span.summary.packets
  }
  if (group.length > 0) yield group
}

function packetsOf(spans: readonly Span[]): number {
  return spans.reduce((sum, { summary }) => sum + summary.packets, 0)
}

/** One pass: passes each timeline to `take` after the last frame of its span; its summary counts nothing twice, as the given one may. */
async function buildAll(
  source: FrameSource,
  first: Survey,
  spans: readonly Span[],
  take: (timeline: Timeline, summary: SessionSummary) => void,
  { afterBatch, isEnded = () => false }: { afterBatch?: AfterBatch | undefined; isEnded?: () => boolean },
): Promise<void> {
  const due = spans.toSorted((a, b) => a.until - b.until)
  const builders = new Builders(spans)
  let next = 0
  const finishBefore = (frame: number) => {
    for (let span = due[next]; span !== undefined && span.until < frame; span = due[++next])
      take(builders.finish(span.summary), span.summary)
  }
  const visit = (packet: Packet, facts: PacketFacts) => {
    finishBefore(packet.number)
    const { session } = facts
    if (session !== undefined) builders.of(session.protocol, session.number)?.add(packet, facts)
  }
  // what comes after the last of them need not be read
  await revisit(source, first, visit, {
    analyse: (stream) => builders.want('tcp', stream),
    afterBatch: (...at) => afterBatch?.(...at) !== false && next < due.length,
  })
  for (const { summary } of due.slice(next))
    if (!isEnded() || builders.hasBegun(summary)) take(builders.finish(summary), summary)
}

/** The builders of the sessions that are wanted, each made with its session's first packet. */
class Builders {
  readonly #wanted = { tcp: new Set<number>(), udp: new Set<number>() } as const
  readonly #made = { tcp: new Map<number, TimelineBuilder>(), udp: new Map<number, TimelineBuilder>() } as const

  constructor(spans: readonly Span[]) {
    for (const { summary } of spans) this.#wanted[summary.protocol].add(summary.session)
  }

  want(protocol: 'tcp' | 'udp', session: number): boolean {
    return this.#wanted[protocol].has(session)
  }

  of(protocol: 'tcp' | 'udp', session: number): TimelineBuilder | undefined {
    const made = this.#made[protocol].get(session)
    if (made !== undefined || !this.want(protocol, session)) return made
    const builder = new TimelineBuilder()
    this.#made[protocol].set(session, builder)
    return builder
  }

  hasBegun({ protocol, session }: SessionSummary): boolean {
    return this.#made[protocol].has(session)
  }

  finish(summary: SessionSummary): Timeline {
    const { protocol, session } = summary
    const builder = this.of(protocol, session) ?? new TimelineBuilder()
    this.#wanted[protocol].delete(session)
    this.#made[protocol].delete(session)
    return builder.finish(summary)
  }
}
