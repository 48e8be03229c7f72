/** Sessions whose timelines are held in memory at once. */
import type { SessionSummary } from '../sessions/summary.js'

/** Packets whose events are held in memory at once, unless a single session has more. */
const PACKETS_AT_ONCE = 200_000

/** Sessions in groups of so many packets that their events fit into memory together. */
export function* groups(summaries: readonly SessionSummary[]): Generator<SessionSummary[]> {
  let group: SessionSummary[] = []
  let packets = 0
  for (const summary of summaries) {
    if (group.length > 0 && packets + summary.packets > PACKETS_AT_ONCE) {
      yield group
      group = []
      packets = 0
    }
    group.push(summary)
    packets += summary.packets
  }
  if (group.length > 0) yield group
}
