/** Calls on sockets of which a capture has no session: what they say themselves. */
import { formatDuration } from '../bytes/units.js'
import type { Call } from './call.js'
import { nanosecondsBetween } from './moment.js'
import type { Processes } from './processes/model.js'

/** The first few are enough to tell what happened. */
const MOST = 3

/** The calls to a peer that failed, each as `connect to 192.168.56.99:51717 failed with EHOSTUNREACH after 3.09 s`. */
export function failedCalls({ calls }: Processes): string[] {
  const failed = calls.filter(
    ({ errno, peer, transport, isLibrarys }) => errno !== undefined && peer && isInternet(transport) && !isLibrarys,
  )
  return failed.slice(0, MOST).map(({ call, peer, errno, entered, returned }) => {
    const after = returned && ` after ${formatDuration(nanosecondsBetween(entered, returned))}`
    return `${call} to ${peer} failed with ${errno}${after ?? ''}`
  })
}

function isInternet(transport: Call['transport']): boolean {
  return transport === 'tcp' || transport === 'udp'
}
