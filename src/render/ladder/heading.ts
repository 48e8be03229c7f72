/** What stands above a ladder: which session, its verdict, and whose lifelines these are. */

import { formatDate, parseStart } from '../../bytes/time.js'
import { countOf, formatDuration } from '../../bytes/units.js'
import { formatEndpoint } from '../../explain/endpoints.js'
import { verdict, wentWell } from '../../explain/verdict.js'
import type { SessionSummary } from '../../sessions/summary.js'
import type { Theme } from '../style.js'
import { padStart, wrap } from '../width.js'
import type { Layout } from './layout.js'

/** The session in one line, and its verdict. */
export function* heading(summary: SessionSummary, timeDigits: number, width: number, theme: Theme): Generator<string> {
  const who = `${formatEndpoint(summary.client)} → ${formatEndpoint(summary.server)}`
  const name = `session ${summary.session}  ${summary.protocol.toUpperCase()}`
  const size = `${countOf(summary.packets, 'packet')}  ${formatDuration(summary.duration)}`
  const title = `${name}  ${who}  ${size}`
  const lines = wrap(title, width)
  for (const line of lines) yield theme.strong(line)
  const paint = wentWell(summary) ? theme.good : theme.trouble
  for (const line of wrap(verdict(summary), width)) yield paint(line)
  for (const line of wrap(circumstances(summary, timeDigits), width)) yield theme.faint(line)
}

function circumstances(summary: SessionSummary, timeDigits: number): string {
  const [seconds, nanoseconds] = parseStart(summary.start)
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
export function columnTitles(layout: Layout, summary: SessionSummary): string[] {
  const client = `client ${formatEndpoint(summary.client)}`
  const server = `server ${formatEndpoint(summary.server)}`
  const left = `${padStart('#', layout.frameWidth)} ${padStart('time', layout.timeWidth)} ${padStart('gap', layout.gapWidth)} `
  const room = layout.width - left.length - client.length
  if (room > server.length) return [left + client + padStart(server, room)]
  return [left + client, padStart(server, layout.width)]
}
