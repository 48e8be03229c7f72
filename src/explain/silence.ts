/** A silence in words: how long, and who ended it. */
import { formatDuration } from '../bytes/units.js'
import type { SilenceEvent } from '../timeline/model.js'

export function explainSilence(event: SilenceEvent): string {
  return `${formatDuration(event.gap)} of silence, until the ${event.brokenBy} speaks`
}
