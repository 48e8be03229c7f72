/**
 * A timeline as a Mermaid sequence diagram, which GitHub draws in Markdown. Its limits are small (50,000 characters, and
 * pictures that grow too wide), so the diagram says less of a packet than a figure, and stops when it is long enough.
 */
import { append } from '../bytes/lists.js'
import { printable } from '../bytes/printable.js'
import { countOf, formatDuration } from '../bytes/units.js'
import { endName, otherRole } from '../explain/endpoints.js'
import { explainSilence } from '../explain/silence.js'
import type { Role } from '../sessions/summary.js'
import type { AnyTimeline, PacketEvent, TimelineEvent } from '../timeline/model.js'
import { describe } from './ladder/call-rows.js'
import { icmpParts, lookupText, messageParts, resolutionText, runParts } from './ladder/event-rows.js'
import { startStates } from './ladder/ladder.js'
import type { Part } from './ladder/lane.js'
import { labelOf } from './ladder/packet-label.js'
import { groupByPhase } from './ladder/phase-rule.js'
import { plainTheme } from './style.js'
import { truncate } from './width.js'

/** Characters of a diagram: GitHub refuses 50,000. */
const MOST_TEXT = 40_000
/** Columns of one label: a diagram is as wide as its longest. */
const WIDEST = 90
const LETTER: Readonly<Record<Role, string>> = { client: 'C', server: 'S' }
/** Grounds that both of GitHub's themes can bear, behind text of their own colour. */
const GROUND = { handshake: '9, 105, 218', data: '26, 127, 55', teardown: '188, 76, 0' }

/** The lines of one `sequenceDiagram`, without a fence; `timeline` is folded. @param most characters, or little more */
export function drawMermaid(timeline: AnyTimeline, most = MOST_TEXT): string {
  const { summary } = timeline
  const lines = [
    'sequenceDiagram',
    `  participant C as client ${safe(endName(summary, 'client'))}`,
    `  participant S as server ${safe(endName(summary, 'server'))}`,
  ]
  const isTcp = summary.protocol === 'tcp'
  let states = startStates(summary)
  let length = 0
  let leftOut = 0
  if (states !== undefined)
    lines.push(...(['client', 'server'] as const).map((role) => note(role, states?.[role] ?? '')))
  for (const { phase, events } of groupByPhase(timeline.events)) {
    const inside: string[] = []
    for (const event of events) {
      if (length > most) {
        leftOut++
        continue
      }
      const drawn = linesOf(event, isTcp)
      if (event.kind === 'packet' && event.states !== undefined) {
        for (const role of ['client', 'server'] as const) {
          if (states?.[role] !== event.states[role]) drawn.push(note(role, event.states[role]))
        }
        states = event.states
      }
      for (const line of drawn) {
        if (length > most) leftOut++
        else inside.push(line)
        length += line.length + 5
      }
    }
    if (inside.length === 0) continue
    if (phase === undefined || !isTcp) append(lines, inside)
    else {
      lines.push(`  rect rgba(${GROUND[phase]}, 0.08)`, `    Note over C,S: ${phase}`)
      for (const line of inside) lines.push(`  ${line}`)
      lines.push('  end')
    }
  }
  if (leftOut > 0) lines.push(`  Note over C,S: ${countOf(leftOut, 'line')} more not drawn`)
  return lines.join('\n')
}

function linesOf(event: TimelineEvent, isTcp: boolean): string[] {
  switch (event.kind) {
    case 'packet':
      return packetLines(event)
    case 'run':
      return (['client', 'server'] as const).flatMap((from) => {
        const parts = runParts(
          event[from],
          `in ${formatDuration(event.until - event.time)}`,
          isTcp ? 'segment' : 'datagram',
          plainTheme,
        )
        return parts.length === 0 ? [] : [arrow(from, `#${event.firstFrame}–#${event.lastFrame}`, parts, '->>')]
      })
    case 'icmp':
      return [arrow(otherRole(event.about), `#${event.frame}`, icmpParts(event, plainTheme), '-->>')]
    case 'message':
      return [arrow(event.from, `#${event.number}`, messageParts(event, plainTheme), event.received ? '->>' : '-x')]
    case 'silence':
      return [across(explainSilence(event))]
    case 'lookup':
      return [across(lookupText(event))]
    case 'resolution':
      return [across(resolutionText(event))]
    case 'call':
    case 'netstat': {
      const said = describe(event)
      return said === '' ? [] : [note(event.by, said)]
    }
  }
}

function packetLines(event: PacketEvent): string[] {
  const parts = labelOf(event, plainTheme, false)
  const lines = [arrow(event.from, `#${event.frame}`, parts, event.received ? '->>' : '-x')]
  for (const comment of event.comments ?? []) lines.push(across(`✎ ${printable(comment)}`))
  return lines
}

function arrow(from: Role, number: string, parts: readonly Part[], head: string): string {
  const label = truncate([number, ...parts.map((part) => part.text)].join(' '), WIDEST)
  return `  ${LETTER[from]}${head}${LETTER[otherRole(from)]}: ${safe(label)}`
}

function note(role: Role, text: string): string {
  return `  Note ${role === 'client' ? 'left' : 'right'} of ${LETTER[role]}: ${safe(text)}`
}

function across(text: string): string {
  return `  Note over C,S: ${safe(truncate(text, WIDEST))}`
}

/** Letters, digits and what means nothing to Mermaid stay; the rest becomes its entities, `#35;` (HTML's, with a hash). */
function safe(text: string): string {
  return printable(text).replace(/[!-~]/g, (character) =>
    /[\w.,:()/=+[\]-]/.test(character) ? character : `#${character.charCodeAt(0)};`,
  )
}
