/** Frames as sentences point to them. */

/** More than this are counted, not named. */
const NAMED = 4

/** ` (#4, #9)`, ready to be put behind a sentence; nothing when there are none. */
export function framesOf(frames: readonly number[]): string {
  if (frames.length === 0) return ''
  const named = frames.slice(0, NAMED).map((frame) => `#${frame}`)
  const more = frames.length > NAMED ? ` and ${frames.length - NAMED} more` : ''
  return ` (${named.join(', ')}${more})`
}
