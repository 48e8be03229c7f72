/** What a packet's arrow says, piece by piece: flags and sequence numbers first, as Stevens draws them, then the rest. */
import { printable } from '../../bytes/printable.js'
import { formatDuration } from '../../bytes/units.js'
import { findingName, isTrouble } from '../../explain/findings.js'
import type { Finding, PacketEvent, TcpPart } from '../../timeline/model.js'
import { saidIn } from '../../timeline/said.js'
import type { Paint, Theme } from '../style.js'
import type { Part } from './lane.js'

/** More acknowledged frames than this are given as a range. */
const NAMED_FRAMES = 3
const SHORT = 20

export function labelOf(event: PacketEvent, theme: Theme, rawNumbers: boolean): Part[] {
  const parts = event.tcp ? tcpParts(event, event.tcp, theme, rawNumbers) : udpParts(event, theme)
  if (event.cut !== undefined) parts.push({ text: 'cut', paint: theme.faint })
  if (event.seenAgain !== undefined) parts.push({ text: seenAgain(event.seenAgain), paint: theme.faint })
  return parts
}

function seenAgain(frames: readonly number[]): string {
  const named = frames.slice(0, NAMED_FRAMES).map((frame) => `#${frame}`)
  const more = frames.length > NAMED_FRAMES ? ` and ${frames.length - NAMED_FRAMES} more` : ''
  return `seen again ${named.join(' ')}${more}`
}

/** The colour of an arrow: what the segment does, or that something is wrong with it. */
export function paintOf(event: PacketEvent, theme: Theme): Paint {
  if (!event.received || event.truth?.verdict || event.findings.some((finding) => isTrouble(finding.name)))
    return theme.trouble
  const flags = event.tcp?.flags ?? []
  if (flags.includes('RST')) return theme.reset
  if (flags.includes('SYN')) return theme.handshake
  if (flags.includes('FIN')) return theme.teardown
  return event.length > 0 ? theme.data : theme.faint
}

function tcpParts(event: PacketEvent, tcp: TcpPart, theme: Theme, rawNumbers: boolean): Part[] {
  const plain: Paint = (text) => text
  const strong: Paint = event.length > 0 || tcp.flags.some((flag) => flag !== 'ACK') ? theme.strong : plain
  const sequence = rawNumbers ? tcp.rawSequence : tcp.sequence
  const acknowledgment = rawNumbers ? tcp.rawAcknowledgment : tcp.acknowledgment
  const acks = tcp.flags.includes('ACK')
  const pureAck = event.length === 0 && tcp.flags.length === 1 && acks
  const parts: Part[] = []
  if (pureAck) parts.push({ text: `ACK ${acknowledgment}`, paint: strong })
  else {
    const flags = tcp.flags.length === 0 ? 'no flags' : tcp.flags.join('·')
    parts.push({
      text: `${flags} ${sequence}:${afterLast(sequence, event.length, rawNumbers)}(${event.length})`,
      paint: strong,
    })
  }
  parts.push(...findingParts(event, theme))
  if (acks && !pureAck) parts.push({ text: `ack ${acknowledgment}`, paint: plain })
  const acknowledged = acknowledgedFrames(event)
  if (acknowledged !== undefined) parts.push({ text: acknowledged, paint: theme.faint })
  parts.push({ text: `win ${rawNumbers ? tcp.rawWindow : tcp.window}`, paint: theme.faint })
  const options = optionsOf(tcp)
  if (options !== '') parts.push({ text: options, paint: theme.faint })
  parts.push(...payloadPart(event, theme))
  return parts
}

/** What really happened comes first; where Wireshark sees it otherwise, that is said to be its view. */
function findingParts(event: PacketEvent, theme: Theme): Part[] {
  const { truth } = event
  const parts: Part[] = []
  if (truth !== undefined && truth.verdict !== '') {
    const cause = truth.cause === undefined ? '' : ` (${truth.cause})`
    const needless = truth.needed === false ? ', needless' : ''
    parts.push({
      text: `${truth.verdict.replace('out-of-order', 'out of order')}${cause}${needless}`,
      paint: theme.trouble,
    })
  }
  for (const finding of event.findings) {
    const { name } = finding
    const about = aboutSending(name)
    if (about === undefined || truth === undefined) {
      const evidence = hasShortEvidence(finding) ? `, ${printable(finding.evidence)}` : ''
      parts.push({ text: findingName(name) + evidence, paint: isTrouble(name) ? theme.trouble : theme.note })
    } else if (about !== truth.verdict && !isToldBetter(name, event)) {
      parts.push({ text: `Wireshark: ${findingName(name)}`, paint: theme.faint })
    }
  }
  return parts
}

/** Evidence that fits behind the finding's name. */
export function hasShortEvidence(finding: Finding): finding is Finding & { readonly evidence: string } {
  return finding.evidence !== undefined && finding.evidence.length <= SHORT
}

/** The verdict that a finding of Wireshark's comes to; undefined for one about something else. */
function aboutSending(name: string): string | undefined {
  if (name.endsWith('retransmission')) return 'retransmission'
  return name === 'out_of_order' ? 'out-of-order' : undefined
}

/** Wireshark marks a fast or spurious retransmission as a retransmission too. */
function isToldBetter(name: string, event: PacketEvent): boolean {
  return name === 'retransmission' && event.findings.some((other) => other.name.endsWith('_retransmission'))
}

/** Absolute numbers wrap around at 2³². */
function afterLast(sequence: number, length: number, rawNumbers: boolean): number {
  return rawNumbers ? (sequence + length) >>> 0 : sequence + length
}

/** `(of #4, 11 µs)`: which frames this ACK is the first to acknowledge, and how long after the last of them. */
function acknowledgedFrames(event: PacketEvent): string | undefined {
  const frames = event.acknowledges
  const last = frames.at(-1)
  if (last === undefined) return undefined
  const named = frames.length <= NAMED_FRAMES ? frames.map((frame) => `#${frame}`).join(' ') : `#${frames[0]}…#${last}`
  const after = event.acknowledgesAfter === undefined ? '' : `, ${formatDuration(event.acknowledgesAfter)}`
  return `(of ${named}${after})`
}

function optionsOf(tcp: TcpPart): string {
  const parts: string[] = []
  if (tcp.mss !== undefined) parts.push(`mss ${tcp.mss}`)
  if (tcp.windowScale !== undefined) parts.push(`ws ${tcp.windowScale}`)
  if (tcp.sackPermitted) parts.push('sack')
  if (tcp.timestamps !== undefined && tcp.flags.includes('SYN')) parts.push('ts')
  if (tcp.sack) parts.push(`sack ${tcp.sack.map(([left, right]) => `${left}:${right}`).join(' ')}`)
  return parts.join(' ')
}

function udpParts(event: PacketEvent, theme: Theme): Part[] {
  const parts: Part[] = [{ text: `UDP (${event.length})`, paint: theme.strong }]
  for (const finding of event.findings) parts.push({ text: findingName(finding.name), paint: theme.trouble })
  if (event.answers) {
    parts.push({ text: `answers #${event.answers.frame}, ${formatDuration(event.answers.after)}`, paint: theme.faint })
  }
  if (event.repeats !== undefined) parts.push({ text: `#${event.repeats} again`, paint: theme.trouble })
  parts.push(...payloadPart(event, theme))
  return parts
}

function payloadPart(event: PacketEvent, theme: Theme): Part[] {
  const said = saidIn(event)
  return said === undefined ? [] : [{ text: printable(said), paint: theme.data, elastic: true }]
}
