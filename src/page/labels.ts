/** One event in words: for lists, and for who listens to the page. */
import { formatSeconds } from '../bytes/time.js'
import { otherRole } from '../explain/endpoints.js'
import { icmpParts } from '../render/ladder/event-rows.js'
import type { Part } from '../render/ladder/lane.js'
import { labelOf, paintOf } from '../render/ladder/packet-label.js'
import { classOf, svgTheme } from '../render/svg/style.js'
import type { Role } from '../sessions/summary.js'
import type { FrameEvent } from './events.js'

export function partsOf(event: FrameEvent, absolute: boolean): Part[] {
  return event.kind === 'icmp' ? icmpParts(event, svgTheme) : labelOf(event, svgTheme, absolute)
}

export function senderOf(event: FrameEvent): Role {
  return event.kind === 'icmp' ? otherRole(event.about) : event.from
}

export function textOf(event: FrameEvent, absolute: boolean): string {
  return partsOf(event, absolute)
    .map(({ text }) => text)
    .join('  ')
}

/** The colour of a packet, by its name in the style sheet. */
export function paintName(event: FrameEvent): string {
  return event.kind === 'icmp' ? 'trouble' : classOf(paintOf(event, svgTheme))
}

export function spokenOf(event: FrameEvent, absolute: boolean): string {
  const sender = event.kind === 'icmp' ? 'ICMP' : `from the ${event.from}`
  return `packet ${event.frame}, ${formatSeconds(event.time, 6)} s, ${sender}: ${textOf(event, absolute)}`
}
