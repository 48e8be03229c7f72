/** A session over Unix-domain sockets in words. */
import { printable } from '../bytes/printable.js'
import { countOf, formatSize } from '../bytes/units.js'
import type { Role } from '../sessions/summary.js'
import type { UnixEnd, UnixSummary } from '../timeline/unix/model.js'

/** Why there are no packets. */
export const WHY_NO_PACKETS =
  "a Unix-domain socket's bytes never leave the kernel: there is nothing to capture, and this is drawn from the calls alone"

export function unixKind({ kind }: UnixSummary): string {
  return kind === 'stream' ? 'Unix-domain stream' : 'Unix-domain datagrams'
}

/** `/tmp/socket (process 8421)` */
export function unixEndName({ name, pids }: UnixEnd): string {
  const [first, ...others] = pids
  const process = first === undefined ? '' : `process ${first}${others.length > 0 ? ` and ${others.length} more` : ''}`
  return printable(name.startsWith('process ') || process === '' ? name : `${name} (${process})`)
}

export function unixWentWell({ untaken, client, server }: UnixSummary): boolean {
  return untaken === 0 && client.pids.length > 0 && server.pids.length > 0
}

export function unixVerdict(summary: UnixSummary): string {
  const { kind, endedFirst, untaken, messages } = summary
  const parts: string[] = []
  for (const role of ['client', 'server'] as const)
    if (summary[role].pids.length === 0) parts.push(`the ${role}'s process was not traced`)
  if (messages === 0) parts.push('nothing was sent')
  else if (untaken > 0) parts.push(`${countOf(untaken, 'message was', 'messages were')} never taken`)
  else if (parts.length === 0) parts.push('all that was sent was taken')
  if (kind === 'stream') parts.push(endedFirst === undefined ? 'nobody closed it' : `the ${endedFirst} closed first`)
  return parts.join('; ')
}

export function unixTopics(summary: UnixSummary): [topic: string, sentences: string[]][] {
  const unit = summary.kind === 'stream' ? 'write' : 'datagram'
  const sent = (role: Role) => {
    const { messages, bytes } = summary.data[role]
    return `the ${role} sent ${formatSize(bytes)} in ${countOf(messages, unit)}`
  }
  return [
    ['data', [sent('client'), sent('server')]],
    [
      'capture',
      [WHY_NO_PACKETS, 'numbers (#) count what one call handed over; the times are those of the calls, not of packets'],
    ],
  ]
}
