/** What every model has in common: a listening socket, and what to do with a connection. */
import { blocking, Connection } from '../connection.js'
import { CallError, describeFailure, LabError } from '../errors.js'
import { complain } from '../output.js'
import { pauseFor } from '../pause.js'
import { serviceNamed } from '../services/index.js'
import type { ServeChoices, Service, StreamService } from '../services/service.js'
import { type Address, formatAddress } from '../sockets/address.js'
import { failedWith } from '../sockets/errno.js'
import * as sockets from '../sockets/sockets.js'
import { close, getpeername } from '../sockets/sockets.js'
import type { ConnectionTask, Report, ServeTask } from '../task.js'

export interface StreamServer {
  readonly listening: number
  readonly service: Service
  readonly task: ServeTask
  /** tells the thread that keeps watch */
  readonly report: (report: Report) => void
}

/** What accept fails with when this process, or the system, has no descriptor or memory for another connection. */
export const SHORTAGES: readonly string[] = ['EMFILE', 'ENFILE', 'ENOBUFS', 'ENOMEM']

/** How long to leave a connection in the backlog when there is no descriptor for it. */
const SHORTAGE_MS = 100

/**
 * Waits for the next connection. One that its client has already thrown away is passed over, and a shortage of
 * descriptors passes when clients leave: neither is a reason to leave those who are being served.
 */
export function accept(listening: number): { connected: number; peer: Address } {
  for (let short = false; ; ) {
    try {
      return sockets.accept(listening)
    } catch (error) {
      if (failedWith(error, 'ECONNABORTED', 'EINTR')) continue
      if (!failedWith(error, ...SHORTAGES)) throw error
      if (!short) complain(describeFailure(error))
      short = true
      pauseFor(SHORTAGE_MS)
    }
  }
}

/** Serves one client to its end. A client that resets costs only itself. */
export function serveClient(service: Service, connected: number, peer: Address, choices: ServeChoices): void {
  const client = new Connection(connected, peer)
  guarded(peer, () => blocking(streamOf(service).serve(client, choices)))
}

/** Serves the client of an inherited or shared descriptor, which knows its other end. */
export function serveDescriptor({ service, descriptor, ...choices }: ConnectionTask): void {
  try {
    serveClient(serviceNamed(service), descriptor, getpeername(descriptor), choices)
  } catch (error) {
    // the client was gone before it could be asked for
    if (!failedWith(error, 'ENOTCONN', 'EINVAL')) throw error
    complain(error.message)
  } finally {
    close(descriptor)
  }
}

/** Runs `work`, and reports the failed call of one client instead of ending the server. */
export function guarded(peer: Address, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof CallError)) throw error
    complain(`${error.message} (${formatAddress(peer) || 'unnamed socket'})`)
  }
}

export function streamOf(service: Service): StreamService {
  if (service.stream) return service.stream
  throw new LabError('COMBINATION', `${service.name} has no streams`, 'see `synopsis lab list`')
}
