/** The findings about one packet, each with its evidence in words. */
import { formatDuration, formatOrdinal } from '../bytes/units.js'
import { ChecksumStatus } from '../decode/checksums.js'
import { type Packet, ProblemKind } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import { analysisFields } from '../sessions/tcp/wireshark/result.js'
import type { Finding } from './model.js'

const TCP = 6
const NONE: readonly Finding[] = []
const DROPPED = ': the receiver drops it'
/** of a datagram: nothing says what became of it */
const DROPPED_SO = ': who receives it so drops it'
const REWRITTEN =
  ', as in all packets of this end, and the connection went on: they were changed after they had arrived'

/** `isTold`: an earlier packet of this end has said that its checksums do not fit, and why that means nothing. */
export function findingsOf(packet: Packet, facts: PacketFacts, isTold: boolean): readonly Finding[] {
  const isUnfit = packet.transportChecksum === ChecksumStatus.bad && !isTold
  const bad = isUnfit || packet.networkChecksum === ChecksumStatus.bad
  const malformed = packet.problem.kind !== ProblemKind.none && packet.problem.kind !== ProblemKind.cut
  if (facts.wireshark.flags === 0 && !bad && !malformed) return NONE
  const findings: Finding[] = []
  for (const [field, bit] of analysisFields) {
    if ((facts.wireshark.flags & bit) === 0) continue
    const name = field.slice('tcp.analysis.'.length)
    const evidence = evidenceFor(name, facts)
    findings.push(evidence === undefined ? { name } : { name, evidence })
  }
  if (bad) {
    const isTcp = packet.transportProtocol === TCP
    const fate = isRewritten(packet, facts) ? REWRITTEN : isTcp ? DROPPED : DROPPED_SO
    findings.push({ name: 'bad_checksum', evidence: `the checksum does not fit the bytes${fate}` })
  }
  if (malformed) findings.push({ name: 'malformed', evidence: packet.problem.field })
  return findings
}

/** Its checksum does not fit, and it was received all the same: what the capture holds is not what the wire had. */
export function isRewritten(packet: Packet, facts: PacketFacts): boolean {
  return packet.transportProtocol === TCP && packet.transportChecksum === ChecksumStatus.bad && facts.received
}

/** The bytes of a segment with a bad checksum were acknowledged by `frame`, and had come no other time. */
export function foundAcknowledged(findings: readonly Finding[], frame: number): readonly Finding[] {
  const evidence = `the checksum does not fit the bytes, but #${frame} acknowledges them and they came only here: they arrived, and the wire had them right`
  return withEvidence(findings, evidence)
}

/** No checksum of its end fits, as a later packet shows; the first of them says so. */
export function foundRewritten(findings: readonly Finding[], isFirst: boolean): readonly Finding[] {
  return isFirst
    ? withEvidence(findings, `the checksum does not fit the bytes${REWRITTEN}`)
    : findings.filter(({ name }) => name !== 'bad_checksum')
}

/** A checksum of its end fits after all: it was damaged on the way. */
export function foundDropped(findings: readonly Finding[]): readonly Finding[] {
  return withEvidence(findings, `the checksum does not fit the bytes${DROPPED}`)
}

/** `frame` answers a datagram with a bad checksum. */
export function foundAnswered(findings: readonly Finding[], frame: number): readonly Finding[] {
  const evidence = `the checksum does not fit the bytes, but #${frame} answers it: it arrived, and the wire had it right`
  return withEvidence(findings, evidence)
}

function withEvidence(findings: readonly Finding[], evidence: string): readonly Finding[] {
  return findings.map((finding) => (finding.name === 'bad_checksum' ? { ...finding, evidence } : finding))
}

function evidenceFor(name: string, facts: PacketFacts): string | undefined {
  const seen = facts.wireshark
  if (name === 'duplicate_ack' && seen.duplicateAckFrame > 0)
    return `the ${formatOrdinal(seen.duplicateAckNumber)} of #${seen.duplicateAckFrame}`
  if (name.endsWith('retransmission') && seen.rtoFrame > 0)
    return `sent again ${formatDuration(seen.rto)} after #${seen.rtoFrame}`
  return undefined
}
