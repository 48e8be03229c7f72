/** What really happened in a TCP session, said of client and server. */
import type { Role, SegmentSummary, TruthSummary } from './summary.js'
import type { SegmentTruth, TruthOfSession, Vantage } from './tcp/truth/result.js'

type Direction = 0 | 1

export function summarizeTruth(truth: TruthOfSession, clientSide: Direction): TruthSummary {
  const roleOf = (direction: Direction): Role => (direction === clientSide ? 'client' : 'server')
  const [first, second] = truth.directions
  return {
    vantage: { place: placeOf(truth.vantage, roleOf), evidence: truth.vantage.evidence },
    client: clientSide === 0 ? first : second,
    server: clientSide === 0 ? second : first,
    segments: truth.segments.map((segment) => segmentSummary(segment, roleOf)),
    capturedTwice: truth.capturedTwice,
    lost: truth.lost,
  }
}

function placeOf(vantage: Vantage, roleOf: (direction: Direction) => Role): TruthSummary['vantage']['place'] {
  if (vantage.place !== 'end') return vantage.place
  return vantage.end === undefined ? 'unknown' : roleOf(vantage.end)
}

export function segmentSummary(segment: SegmentTruth, roleOf: (direction: Direction) => Role): SegmentSummary {
  const { frame, verdict, cause, needed, restsOnTiming, evidence } = segment
  const from = roleOf(segment.direction)
  return {
    frame,
    from,
    verdict,
    ...(cause !== undefined && { cause }),
    ...(needed !== undefined && { needed }),
    restsOnTiming,
    evidence,
  }
}
