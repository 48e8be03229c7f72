/** A UDP conversation in words. */
import { countOf, formatDuration, formatSize } from '../bytes/units.js'
import type { UdpDirection, UdpSummary } from '../sessions/summary.js'
import { explainIcmpErrors } from './icmp.js'

/** Sentences, without the full stop. */
export function explainUdp(summary: UdpSummary): string[] {
  const sentences = [`the client sent ${sent(summary.data.client)}`, `the server sent ${sent(summary.data.server)}`]
  if (summary.assumed)
    sentences.push("who asked and who answered is a guess, from the ports: the first packet is the server's")
  if (summary.data.client.packets > 0) {
    const all = summary.answered + summary.unanswered
    if (summary.unanswered === 0) sentences.push(all === 1 ? 'the request was answered' : 'every request was answered')
    else if (all === 1) sentences.push('the request stayed without an answer')
    else sentences.push(`${summary.unanswered} of ${countOf(all, 'request')} stayed without an answer`)
  }
  const times = summary.replyTime
  if (times && summary.answered > 1) {
    const range = `${formatDuration(times.minimum)} to ${formatDuration(times.maximum)}`
    sentences.push(`replies came after ${range}, ${formatDuration(times.mean)} on average`)
  } else if (times) sentences.push(`the reply came after ${formatDuration(times.minimum)}`)
  sentences.push(...explainIcmpErrors(summary))
  return sentences
}

function sent(direction: UdpDirection): string {
  if (direction.packets === 0) return 'nothing'
  const damaged = direction.badChecksums > 0 ? `, ${direction.badChecksums} with a bad checksum` : ''
  return `${countOf(direction.packets, 'datagram')} with ${formatSize(direction.bytes)}${damaged}`
}
