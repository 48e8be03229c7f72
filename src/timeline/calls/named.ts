/** Which sessions a log's sockets name: those of their two ends, and those of a port that one of them listens on. */
import type { Call } from '../../calls/call.js'
import type { EndpointName, SessionSummary } from '../../sessions/summary.js'
import { parseSocketName } from './socket-name.js'

export class NamedSessions {
  /** `tcp 192.0.2.1 80 192.0.2.2 43210`: an end and its peer; the address of an end may be any of the host's, `*` */
  readonly #pairs = new Set<string>()
  /** `tcp * 51717`: who waits for others there */
  readonly #waiting = new Set<string>()

  constructor(calls: readonly Call[]) {
    for (const { call, transport, local, peer } of calls) {
      if (transport !== 'tcp' && transport !== 'udp') continue
      const own = local === undefined ? undefined : parseSocketName(local)
      const other = peer === undefined ? undefined : parseSocketName(peer)
      if (other !== undefined) this.#pairs.add(`${transport} ${nameOf(own)} ${nameOf(other)}`)
      else if (own !== undefined && own.port !== 0 && (call === 'listen' || call === 'bind' || transport === 'udp'))
        this.#waiting.add(`${transport} ${nameOf(own)}`)
    }
  }

  has({ protocol, client, server }: Pick<SessionSummary, 'protocol' | 'client' | 'server'>): boolean {
    return (
      this.#isPair(protocol, client, server) ||
      this.#isPair(protocol, server, client) ||
      [server, client].some((end) =>
        [end, anyAddress(end)].some((one) => this.#waiting.has(`${protocol} ${nameOf(one)}`)),
      )
    )
  }

  /** A socket that nobody has bound has no name yet: its first datagram gives it one. */
  #isPair(protocol: string, own: EndpointName, other: EndpointName): boolean {
    return [own, anyAddress(own), undefined].some((one) =>
      this.#pairs.has(`${protocol} ${nameOf(one)} ${nameOf(other)}`),
    )
  }
}

function anyAddress({ port }: EndpointName): EndpointName {
  return { address: '*', port }
}

function nameOf(end: EndpointName | undefined): string {
  return end === undefined || end.port === 0 ? '* 0' : `${end.address} ${end.port}`
}
