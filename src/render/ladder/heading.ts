/** What stands above a ladder: which session, its verdict, and whose lifelines these are. */

import { formatDate, parseStart } from '../../bytes/time.js'
import { countOf, formatDuration } from '../../bytes/units.js'
import { type AnySummary, endName, protocolName } from '../../explain/endpoints.js'
import { verdict, wentWell } from '../../explain/verdict.js'
import type { Theme } from '../style.js'
import { padStart, truncate, wrap } from '../width.js'
import type { Layout } from './layout.js'

/** Columns that frame, time and gap take at most. */
const LEAST_LEFT = 40

/** The session in one line, and its verdict. */
export function* heading(summary: AnySummary, timeDigits: number, width: number, theme: Theme): Generator<string> {
  const who = `${endName(summary, 'client')} → ${endName(summary, 'server')}`
  const name = `session ${summary.session}  ${protocolName(summary)}`
  const many = summary.protocol === 'unix' ? countOf(summary.messages, 'message') : countOf(summary.packets, 'packet')
  const size = `${many}  ${formatDuration(summary.duration)}`
  const title = `${name}  ${who}  ${size}`
  const lines = wrap(title, width)
  for (const line of lines) yield theme.strong(line)
  const paint = wentWell(summary) ? theme.good : theme.trouble
  for (const line of wrap(verdict(summary), width)) yield paint(line)
  for (const line of wrap(circumstances(summary, timeDigits), width)) yield theme.faint(line)
}

function circumstances(summary: AnySummary, timeDigits: number): string {
  const [seconds, nanoseconds] = parseStart(summary.start)
  if (summary.protocol === 'unix')
    return `began ${formatDate(seconds, nanoseconds, timeDigits)}; no packets: it is drawn from the calls alone`
  const { firstFrame, lastFrame } = summary
  const frames = firstFrame === lastFrame ? `frame #${firstFrame}` : `frames #${firstFrame} to #${lastFrame}`
  const parts = [`began ${formatDate(seconds, nanoseconds, timeDigits)}`, frames]
  if (summary.assumed) parts.push('client and server assumed')
  if (summary.vlans) {
    const names = summary.vlans.join(', ')
    parts.push(summary.vlans.length === 1 ? `VLAN ${names}` : `seen on VLANs ${names}`)
  }
  return parts.join('; ')
}

/** The column titles; an address too long for one line (IPv6) takes a line of its own. */
export function columnTitles(layout: Layout, summary: AnySummary): string[] {
  const client = truncate(`client ${endName(summary, 'client')}`, layout.width - LEAST_LEFT)
  const server = truncate(`server ${endName(summary, 'server')}`, layout.width)
  const left = `${padStart('#', layout.frameWidth)} ${padStart('time', layout.timeWidth)} ${padStart('gap', layout.gapWidth)} `
  const room = layout.width - left.length - client.length
  if (room > server.length) return [left + client + padStart(server, room)]
  return [left + client, padStart(server, layout.width)]
}
