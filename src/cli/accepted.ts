/** Which connections each server had open, and when: a SYN that it leaves unanswered meanwhile speaks of a full backlog. */
import { parseStart } from '../bytes/time.js'
import type { SessionSummary } from '../sessions/summary.js'

/** Servers that are remembered, and connections of each. */
const MAX_SERVERS = 10_000
const MAX_CONNECTIONS = 256

/** Seconds since 1970: fine enough to tell which came first by more than a microsecond. */
interface Span {
  readonly from: number
  readonly until: number
}

export class Accepted {
  readonly #byServer = new Map<string, Span[]>()

  add(summary: SessionSummary): void {
    if (summary.protocol !== 'tcp' || !summary.handshake.ack) return
    const server = serverOf(summary)
    const spans = this.#byServer.get(server)
    if (spans === undefined) {
      if (this.#byServer.size < MAX_SERVERS) this.#byServer.set(server, [spanOf(summary)])
    } else if (spans.length < MAX_CONNECTIONS) spans.push(spanOf(summary))
  }

  /** Other connections that the server had when this session began. */
  openAtStartOf(summary: SessionSummary): number {
    const { from } = spanOf(summary)
    const spans = this.#byServer.get(serverOf(summary)) ?? []
    return spans.filter((span) => span.from < from && span.until > from).length
  }
}

function serverOf({ server }: SessionSummary): string {
  return `${server.address} ${server.port}`
}

function spanOf({ start, duration }: SessionSummary): Span {
  const [seconds, nanoseconds] = parseStart(start)
  const from = seconds + nanoseconds / 1e9
  return { from, until: from + duration / 1e9 }
}
