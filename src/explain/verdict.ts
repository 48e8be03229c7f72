/** A session's verdict: one sentence that says how it began, how it ended, and what went wrong. */
import { countOf, formatDuration, formatSize } from '../bytes/units.js'
import { isNotDelivered } from '../sessions/icmp.js'
import type { Role, TcpSummary } from '../sessions/summary.js'
import { type AnySummary, otherRole } from './endpoints.js'
import { icmpMessage } from './icmp.js'
import { orAnother } from './teardown.js'
import { describeLosses, describeMissed, lossesOf } from './truth.js'
import { udpVerdict, udpWentWell } from './udp-verdict.js'
import { unixVerdict, unixWentWell } from './unix.js'

const ROLES: readonly Role[] = ['client', 'server']

/** A half-close shorter than this, in ns, is only the time that the other end took to close as well. */
const WORTH_TELLING = 1e9

export function verdict(summary: AnySummary): string {
  if (summary.protocol === 'unix') return unixVerdict(summary)
  const parts = summary.protocol === 'tcp' ? tcpVerdict(summary) : udpVerdict(summary)
  if (summary.resumed) parts.unshift('goes on from an earlier part')
  return parts.join('; ')
}

/** True when the session was opened, used and closed as it should be, and nothing went wrong. */
export function wentWell(summary: AnySummary): boolean {
  if (summary.protocol === 'unix') return unixWentWell(summary)
  if (summary.protocol === 'udp') return udpWentWell(summary)
  return isComplete(summary) && troubles(summary).length === 0
}

function tcpVerdict(summary: TcpSummary): string[] {
  const failure = failedOpening(summary)
  if (failure !== undefined) return [failure]
  const parts: string[] = []
  if (isComplete(summary)) parts.push('complete')
  else if (summary.assumed) parts.push('the opening was not captured')
  else if (!summary.handshake.syn) parts.push('the SYN was not captured')
  else if (!summary.handshake.synAck) parts.push('the SYN/ACK was not captured')
  else if (!summary.handshake.ack) parts.push('never fully opened')
  parts.push(ending(summary))
  const wrong = troubles(summary)
  const missed = describeMissed(lossesOf(summary, ROLES))
  if (wrong.length > 0) parts.push(...wrong)
  else if (!carriedData(summary)) parts.push(missed.length > 0 ? 'no data was captured' : 'no data')
  // what a reset destroys at the other end, nobody is told
  else if (summary.teardown.ending !== 'reset') parts.push('nothing was lost')
  return [...parts, ...missed, ...unfit(summary)]
}

/** The capture has the whole of it: three-way handshake, and both ends closed. */
function isComplete(summary: TcpSummary): boolean {
  const { syn, synAck, ack } = summary.handshake
  const { ending } = summary.teardown
  return (
    syn !== undefined &&
    synAck !== undefined &&
    ack !== undefined &&
    (ending === 'orderly' || ending === 'simultaneous')
  )
}

/** Why there was no connection at all; undefined when there was one. */
function failedOpening(summary: TcpSummary): string | undefined {
  const { syn, synAck } = summary.handshake
  if (syn === undefined || synAck !== undefined) return undefined
  if (summary.teardown.ending === 'refused') return 'refused: the SYN was answered with a reset'
  if (summary.data.server.packets > 0 || summary.data.client.bytes > 0) return undefined
  const syns = countOf(syn.transmissions, 'SYN')
  const error = summary.icmpErrors?.find(isNotDelivered)
  if (error !== undefined)
    return `not reached: ${syns}, and ICMP answered "${icmpMessage(error.version, error.type, error.code)}"`
  if (summary.teardown.reset) return `given up: the client sent ${syns} and then a reset; nothing came back`
  const waited = summary.duration > 0 ? ` in ${formatDuration(summary.duration)}` : ''
  return `no answer: ${syns}${waited}, and nothing came back`
}

function ending(summary: TcpSummary): string {
  const { teardown, handshake } = summary
  const first = teardown.first ?? 'client'
  switch (teardown.ending) {
    case 'orderly': {
      const pause = teardown.halfClosedFor ?? 0
      const half = pause >= WORTH_TELLING ? `, and the ${otherRole(first)} ${formatDuration(pause)} later` : ''
      return `the ${first} closed first${half}`
    }
    case 'simultaneous':
      return 'both ends closed at once'
    case 'half-closed':
      return summary.data[otherRole(first)].packets === 0
        ? `the ${first} closed, and the ${otherRole(first)} was not captured`
        : `only the ${first} closed`
    case 'refused':
      return 'refused by the server'
    case 'reset': {
      const by = teardown.reset?.by ?? first
      const closed = teardown.clientFin ?? teardown.serverFin
      const before = closed && closed.frame < (teardown.reset?.frame ?? 0)
      const whose = orAnother(teardown)
      if (!before) return `reset by the ${by}${whose}`
      return `the ${first} closed, then ${by === first && whose === '' ? '' : `the ${by}${whose} `}reset it`
    }
    case 'none':
      return handshake.syn && handshake.synAck && !handshake.ack && summary.data.client.bytes === 0
        ? 'no answer to the SYN/ACK was captured'
        : 'still open when the capture ends'
  }
}

function carriedData(summary: TcpSummary): boolean {
  return summary.data.client.bytes + summary.data.server.bytes > 0
}

/** What went wrong on the way, worst first. */
function troubles(summary: TcpSummary): string[] {
  const losses = lossesOf(summary, ROLES)
  const parts = losses === undefined ? countedLosses(summary) : describeLosses(losses)
  const changed = unfitEnds(summary)
  const fitting = ROLES.filter((role) => !changed.includes(role))
  const damaged = fitting.reduce((sum, role) => sum + summary.data[role].badChecksums, 0)
  if (damaged > 0) parts.push(`${damaged} with a bad checksum`)
  for (const role of ROLES) {
    const times = summary.data[role].remarks?.zeroWindows ?? 0
    if (times > 0) parts.push(`the ${role} closed its window ${times === 1 ? 'once' : `${times} times`}`)
  }
  if (summary.icmpErrors) parts.push(countOf(summary.icmpErrors.length, 'ICMP error'))
  return parts
}

/** What the capture shows otherwise than it was: the session itself went no worse for it. */
function unfit(summary: TcpSummary): string[] {
  const [one, other] = unfitEnds(summary)
  return one === undefined ? [] : [`no checksum of ${other === undefined ? `the ${one}'s` : 'either end'} fits`]
}

/** Ends of which no checksum fits: the packets were changed after they had arrived. A single one may be damaged. */
function unfitEnds({ data }: TcpSummary): readonly Role[] {
  const unfit = ROLES.filter((role) => data[role].packets > 0 && data[role].badChecksums === data[role].packets)
  return unfit.some((role) => data[role].packets > 1) || unfit.length > 1 ? unfit : []
}

/** Without a look at each segment, there is only how many bytes came again. */
function countedLosses({ data: { client, server } }: TcpSummary): string[] {
  const bytes = client.retransmittedBytes + server.retransmittedBytes
  return bytes > 0 ? [`${formatSize(bytes)} were sent again`] : []
}
