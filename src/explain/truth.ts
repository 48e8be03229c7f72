/** What really happened on the way, in words: where the capture was taken, and what was lost, overtaken or copied. */
import { countOf, formatSize } from '../bytes/units.js'
import type { Role, SegmentSummary, TcpSummary, TruthSummary } from '../sessions/summary.js'
import { framesOf } from './frames.js'

/** What was sent again, arrived in another order, was copied, and was not seen, of one direction or of both. */
export interface Losses {
  readonly resent: number
  /** of these, the ones whose bytes had arrived without them */
  readonly needless: number
  readonly outOfOrder: number
  readonly duplicates: number
  readonly missedBytes: number
  readonly lackedBytes: number
}

/** Undefined when the session's segments were not looked at one by one. */
export function lossesOf(summary: TcpSummary, roles: readonly Role[]): Losses | undefined {
  const { truth } = summary
  if (truth === undefined) return undefined
  let resent = 0
  let needless = 0
  let outOfOrder = 0
  let duplicates = 0
  let missedBytes = 0
  let lackedBytes = 0
  for (const role of roles) {
    const direction = truth[role]
    const probes = truth.segments.filter((segment) => segment.from === role && isProbe(segment))
    resent += direction.retransmissions - probes.length
    needless += direction.needless - probes.filter((probe) => probe.needed === false).length
    outOfOrder += direction.outOfOrder
    duplicates += direction.duplicates
    missedBytes += direction.missedBytes
    lackedBytes += direction.lackedBytes ?? 0
  }
  return { resent, needless, outOfOrder, duplicates, missedBytes, lackedBytes }
}

/** Sent on purpose, to hear from the other end: no loss made it necessary. */
function isProbe({ cause }: SegmentSummary): boolean {
  return cause === 'keep-alive' || cause === 'zero window'
}

/** `3 segments were sent again, 1 of them needlessly`, `2 arrived out of order`, … */
export function describeLosses(losses: Losses): string[] {
  const parts: string[] = []
  if (losses.resent > 0) {
    const all = losses.needless === losses.resent
    const needless = losses.needless === 0 ? '' : all ? ', needlessly' : `, ${losses.needless} of them needlessly`
    parts.push(`${countOf(losses.resent, 'segment was', 'segments were')} sent again${needless}`)
  }
  if (losses.outOfOrder > 0) parts.push(`${losses.outOfOrder} arrived out of order`)
  if (losses.duplicates > 0) parts.push(`${countOf(losses.duplicates, 'copy was', 'copies were')} made by the network`)
  if (losses.lackedBytes > 0) parts.push(`${formatSize(losses.lackedBytes)} were still missing in the end`)
  return parts
}

/** No fault of the session's: the capture lacks it. */
export function describeMissed(losses: Losses | undefined): string[] {
  if (losses === undefined || losses.missedBytes === 0) return []
  return [`${formatSize(losses.missedBytes)} arrived but were not captured`]
}

/** The capture was taken at that end's host: what it sends and gets is seen as it sends and gets it. */
export function isTakenAt(role: Role, { truth }: TcpSummary): boolean {
  const place = truth?.vantage.place
  return place === role || place === 'one host'
}

/** Where the capture was taken, and what says so. */
export function explainVantage({ vantage }: TruthSummary): string {
  const [evidence] = vantage.evidence
  const because = evidence === undefined ? '' : `: ${evidence.text}${framesOf(evidence.frames)}`
  switch (vantage.place) {
    case 'client':
    case 'server':
      return `taken at the ${vantage.place}${because}`
    case 'between':
      return `taken between the two${because}`
    case 'one host':
      return `taken on the one host that has both ends${because}`
    case 'unknown':
      return `where it was taken does not show${because}`
  }
}

/** What the network card did for one end, which the capture shows as segments that never were on the wire so. */
export function explainOffload(truth: TruthSummary, role: Role): string[] {
  const { offload, partialChecksums } = truth[role]
  const sentences: string[] = []
  if (offload !== undefined) {
    const segments = countOf(offload.segments, 'segment of the ' + role, 'segments of the ' + role)
    sentences.push(
      `${segments} ${offload.segments === 1 ? 'is' : 'are'} longer than the maximum segment size of ${offload.mss} (up to ${offload.longest} bytes, from #${offload.frame} on): the network card cuts them up, or has put them together`,
    )
  }
  if (partialChecksums !== undefined) {
    sentences.push(
      `the ${role} left ${countOf(partialChecksums.packets, 'checksum')} to its network card (from #${partialChecksums.frame} on): they are not errors`,
    )
  }
  return sentences
}
