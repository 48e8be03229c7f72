/** Which of a session's events are shown, and how: with its notes, filtered, folded, with socket calls. */

import { findingName, isTrouble } from '../explain/findings.js'
import { commentOf } from '../notes/note.js'
import type { PageNote } from '../render/html/model.js'
import type { PhaseName } from '../sessions/phases.js'
import { withCalls } from '../timeline/calls/with-calls.js'
import { fold } from '../timeline/fold.js'
import type { IcmpEvent, PacketEvent, Timeline, TimelineEvent } from '../timeline/model.js'
import type { PageSession } from './model.js'

export interface View {
  /** none: all of them */
  readonly phases: ReadonlySet<PhaseName>
  readonly findings: ReadonlySet<string>
  readonly calls: boolean
  readonly absolute: boolean
  readonly unfold: boolean
  /** runs that are unfolded, by their first frame */
  readonly opened: ReadonlySet<number>
}

/** Events that have a frame of their own. */
export type FrameEvent = PacketEvent | IcmpEvent

/** The session with its notes as comments on its packets. */
export function annotated({ timeline }: PageSession, notes: readonly PageNote[]): Timeline {
  const byFrame = new Map<number, string[]>()
  for (const note of notes) {
    if (note.frame === 0) continue
    const comment = note.target.kind === 'packet' ? note.text : commentOf({ ...note, ours: true })
    byFrame.set(note.frame, [...(byFrame.get(note.frame) ?? []), comment])
  }
  if (byFrame.size === 0) return timeline
  const events = timeline.events.map((event) => {
    if (event.kind !== 'packet') return event
    const comments = [event.frame, ...(event.seenAgain ?? [])].flatMap((frame) => byFrame.get(frame) ?? [])
    return comments.length === 0 ? event : { ...event, comments }
  })
  return { ...timeline, events }
}

/** What is drawn: a timeline whose events are those that the view lets through. */
export function shownOf(timeline: Timeline, view: View): Timeline {
  const filtered = filter(timeline, view)
  const isFiltered = view.findings.size > 0
  const events = view.unfold || isFiltered ? filtered : fold(filtered).flatMap((event) => opened(event, filtered, view))
  return view.calls && !isFiltered && view.phases.size === 0 ? withCalls(timeline, events) : { ...timeline, events }
}

function filter({ events }: Timeline, { phases, findings }: View): readonly TimelineEvent[] {
  if (phases.size === 0 && findings.size === 0) return events
  return events.filter((event) => {
    if (event.kind === 'packet') {
      if (phases.size > 0 && !phases.has(event.phase)) return false
      return findings.size === 0 || findingsIn(event).some(({ name }) => findings.has(name))
    }
    if (event.kind === 'icmp') return findings.size === 0 || findings.has(ICMP)
    return false
  })
}

function opened(event: TimelineEvent, all: readonly TimelineEvent[], view: View): readonly TimelineEvent[] {
  if (event.kind !== 'run' || !view.opened.has(event.firstFrame)) return [event]
  return all.filter((one) => one.kind === 'packet' && one.frame >= event.firstFrame && one.frame <= event.lastFrame)
}

const ICMP = 'ICMP error'

export interface FoundIn {
  readonly name: string
  readonly isTrouble: boolean
}

/** What is remarkable about a packet: what really happened, then what Wireshark's analysis says. */
export function findingsIn(event: FrameEvent): FoundIn[] {
  if (event.kind === 'icmp') return [{ name: ICMP, isTrouble: true }]
  const found: FoundIn[] = []
  if (event.truth?.verdict) found.push({ name: event.truth.verdict.replaceAll('-', ' '), isTrouble: true })
  for (const { name } of event.findings) {
    const words = findingName(name)
    if (!found.some((one) => one.name === words)) found.push({ name: words, isTrouble: isTrouble(name) })
  }
  if (!event.received) found.push({ name: 'not received', isTrouble: true })
  return found
}

export function framesIn(events: readonly TimelineEvent[]): FrameEvent[] {
  return events.filter((event) => event.kind === 'packet' || event.kind === 'icmp')
}
