/**
 * What the other sessions of a capture say about one: which connections its server had open when it was asked for another, and
 * whether a host that is not heard of any more was up in another connection.
 */
import { parseStart } from '../bytes/time.js'
import type { Surroundings } from '../explain/problems/problem.js'
import type { SessionSummary, TcpSummary } from '../sessions/summary.js'
import type { Survey } from '../survey.js'

/** Servers and hosts that are remembered, and connections of each. */
const MAX_NAMES = 10_000
const MAX_OF_EACH = 256

/** Seconds since 1970: fine enough to tell which came first by more than a microsecond. */
interface Span {
  readonly from: number
  readonly until: number
}

interface Sign {
  readonly at: number
  readonly frame: number
}

/** What a first pass over the capture has found. */
interface Capture {
  readonly timesToLive: Pick<Survey['timesToLive'], 'of'>
  readonly observations: Pick<Survey['observations'], 'lastSeconds' | 'lastNanoseconds'>
}

export class OtherSessions {
  /** connections by their server's address and port */
  readonly #accepted = new Map<string, Span[]>()
  /** signs of life by address */
  readonly #signs = new Map<string, Sign[]>()

  add(summary: SessionSummary): void {
    if (summary.protocol !== 'tcp') return
    if (summary.handshake.ack) remember(this.#accepted, serverOf(summary), spanOf(summary))
    const { from } = spanOf(summary)
    for (const [address, { time, frame }] of spokenIn(summary)) {
      remember(this.#signs, address, { at: from + time / 1e9, frame })
    }
  }

  around(summary: SessionSummary, capture: Capture): Surroundings {
    return {
      untilEnd: timeUntilEnd(summary, capture),
      accepted: this.#openAtStartOf(summary),
      usual: capture.timesToLive.of(summary.server.address),
      heardOf: (role, since) => this.#heardOf(summary, summary[role].address, since),
    }
  }

  /** Other connections that the server had when this session began. */
  #openAtStartOf(summary: SessionSummary): number {
    const { from } = spanOf(summary)
    const spans = this.#accepted.get(serverOf(summary)) ?? []
    return spans.filter((span) => span.from < from && span.until > from).length
  }

  #heardOf(summary: SessionSummary, address: string, since: number): number | undefined {
    const { from, until } = spanOf(summary)
    return this.#signs.get(address)?.find(({ at }) => at >= from + since / 1e9 && at <= until)?.frame
  }
}

/** Who showed in the opening of a connection to be up, when (ns since it began), and in which frame. */
function spokenIn({ client, server, handshake }: TcpSummary): [string, { time: number; frame: number }][] {
  const spoken: [string, { time: number; frame: number }][] = []
  if (handshake.syn) spoken.push([client.address, handshake.syn])
  // a reset may be of a device on the way
  if (handshake.synAck) spoken.push([server.address, handshake.synAck])
  return spoken
}

function remember<T>(byName: Map<string, T[]>, name: string, one: T): void {
  const known = byName.get(name)
  if (known === undefined) {
    if (byName.size < MAX_NAMES) byName.set(name, [one])
    return
  }
  known.push(one)
  // every other one still tells of all of the time
  if (known.length > MAX_OF_EACH)
    byName.set(
      name,
      known.filter((_, index) => index % 2 === 0),
    )
}

function serverOf({ server }: SessionSummary): string {
  return `${server.address} ${server.port}`
}

function spanOf({ start, duration }: SessionSummary): Span {
  const [seconds, nanoseconds] = parseStart(start)
  const from = seconds + nanoseconds / 1e9
  return { from, until: from + duration / 1e9 }
}

/** ns from the session's last packet to the capture's. */
function timeUntilEnd({ start, duration }: SessionSummary, { observations }: Capture): number {
  const [seconds, nanoseconds] = parseStart(start)
  const { lastSeconds, lastNanoseconds } = observations
  return Math.max(0, (lastSeconds - seconds) * 1e9 + (lastNanoseconds - nanoseconds) - duration)
}
