/** Questions about how a connection is opened. */
import type { PacketEvent } from '../../timeline/model.js'
import { saidIn } from '../../timeline/said.js'
import { formatEndpoint } from '../endpoints.js'
import { type Answer, answered, type TcpSubject, unanswerable } from './answer.js'

export function endpoints({ summary }: TcpSubject): Answer {
  const question = 'What are the IP addresses and TCP ports of the two ends?'
  const { client, server } = summary
  return answered(question, `client ${formatEndpoint(client)}, server ${formatEndpoint(server)}`, [
    whoIsClient(summary),
  ])
}

function whoIsClient({ handshake: { syn, synAck } }: TcpSubject['summary']): string {
  if (syn !== undefined)
    return `the client is who sent the SYN, #${syn.frame}: its source address and port are the client's`
  if (synAck !== undefined)
    return `the client is who the SYN/ACK, #${synAck.frame}, was sent to: its destination address and port are the client's`
  return 'the opening was not captured: who is the client is a guess, from the ports'
}

function synOf({ packets, summary }: TcpSubject): PacketEvent | undefined {
  return packets.find((packet) => packet.frame === summary.handshake.syn?.frame)
}

export function syn(subject: TcpSubject): Answer {
  const question =
    'What is the sequence number of the SYN that opens the connection, and what marks the segment as a SYN?'
  const packet = synOf(subject)
  if (packet?.tcp === undefined) return unanswerable(question, 'the SYN was not captured')
  const { rawSequence, flags } = packet.tcp
  return answered(question, `${rawSequence} (relative: 0); the SYN flag is 1 and the ACK flag is 0`, [
    `#${packet.frame}: Sequence Number ${rawSequence}, flags ${flags.join(', ')}, Acknowledgment Number not in use`,
  ])
}

export function synAck(subject: TcpSubject): Answer {
  const question =
    'What is the sequence number of the SYN/ACK, what is its acknowledgment number and how was that derived, and what marks it?'
  const { summary, packets } = subject
  const packet = packets.find(({ frame }) => frame === summary.handshake.synAck?.frame)
  if (packet?.tcp === undefined) {
    const refused = summary.teardown.ending === 'refused'
    return unanswerable(
      question,
      refused ? 'there was none: the SYN was answered with a reset' : 'no SYN/ACK was captured',
    )
  }
  const { rawSequence, rawAcknowledgment, flags } = packet.tcp
  const syn = synOf(subject)?.tcp
  const derived =
    syn === undefined
      ? 'the SYN that it answers was not captured: its sequence number + 1'
      : derivation(syn.rawSequence, rawAcknowledgment, synOf(subject)?.length ?? 0)
  const answer = `sequence number ${rawSequence} (relative: 0), acknowledgment number ${rawAcknowledgment} (relative: ${packet.tcp.acknowledgment}); SYN and ACK are both 1`
  return answered(question, answer, [
    `#${packet.frame}: Sequence Number ${rawSequence}, Acknowledgment Number ${rawAcknowledgment}, flags ${flags.join(', ')}`,
    derived,
  ])
}

/** A server that takes what came along with the SYN acknowledges that, too (RFC 7413). */
function derivation(sequence: number, acknowledgment: number, along: number): string {
  const next = (sequence + 1) % 2 ** 32
  if (acknowledgment === next)
    return `the SYN's sequence number + 1 = ${sequence} + 1 = ${next}: a SYN takes one sequence number`
  if (along > 0 && acknowledgment === (next + along) % 2 ** 32)
    return `the SYN's sequence number + 1 + ${along} = ${sequence} + 1 + ${along} = ${acknowledgment}: a SYN takes one sequence number, and ${along} bytes of data came with it (TCP Fast Open)`
  return `the SYN's sequence number + 1 would be ${sequence} + 1 = ${next}: this is no answer to that SYN`
}

export function firstRequest({ packets, summary: { handshake } }: TcpSubject): Answer {
  const question = 'What is the sequence number of the segment that carries the first request?'
  const request = packets.find((packet) => packet.from === 'client' && packet.length > 0)
  if (request?.tcp === undefined) return unanswerable(question, 'the client sent no data in this capture')
  const what = saidIn(request) ?? ''
  const { sequence, rawSequence } = request.tcp
  return answered(question, `${rawSequence} (relative: ${sequence})`, [
    `#${request.frame}: ${request.length} bytes of payload${what === '' ? '' : `, ${what}`}`,
    ...(sequence === 1 && (handshake.syn ?? handshake.synAck) !== undefined
      ? [`1 more than the SYN's: the SYN took one sequence number, the payload begins at the next`]
      : []),
  ])
}
