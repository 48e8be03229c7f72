/** The rows of each kind of event. */
import { printable } from '../../bytes/printable.js'
import { countOf, formatCount, formatDuration, formatSize } from '../../bytes/units.js'
import { otherRole } from '../../explain/endpoints.js'
import { findingName } from '../../explain/findings.js'
import { framesOf } from '../../explain/frames.js'
import { icmpMessage } from '../../explain/icmp.js'
import { explainSilence } from '../../explain/silence.js'
import type { Role } from '../../sessions/summary.js'
import type { StateName } from '../../sessions/tcp/states.js'
import type {
  IcmpEvent,
  LookupEvent,
  MessageEvent,
  PacketEvent,
  ResolutionEvent,
  RunEvent,
  RunPart,
  SilenceEvent,
} from '../../timeline/model.js'
import type { Paint, Theme } from '../style.js'
import { drawArrow, drawPause, drawText, type Part } from './lane.js'
import { blankLeft, emptyLane, formatGap, type Layout, leftColumns, row, rows } from './layout.js'
import { hasShortEvidence, labelOf, paintOf } from './packet-label.js'

export interface States {
  readonly client: StateName
  readonly server: StateName
}

/** A packet's arrow; `before` are the states that were shown last, so that only changes are. */
export function packetRows(event: PacketEvent, layout: Layout, before: States | undefined, vlan: boolean): string[] {
  const { theme } = layout
  const parts = labelOf(event, theme, layout.rawNumbers)
  if (vlan && event.vlan !== undefined) parts.push({ text: `vlan ${event.vlan}`, paint: theme.faint })
  const lane = drawArrow(layout, { from: event.from, parts, paint: paintOf(event, theme), lost: !event.received })
  for (const text of evidence(event)) lane.push(...drawText(layout, [{ text: `↳ ${text}`, paint: theme.trouble }]))
  for (const comment of event.comments ?? []) {
    lane.push(...drawText(layout, [{ text: `✎ ${printable(comment)}`, paint: theme.note }]))
  }
  const left = leftColumns(layout, String(event.frame), event.time, formatGap(event))
  const client = event.states?.client !== before?.client ? event.states?.client : ''
  const server = event.states?.server !== before?.server ? event.states?.server : ''
  return rows(layout, left, lane, client, server)
}

/**
 * What the verdict rests on, what a sender went by that sent again at once, and why that was needless: the rest of the evidence
 * is in --json. Then that of the findings, where it is not in the arrow already.
 */
export function* evidence({ truth, findings }: PacketEvent): Generator<string> {
  if (truth !== undefined) {
    const [verdict, cause] = truth.evidence
    const shown = new Set([verdict])
    if (truth.cause === 'fast retransmit') shown.add(cause)
    if (truth.needed === false) shown.add(truth.evidence.at(-1))
    for (const one of shown) if (one !== undefined) yield printable(one.text) + framesOf(one.frames)
  }
  for (const finding of findings) {
    if (finding.evidence === undefined || hasShortEvidence(finding)) continue
    if (truth !== undefined && finding.name.endsWith('retransmission')) continue
    const which = findings.length > 1 ? `${findingName(finding.name)}: ` : ''
    yield which + printable(finding.evidence)
  }
}

/** What a Unix-domain end hands to the other. */
export function messageRows(event: MessageEvent, layout: Layout): string[] {
  const { theme } = layout
  const parts = messageParts(event, theme)
  const lane = drawArrow(layout, { from: event.from, parts, paint: messagePaint(event, theme), lost: !event.received })
  return rows(layout, leftColumns(layout, String(event.number), event.time, formatGap(event)), lane)
}

export function messageParts({ what, length, text, passes, received }: MessageEvent, theme: Theme): Part[] {
  const parts: Part[] = []
  if (what === 'connection') parts.push({ text: 'connects', paint: theme.strong })
  else if (what === 'end') parts.push({ text: 'end of file', paint: theme.strong })
  else parts.push({ text: `${formatCount(length)} B`, paint: theme.strong })
  if (passes !== undefined) parts.push({ text: `passes ${countOf(passes, 'descriptor')}`, paint: theme.note })
  if (!received) parts.push({ text: what === 'connection' ? 'never accepted' : 'never read', paint: theme.trouble })
  if (text !== undefined) parts.push({ text: `"${printable(text)}"`, paint: theme.data, elastic: true })
  return parts
}

export function messagePaint({ what, received }: MessageEvent, theme: Theme): Paint {
  if (!received) return theme.trouble
  return { connection: theme.handshake, data: theme.data, end: theme.teardown }[what]
}

/** Many packets in one or two arrows: what each end sent. */
export function runRows(event: RunEvent, layout: Layout): string[] {
  const duration = `in ${formatDuration(event.until - event.time)}`
  const lane: string[] = []
  for (const from of ['client', 'server'] as const) {
    if (event[from].segments + event[from].acks > 0) lane.push(...drawRun(event[from], from, duration, layout))
  }
  if (lane.length < 2) lane.push(emptyLane(layout))
  return lane.map((line, index) => {
    if (index === 0)
      return row(layout, leftColumns(layout, String(event.firstFrame), event.time, formatGap(event)), line)
    if (index === lane.length - 1) return row(layout, leftColumns(layout, `–${event.lastFrame}`, event.until, ''), line)
    return row(layout, blankLeft(layout), line)
  })
}

function drawRun(part: RunPart, from: Role, duration: string, layout: Layout): string[] {
  const { theme } = layout
  const parts = runParts(part, duration, layout.stateWidth === 0 ? 'datagram' : 'segment', theme)
  const paint = part.segments > 0 ? theme.data : theme.faint
  return drawArrow(layout, { from, parts, paint, double: part.segments > 0 })
}

/** What one end sent in a run. */
export function runParts(part: RunPart, duration: string, unit: 'segment' | 'datagram', theme: Theme): Part[] {
  const parts: Part[] = []
  if (part.segments > 0) {
    parts.push({ text: countOf(part.segments, unit), paint: theme.strong })
    parts.push({ text: formatSize(part.bytes), paint: theme.data })
    if (part.to > part.from && unit === 'segment') parts.push({ text: `${part.from}:${part.to}`, paint: theme.faint })
    parts.push({ text: duration, paint: theme.faint })
  }
  if (part.acks > 0) parts.push({ text: countOf(part.acks, 'ACK'), paint: theme.faint })
  return parts
}

export function silenceRows(event: SilenceEvent, layout: Layout): string[] {
  return rows(layout, blankLeft(layout), drawPause(layout, explainSilence(event), layout.theme.faint))
}

/** An ICMP error: drawn towards the end whose packet it is about, from the other end or from somewhere on the way. */
export function icmpRows(event: IcmpEvent, layout: Layout): string[] {
  const { theme } = layout
  const parts = icmpParts(event, theme)
  const lane = drawArrow(layout, {
    from: otherRole(event.about),
    parts,
    paint: theme.trouble,
    midway: event.onTheWay === true,
  })
  return rows(layout, leftColumns(layout, String(event.frame), event.time, formatGap(event)), lane)
}

export function icmpParts(event: IcmpEvent, theme: Theme): Part[] {
  const { version, type, code, about, quotes, by, onTheWay } = event
  return [
    { text: `${version === 6 ? 'ICMPv6' : 'ICMP'} ${icmpMessage(version, type, code)}`, paint: theme.trouble },
    ...(onTheWay ? [{ text: `from ${by}`, paint: theme.trouble }] : []),
    { text: quotes === undefined ? `about the ${about}'s packet` : `about #${quotes}`, paint: theme.faint },
  ]
}

export function lookupRows(event: LookupEvent, layout: Layout): string[] {
  return preludeRows(event.time, lookupText(event), layout)
}

export function lookupText({ queryFrame, answerFrame, name }: LookupEvent): string {
  return `DNS #${queryFrame}, #${answerFrame}: the address of ${printable(name)} was looked up`
}

export function resolutionRows(event: ResolutionEvent, layout: Layout): string[] {
  return preludeRows(event.time, resolutionText(event), layout)
}

export function resolutionText({ requests, requestFrame, replyFrame, address, hardware }: ResolutionEvent): string {
  const asked = requests > 1 ? `, asked ${requests} times` : ''
  return replyFrame > 0
    ? `ARP #${requestFrame}, #${replyFrame}: ${address} is at ${hardware}${asked}`
    : `ARP #${requestFrame}: nobody answered for ${address}${asked}`
}

function preludeRows(time: number, text: string, layout: Layout): string[] {
  return rows(layout, leftColumns(layout, '', time, ''), drawPause(layout, text, layout.theme.note))
}
