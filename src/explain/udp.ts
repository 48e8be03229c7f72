/** A UDP conversation in words. */
import { countOf, formatDuration, formatSize } from '../bytes/units.js'
import type { RequestSummary, UdpDirection, UdpSummary } from '../sessions/summary.js'
import { explainIcmpErrors } from './icmp.js'

/** Sentences, without the full stop. */
export function explainUdp(summary: UdpSummary): string[] {
  const sentences = [`the client sent ${sent(summary.data.client)}`, `the server sent ${sent(summary.data.server)}`]
  if (summary.assumed)
    sentences.push("who asked and who answered is a guess, from the ports: the first packet is the server's")
  if (summary.requests !== undefined) sentences.push(...explainRequests(summary.requests))
  else sentences.push(explainStreams(summary))
  sentences.push(...explainIcmpErrors(summary))
  return sentences
}

function sent(direction: UdpDirection): string {
  if (direction.packets === 0) return 'nothing'
  const damaged = direction.badChecksums > 0 ? `, ${direction.badChecksums} with a bad checksum` : ''
  return `${countOf(direction.packets, 'datagram')} with ${formatSize(direction.bytes)}${damaged}`
}

function explainRequests(requests: RequestSummary): string[] {
  const { answered, unanswered, repeated, unasked, undecided, replyTime } = requests
  const sentences: string[] = []
  const all = answered + unanswered
  if (unanswered === 0) sentences.push(all === 1 ? 'the request was answered' : 'every request was answered')
  else if (all === 1) sentences.push('the request stayed without an answer')
  else sentences.push(`${unanswered} of ${countOf(all, 'request')} stayed without an answer`)
  if (repeated > 0)
    sentences.push(
      `${countOf(repeated, 'datagram')} of the client's ${repeated === 1 ? 'is a request' : 'are requests'} sent again`,
    )
  if (replyTime !== undefined && answered - undecided > 1) {
    const range = `${formatDuration(replyTime.minimum)} to ${formatDuration(replyTime.maximum)}`
    sentences.push(`replies came after ${range}, ${formatDuration(replyTime.mean)} on average`)
  } else if (replyTime !== undefined) sentences.push(`the reply came after ${formatDuration(replyTime.minimum)}`)
  if (undecided > 0)
    sentences.push(
      `which request ${undecided === 1 ? 'a reply is' : `${undecided} of the replies are`} to cannot be told: several waited`,
    )
  if (unasked > 0)
    sentences.push(`${countOf(unasked, 'datagram')} of the server's came while no request was known to wait`)
  return sentences
}

const CARRIED = {
  QUIC: 'QUIC, a connection with packets and acknowledgments of its own (RFC 9000)',
  DTLS: 'DTLS, a connection with records of its own (RFC 9147)',
  WireGuard: 'WireGuard, a tunnel',
  RTP: 'RTP, media whose sequence numbers rise by one from datagram to datagram (RFC 3550)',
} as const

/** What it is instead of requests and replies, and what shows it. */
function explainStreams({ shape, inside, audience, doubt, data, assumed }: UdpSummary): string {
  if (inside !== undefined) return `what it carries is ${CARRIED[inside]}: no requests and replies`
  if (audience !== undefined) {
    const to = audience === 'multicast' ? 'to a multicast group' : 'to everybody on the network (broadcast)'
    const who =
      data.client.packets === 0 ? '' : ': whoever answers does so from an address of its own, in another session'
    return `this went ${to}${who}`
  }
  if (data.client.packets === 0)
    return assumed
      ? 'what the client asked was not captured'
      : 'such an answer is mostly to a multicast or a broadcast, which is another session'
  if (shape === 'one way') return 'nothing came back; UDP does not say whether anything was to'
  const isNone = 'what goes both ways is not told as requests and replies'
  if (doubt === undefined) return `${isNone}: too few of the client's datagrams were answered`
  return doubt.waiting === 0
    ? `${isNone}: when the server sent #${doubt.frame}, nothing of the client's waited for an answer`
    : `${isNone}: when the server sent #${doubt.frame}, ${doubt.waiting} of the client's datagrams waited, and nothing says which it answers`
}
