/** What came before a session's first packet, as events with times below zero. */
import { lookupOf } from '../sessions/prelude.js'
import type { Session } from '../sessions/session.js'
import type { LookupEvent, ResolutionEvent, TimelineEvent } from './model.js'

export function preludeEvents(session: Session): TimelineEvent[] {
  const lookup = lookupOf(session)
  const events: (LookupEvent | ResolutionEvent)[] = []
  if (lookup) events.push({ kind: 'lookup', gap: 0, ...lookup })
  for (const resolution of session.prelude?.resolutions ?? [])
    events.push({ kind: 'resolution', gap: 0, ...resolution })
  return events.sort((a, b) => a.time - b.time)
}
