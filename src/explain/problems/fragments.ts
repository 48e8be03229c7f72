/** Datagrams that came in pieces, and some of those never: whoever they were for has not got them. Problems of no session. */
import { push } from '../../bytes/lists.js'
import { countOf, formatSize } from '../../bytes/units.js'
import type { Unfinished } from '../../decode/fragments.js'
import type { Observations } from '../../sessions/observations.js'
import { formatEndpoint } from '../endpoints.js'
import { framesIn, named, type Problem } from './problem.js'

/** Seconds in which the pieces of one datagram come; where the capture ends sooner, they may have come after it. */
const TOGETHER = 0.1

/** One a pair of ends. */
export function fragmentProblems({ unfinished, cut, lastSeconds, lastNanoseconds }: Observations): Problem[] {
  // of a packet that was cut short its piece is not known
  if (cut > 0) return []
  const end = lastSeconds + lastNanoseconds / 1e9
  const byEnds = new Map<string, Unfinished[]>()
  for (const one of unfinished) if (end - one.last > TOGETHER) push(byEnds, waysOf(one), one)
  return [...byEnds].map(([ways, datagrams]) => problemOf(ways, datagrams))
}

function waysOf({ source, destination, ports }: Unfinished): string {
  if (ports === undefined) return `${source} → ${destination}`
  const [from, to] = [
    { address: source, port: ports[0] },
    { address: destination, port: ports[1] },
  ]
  return `${formatEndpoint(from)} → ${formatEndpoint(to)}`
}

function problemOf(ways: string, datagrams: readonly Unfinished[]): Problem {
  const frames = framesIn(datagrams)
  const isBegun = datagrams.every(({ bytes }) => bytes > 0)
  const largest = Math.max(...datagrams.map(({ bytes }) => bytes))
  const of = datagrams.length === 1 ? 'of it' : 'of each'
  const what = isBegun
    ? `${of} the first fragments came (${named(frames)}, up to ${formatSize(largest)}), and the rest never did: lost, dropped by a firewall, which finds no ports in them, or left out by the capture's filter, as one by port does`
    : `fragments ${of} came (${named(frames)}), and others never did: lost, or not captured`
  return {
    name: 'fragments missing',
    diagnosis: `${countOf(datagrams.length, 'datagram')} ${ways} came in pieces, and not whole: ${what}; without all of them the receiver has nothing`,
    frames,
  }
}
