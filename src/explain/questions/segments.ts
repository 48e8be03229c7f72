/** Questions about the first data segments: when they went, when they were acknowledged, and what that says of the round trip. */
import { formatSeconds } from '../../bytes/time.js'
import { countOf, formatCount } from '../../bytes/units.js'
import { sentAgain } from '../../timeline/measures/round-trips.js'
import type { PacketEvent } from '../../timeline/model.js'
import { type Answer, answered, milliseconds, NO_DATA, type TcpSubject, transferOf, unanswerable } from './answer.js'

const FIRST = 6
const DIGITS = 9

export function firstSegments(subject: TcpSubject): Answer {
  const question =
    'Of the first six data segments: what are their sequence numbers, when was each sent and acknowledged, what is its RTT, and EstimatedRTT after it?'
  const transfer = transferOf(subject)
  const segments = transfer?.segments.slice(0, FIRST) ?? []
  if (transfer === undefined || segments.length === 0) return unanswerable(question, NO_DATA)
  const evidence: string[] = []
  let estimated: number | undefined
  const isAmbiguous = sentAgain(subject.packets, transfer.sender)
  const byFrame = new Map(subject.packets.map((packet) => [packet.frame, packet]))
  for (const segment of segments) {
    const ack = byFrame.get(segment.acknowledgedBy ?? 0)
    const sent = `#${segment.frame}: sequence number ${segment.tcp?.rawSequence ?? 0} (relative ${segment.tcp?.sequence ?? 0}), sent ${formatSeconds(segment.time, DIGITS)} s`
    if (ack === undefined) {
      evidence.push(`${sent}, never acknowledged in this capture`)
      continue
    }
    const acknowledged = `acknowledged ${formatSeconds(ack.time, DIGITS)} s by #${ack.frame}`
    const covered = [segment, ...ack.acknowledges.map((frame) => byFrame.get(frame))]
    const twice = covered.find((one) => one !== undefined && isAmbiguous(one))?.frame
    if (twice !== undefined) {
      evidence.push(`${sent}, ${acknowledged}: no RTT, ${whyAmbiguous(segment, twice)} (Karn's rule)`)
      continue
    }
    const rtt = ack.time - segment.time
    const before: number | undefined = estimated
    estimated = before === undefined ? rtt : 0.875 * before + 0.125 * rtt
    evidence.push(
      `${sent}, ${acknowledged}: RTT = ${milliseconds(rtt)}; EstimatedRTT = ${
        before === undefined
          ? `RTT of the first = ${milliseconds(estimated)}`
          : `0.875 × ${milliseconds(before)} + 0.125 × ${milliseconds(rtt)} = ${milliseconds(estimated)}`
      }`,
    )
  }
  const few = segments.length < FIRST ? `only ${countOf(segments.length, 'data segment')} there` : 'the first six'
  const end =
    estimated === undefined ? 'no RTT could be measured' : `EstimatedRTT in the end is ${milliseconds(estimated)}`
  return answered(question, `of the ${transfer.sender}, ${few}: ${end}`, [...evidence, ...vantageWarning(subject)])
}

function whyAmbiguous({ frame, truth }: PacketEvent, twice: number): string {
  if (twice !== frame)
    return `since that ACK also covers #${twice}, which was sent twice: it may have waited for the second`
  return truth?.verdict === 'retransmission'
    ? 'since it had been sent before, and the capture does not have that'
    : 'since it was sent twice: the ACK may be for either'
}

/** RTTs are those of the sender only where the capture was taken there. */
function vantageWarning({ summary, sender }: TcpSubject): string[] {
  const place = summary.truth?.vantage.place
  if (place === undefined || place === sender || place === 'one host') return []
  if (place === 'unknown')
    return [
      'where the capture was taken does not show: at the receiver, these times are only how long it took to acknowledge',
    ]
  const where = place === 'between' ? 'between the two' : `at the ${place}`
  return [`the capture was taken ${where}, not at the sender: its own round trips were longer by the way to this point`]
}

export function lengths(subject: TcpSubject): Answer {
  const question = 'How long are the first six data segments?'
  const transfer = transferOf(subject)
  const segments = transfer?.segments.slice(0, FIRST) ?? []
  if (segments.length === 0) return unanswerable(question, NO_DATA)
  const offload = subject.summary.truth?.[transfer?.sender ?? 'client'].offload
  const { client, server } = subject.summary.handshake
  const mss = (transfer?.sender === 'client' ? server : client)?.mss
  return answered(question, `${segments.map((segment) => formatCount(segment.length)).join(', ')} bytes of payload`, [
    segments.map(describeLength).join('; '),
    ...(mss === undefined
      ? []
      : [`the receiver's SYN offered an MSS of ${formatCount(mss)}: header options come off it`]),
    ...(offload && segments.some(({ length }) => length > offload.mss)
      ? [`some are longer than that: the network card cuts them up (segmentation offload)`]
      : []),
  ])
}

function describeLength(segment: PacketEvent): string {
  const sequence = segment.tcp?.sequence ?? 0
  return `#${segment.frame}: ${sequence + segment.length} − ${sequence} = ${segment.length}`
}
