/** The timelines of hand-made frames, as two passes over a file give them. */
import { Pipeline } from '../../src/pipeline.js'
import { summarize } from '../../src/sessions/summarize.js'
import type { SessionSummary } from '../../src/sessions/summary.js'
import { sessionKey } from '../../src/survey.js'
import { TimelineBuilder } from '../../src/timeline/builder.js'
import type { Timeline } from '../../src/timeline/model.js'
import { batchOf, type Conversation, type Frame } from './conversation.js'

export function timelinesOf(frames: readonly Frame[]): Timeline[] {
  const summaries: SessionSummary[] = []
  const first: Pipeline = new Pipeline({
    ended: (session) => summaries.push(summarize(session, first.tracker.addresses)),
    analyse: true,
  })
  first.feed(batchOf(frames))
  first.finish()
  const builders = new Map<string, TimelineBuilder>()
  const second = new Pipeline({
    foreknown: first.tracker.learned,
    visit: (packet, facts) => {
      if (facts.session === undefined) return
      const key = sessionKey(facts.session.protocol, facts.session.number)
      const builder = builders.get(key) ?? new TimelineBuilder()
      builders.set(key, builder)
      builder.add(packet, facts)
    },
  })
  second.feed(batchOf(frames))
  second.finish()
  summaries.sort((a, b) => a.firstFrame - b.firstFrame)
  return summaries.map((summary) => {
    const builder = builders.get(sessionKey(summary.protocol, summary.session)) ?? new TimelineBuilder()
    return builder.finish(summary)
  })
}

/** The one session's timeline. */
export function timelineOf(conversation: Conversation): Timeline {
  const [timeline] = timelinesOf(conversation.frames)
  if (timeline === undefined) throw new Error('no session in these frames')
  return timeline
}
