/**
 * Holds the states that a capture tells against the states that the kernel was in: at every sample of /proc/net/tcp, for
 * the sessions of the capture that was taken at that very node.
 */
import { readFileSync } from 'node:fs'
import { parseSocketTable, type SocketTable } from '../../../src/calls/socket-table.js'
import { ADAPTERS, type Node } from '../../../src/labs/virtual/names.js'
import type { Role, SessionSummary } from '../../../src/sessions/summary.js'
import type { Timeline } from '../../../src/timeline/model.js'

/** Milliseconds by which a look at the kernel's table and the stamp on a packet may differ. */
const SLACK = 25

/** No socket of that session: before it and after it. A listening socket is not the session's. */
const NONE = 'none'

interface Span {
  readonly state: string
  /** milliseconds since 1970 */
  readonly from: number
  readonly until: number
}

/** Where they disagree, in words. `endsUnseen`: a session may end without a packet; from its last one on, none will do. */
export function disagreements(
  node: Node,
  timelines: readonly Timeline[],
  samples: readonly SocketTable[],
  endsUnseen: boolean,
): string[] {
  const complaints: string[] = []
  for (const timeline of timelines) {
    const { summary } = timeline
    if (summary.protocol !== 'tcp') continue
    const role = roleOf(summary, node)
    const spans = spansOf(timeline, role)
    const [last] = spans.slice(-1)
    for (const sample of samples.filter((one) => one.node === node)) {
      const kernel = kernelState(sample, summary, role)
      const from = Number(sample.from) * 1000
      const until = Number(sample.until) * 1000
      const overlapping = (slack: number) =>
        spans.filter((span) => span.from < until + slack && span.until > from - slack && until + slack > from - slack)
      if (endsUnseen && kernel === NONE && last && from > last.from) continue
      const inferred = overlapping(SLACK).map(({ state }) => state)
      // a state that lasted no longer than the time between two looks may have been missed
      const throughout = overlapping(-SLACK)
        .filter((span) => span.until - span.from > sample.gap + SLACK)
        .map(({ state }) => state)
      if (inferred.includes(kernel) && throughout.every((state) => state === kernel)) continue
      const at = (from - Number(summary.start) * 1000).toFixed(1)
      complaints.push(
        `${node}, session ${summary.session}: from ${at} ms on for ${(until - from).toFixed(1)} ms the kernel says ${kernel}, ` +
          `the capture ${[...new Set([...inferred, ...throughout])].join(', ')}`,
      )
    }
  }
  return complaints
}

export function readSamples(file: string): SocketTable[] {
  return readFileSync(file, 'utf8').trimEnd().split('\n').map(parseSocketTable)
}

function roleOf({ client }: SessionSummary, node: Node): Role {
  const { address, address6 } = ADAPTERS[node]
  return [address, address6].includes(client.address) ? 'client' : 'server'
}

function spansOf({ summary, events }: Timeline, role: Role): Span[] {
  const start = Number(summary.start) * 1000
  const spans: Span[] = []
  let state: string = NONE
  let from = Number.NEGATIVE_INFINITY
  for (const event of events) {
    if (event.kind !== 'packet' || !event.states) continue
    const now = start + event.time / 1e6
    spans.push({ state, from, until: now })
    from = now
    state = event.states[role]
    if (state === 'CLOSED' || state === 'LISTEN') state = NONE
  }
  spans.push({ state, from, until: Number.POSITIVE_INFINITY })
  return spans
}

function kernelState({ sockets }: SocketTable, { client, server }: SessionSummary, role: Role): string {
  const name = ({ address, port }: { address: string; port: number }) =>
    address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`
  const [local, remote] = role === 'client' ? [client, server] : [server, client]
  return sockets.find((one) => one.local === name(local) && one.remote === name(remote))?.state ?? NONE
}
