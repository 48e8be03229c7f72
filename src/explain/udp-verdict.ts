/** The verdict on a UDP conversation. */
import { countOf, formatDuration } from '../bytes/units.js'
import { isNotDelivered } from '../sessions/icmp.js'
import type { RequestSummary, UdpSummary } from '../sessions/summary.js'
import { icmpMessage } from './icmp.js'

/** Parts of a sentence. */
export function udpVerdict(summary: UdpSummary): string[] {
  const { client, server } = summary.data
  const error = summary.icmpErrors?.find(isNotDelivered)
  if (error !== undefined && server.packets === 0) {
    const message = icmpMessage(error.version, error.type, error.code)
    return [`not delivered: ${countOf(client.packets, 'datagram')}, and ICMP answered "${message}"`]
  }
  const parts = summary.requests === undefined ? streams(summary) : exchange(summary, summary.requests)
  const unfit = client.badChecksums + server.badChecksums
  if (unfit > 0) parts.push(isDamaged(summary) ? `${unfit} with a bad checksum` : 'no checksum fits')
  if (summary.icmpErrors !== undefined) parts.push(countOf(summary.icmpErrors.length, 'ICMP error'))
  return parts
}

/** Nothing is known to have gone wrong. */
export function udpWentWell(summary: UdpSummary): boolean {
  const { requests, icmpErrors } = summary
  if (icmpErrors !== undefined) return false
  if (requests === undefined) return !isDamaged(summary)
  return requests.answered > 0 && requests.unanswered === 0 && requests.repeated === 0
}

/** Where all of several are damaged it is the capture that is: addresses were changed in it, or checksums not filled in yet. */
function isDamaged({ data: { client, server }, packets }: UdpSummary): boolean {
  const bad = client.badChecksums + server.badChecksums
  return bad > 0 && (bad < packets || packets === 1)
}

function streams({ shape, audience, inside, data: { client, server } }: UdpSummary): string[] {
  const what = inside === undefined ? '' : `${inside}: `
  if (shape === 'both ways')
    return [`${what}${countOf(client.packets, 'datagram')} from the client, ${server.packets} from the server`]
  const [from, to, sent] =
    client.packets === 0 ? (['server', 'client', server] as const) : (['client', 'server', client] as const)
  const datagrams = `${what}${countOf(sent.packets, 'datagram')}`
  if (audience === 'multicast') return [`${datagrams} to a multicast group`]
  if (audience === 'broadcast') return [`${datagrams} to everybody (broadcast)`]
  return [`${datagrams} from the ${from}, none from the ${to}`]
}

function exchange({ data: { client, server } }: UdpSummary, requests: RequestSummary): string[] {
  const { answered, unanswered, repeated, replyTime } = requests
  if (server.packets === 0) return [`no answer: ${countOf(client.packets, 'datagram')} from the client, none back`]
  const parts = [`${countOf(answered + unanswered, 'request')}, ${countOf(server.packets, 'reply', 'replies')}`]
  if (replyTime !== undefined) parts.push(replyTimes(replyTime))
  if (unanswered > 0) parts.push(`${unanswered} unanswered`)
  if (repeated > 0) parts.push(`${repeated} sent again`)
  return parts
}

function replyTimes(times: { readonly minimum: number; readonly maximum: number }): string {
  const shortest = formatDuration(times.minimum)
  const longest = formatDuration(times.maximum)
  return shortest === longest ? `answered after ${shortest}` : `answered after ${shortest} to ${longest}`
}
