/** Hosts that got no address: a problem of no session, since without one there is none. */
import type { LeaseRequest } from '../../sessions/leases.js'
import type { Problem } from './problem.js'

/** Asked once, an answer may be on its way. */
const REQUESTS = 2

export function leaseProblems(unanswered: readonly LeaseRequest[]): Problem[] {
  return unanswered
    .filter(({ requests }) => requests >= REQUESTS)
    .map(({ hardware, requests, firstFrame }) => ({
      name: 'DHCP unanswered',
      diagnosis: `no DHCP server: ${hardware} asked for an address ${requests} times (from #${firstFrame} on) and nobody offered one: its host is left without, or takes one of 169.254.0.0/16 (RFC 3927)`,
      frames: [firstFrame],
    }))
}
