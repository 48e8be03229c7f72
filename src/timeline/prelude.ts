/** What came before a session's first packet, as events with times below zero. */
import type { Session } from '../sessions/session.js'
import type { LookupEvent, ResolutionEvent, TimelineEvent } from './model.js'

export function preludeEvents(session: Session): TimelineEvent[] {
  const prelude = session.extras?.prelude
  if (prelude === undefined) return []
  const events: (LookupEvent | ResolutionEvent)[] = []
  if (prelude.lookup) events.push({ kind: 'lookup', gap: 0, ...prelude.lookup })
  for (const resolution of prelude.resolutions ?? []) events.push({ kind: 'resolution', gap: 0, ...resolution })
  return events.sort((a, b) => a.time - b.time)
}
