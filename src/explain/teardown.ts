/** A TCP teardown in words: who closed first, how, and who is left waiting. */
import { formatSeconds } from '../bytes/time.js'
import { formatDuration } from '../bytes/units.js'
import type { TcpSummary, Teardown } from '../sessions/summary.js'
import { otherRole } from './endpoints.js'

/** Sentences, without the full stop. */
export function explainTeardown(summary: TcpSummary): string[] {
  const { teardown } = summary
  const sentences: string[] = []
  const first = teardown.first
  for (const role of first === 'server' ? (['server', 'client'] as const) : (['client', 'server'] as const)) {
    const fin = role === 'client' ? teardown.clientFin : teardown.serverFin
    if (fin === undefined) continue
    const answer = fin.acknowledged
      ? `acknowledged by #${fin.acknowledged.frame}`
      : summary.data[otherRole(role)].packets === 0
        ? 'whose acknowledgment was not captured'
        : 'never acknowledged'
    const lead =
      role === first && teardown.ending !== 'simultaneous'
        ? `the ${role} closed first, with`
        : `the ${role} closed with`
    sentences.push(`${lead} #${fin.frame}, ${answer}`)
  }
  if (teardown.reset) sentences.push(resetSentence(teardown, teardown.reset))
  if (teardown.ending === 'simultaneous') {
    sentences.push('the two crossed: each end had closed before it knew of the other')
  } else if (teardown.halfClosedFor !== undefined && first !== undefined) {
    sentences.push(
      `half closed for ${formatDuration(teardown.halfClosedFor)}: only the ${otherRole(first)} could still send`,
    )
  } else if (teardown.ending === 'half-closed' && first !== undefined) {
    const other = otherRole(first)
    sentences.push(
      summary.data[other].packets === 0
        ? `whether the ${other} closed was not captured: of it there is no packet`
        : `the ${other} never closed: half closed when the capture ends`,
    )
  }
  if (teardown.timeWait) {
    const { role, until } = teardown.timeWait
    const bothWait = summary.clientState === 'TIME_WAIT' && summary.serverState === 'TIME_WAIT'
    const who = bothWait ? `both ends are left in TIME_WAIT, the ${role}` : `the ${role} is left in TIME_WAIT`
    sentences.push(`${who} until ${formatSeconds(until, 3)} s (60 s, as on Linux)`)
  }
  if (sentences.length === 0) sentences.push(`none: ${stillSo(summary)} when the capture ended`)
  return sentences
}

function stillSo({ handshake, data }: TcpSummary): string {
  const isAsking = handshake.syn !== undefined && handshake.synAck === undefined
  return isAsking && data.client.bytes === 0 && data.server.packets === 0
    ? 'no connection had been opened'
    : 'the session was still open'
}

function resetSentence(teardown: Teardown, { by, frame }: NonNullable<Teardown['reset']>): string {
  const who = `the ${by}${orAnother(teardown)}`
  if (teardown.ending === 'refused') return `#${frame}: ${who} refused the connection with a reset`
  return `${who} reset it with #${frame}: what was not delivered by then is lost`
}

/** Added to whoever's name the reset bears. */
export function orAnother({ reset }: Teardown): string {
  return reset?.isForeign ? ' (or a device on the way, in its name)' : ''
}
