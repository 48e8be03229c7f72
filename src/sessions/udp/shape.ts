/**
 * What a UDP conversation is: requests and their replies, or datagrams that need none. UDP does not say, so this is the rule: they
 * are requests and replies where each of the server's datagrams has its request, the only one that waits or the one whose identifier
 * or content it repeats, and nearly each request has its reply. Of a service that is known to answer everything the capture
 * need not show it.
 */
import { Audience } from './audience.js'
import { Inside } from './inside.js'
import { answersEverything } from './services.js'
import type { UdpSession } from './session.js'

const SHAPES = ['one way', 'requests', 'both ways'] as const
export type UdpShape = (typeof SHAPES)[number]

/** Of a service that is not known, as many requests must have been answered for each that was not. */
const ESTABLISHED = 3

export function shapeOf(session: UdpSession): UdpShape {
  const { client, server, replies, character } = session
  const isKnown = isKnownToAnswer(session)
  if (client.traffic.packets === 0) return 'one way'
  if (server.traffic.packets === 0) return isKnown ? 'requests' : 'one way'
  if (isKnown) return replies.answered >= replies.unasked ? 'requests' : 'both ways'
  if (character.isStream !== 0 || replies.answered === 0) return 'both ways'
  return replies.answered >= ESTABLISHED * session.unanswered ? 'requests' : 'both ways'
}

/** Nothing has been seen, or is to be seen, that says otherwise. */
export function isKnownToAnswer({ server, character }: UdpSession): boolean {
  return answersEverything(server.port) && character.inside === Inside.unknown && character.audience === Audience.host
}
