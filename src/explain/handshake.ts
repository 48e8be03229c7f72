/** A TCP handshake in words: who, when, how long each half took, and what was agreed on. */
import { formatCount, formatDuration } from '../bytes/units.js'
import type { Handshake, Opening, TcpSummary } from '../sessions/summary.js'

/** Sentences, without the full stop. */
export function explainHandshake(summary: TcpSummary): string[] {
  const { handshake } = summary
  if (!handshake.syn && !handshake.synAck)
    return ['not captured: who is client and who is server is a guess, from the ports']
  const times = halves(handshake)
  const sentences = [times === undefined ? whatHappened(summary) : `${whatHappened(summary)}: ${times}`]
  if (handshake.client) sentences.push(`the client offers ${offer(handshake.client)}`)
  if (handshake.server) sentences.push(`the server offers ${offer(handshake.server)}`)
  if (handshake.negotiated) sentences.push(agreement(handshake.negotiated))
  return sentences
}

function whatHappened(summary: TcpSummary): string {
  const { syn, synAck, ack } = summary.handshake
  const steps: string[] = []
  if (syn) steps.push(`SYN ${frameAnd(syn.frame, syn.transmissions)}`)
  if (synAck) steps.push(`SYN/ACK ${frameAnd(synAck.frame, synAck.transmissions)}`)
  if (ack) steps.push(`ACK #${ack.frame}`)
  const text = steps.join(', ')
  if (syn && synAck && ack) return text
  if (!syn) return `${text}; the SYN was not captured`
  if (!synAck)
    return summary.teardown.ending === 'refused' ? `${text}, answered by a reset` : `${text}; no SYN/ACK was seen`
  return `${text}; no ACK completed it`
}

function frameAnd(frame: number, transmissions: number): string {
  return transmissions > 1 ? `#${frame} (sent ${transmissions} times)` : `#${frame}`
}

function halves(handshake: Handshake): string | undefined {
  const { serverHalf, clientHalf } = handshake
  if (serverHalf === undefined) return undefined
  const first = `${formatDuration(serverHalf)} from SYN to SYN/ACK`
  return clientHalf === undefined ? first : `${first}, ${formatDuration(clientHalf)} from there to the ACK`
}

function offer(opening: Opening): string {
  const parts = [`ISN ${opening.isn}`, `window ${formatCount(opening.window)}`]
  if (opening.mss !== undefined) parts.push(`MSS ${formatCount(opening.mss)}`)
  if (opening.windowScale !== undefined)
    parts.push(`window scale ${opening.windowScale} (×${2 ** Math.min(opening.windowScale, 14)})`)
  if (opening.sackPermitted) parts.push('SACK')
  if (opening.timestamps) parts.push('timestamps')
  return parts.join(', ')
}

function agreement(negotiated: NonNullable<Handshake['negotiated']>): string {
  const both: string[] = []
  const not: string[] = []
  for (const [agreed, name] of [
    [negotiated.windowScale, 'window scaling'],
    [negotiated.sack, 'SACK'],
    [negotiated.timestamps, 'timestamps'],
  ] as const) {
    if (agreed) both.push(name)
    else not.push(name)
  }
  if (not.length === 0) return `in use: ${both.join(', ')}`
  return both.length === 0
    ? `not in use: ${not.join(', ')}`
    : `in use: ${both.join(', ')}; not in use: ${not.join(', ')}`
}
