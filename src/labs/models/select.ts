/**
 * select: one process, one thread, many clients. Nothing but select ever waits: it says which descriptors can be read or
 * written without waiting, and each of those takes one step. The connected sockets are non-blocking, so that a client
 * that does not read cannot stop the others when its window is full.
 */
import { Connection, type Waiting } from '../connection.js'
import { describeFailure } from '../errors.js'
import { complain } from '../output.js'
import type { Address } from '../sockets/address.js'
import { failedWith } from '../sockets/errno.js'
import { accept, close, setNonBlocking } from '../sockets/sockets.js'
import { DescriptorSet, select as selectCall } from '../sockets/wait.js'
import { guarded, SHORTAGES, type StreamServer, streamOf } from './server.js'

interface Client {
  readonly connected: number
  readonly peer: Address
  /** the service at work, stopped where it would have to wait */
  readonly work: Waiting<void>
  waitsTo: 'read' | 'write'
}

export function select({ listening, service, task }: StreamServer): void {
  const clients = new Map<number, Client>()
  let accepted = 0
  /** no descriptor is left for another client: the next ones wait in the backlog until one leaves */
  let full = false
  const isDone = () => task.once && accepted > 0
  // a client may be gone again between select and accept, which would then wait for the next one
  setNonBlocking(listening)
  while (!isDone() || clients.size > 0) {
    const readers = new DescriptorSet()
    const writers = new DescriptorSet()
    if (!isDone() && !full) readers.add(listening)
    for (const client of clients.values()) (client.waitsTo === 'read' ? readers : writers).add(client.connected)
    waitForAny(readers, writers)

    for (const client of [...clients.values()]) {
      const ready = client.waitsTo === 'read' ? readers : writers
      if (ready.has(client.connected) && step(client, clients)) full = false
    }
    if (readers.has(listening)) {
      const next = acceptIfAny(listening)
      full = next === 'full'
      if (!next || next === 'full') continue
      const { connected, peer } = next
      accepted++
      if (!new DescriptorSet().add(connected)) {
        complain(`descriptor ${connected} does not fit into an fd_set: the client is turned away`)
        close(connected)
        continue
      }
      setNonBlocking(connected)
      const work = streamOf(service).serve(new Connection(connected, peer), task)
      step({ connected, peer, work, waitsTo: 'read' }, clients)
    }
  }
}

/** The next client; none when it is gone again already. */
function acceptIfAny(listening: number): { connected: number; peer: Address } | 'full' | undefined {
  try {
    return accept(listening)
  } catch (error) {
    if (failedWith(error, 'EAGAIN', 'EINTR', 'ECONNABORTED')) return undefined
    if (!failedWith(error, ...SHORTAGES)) throw error
    complain(describeFailure(error))
    return 'full'
  }
}

/** Lets a service go on to where it has to wait again, or to its end. True when it has ended. */
function step(client: Client, clients: Map<number, Client>): boolean {
  let done = true
  guarded(client.peer, () => {
    const next = client.work.next()
    if (next.done) return
    done = false
    client.waitsTo = next.value
    clients.set(client.connected, client)
  })
  if (done) {
    clients.delete(client.connected)
    close(client.connected)
  }
  return done
}

/** select ends early when a signal handler has run: then it is simply called again. */
function waitForAny(readers: DescriptorSet, writers: DescriptorSet): void {
  const asked = [Buffer.from(readers.bits), Buffer.from(writers.bits)] as const
  for (;;) {
    try {
      selectCall(readers, writers)
      return
    } catch (error) {
      if (!failedWith(error, 'EINTR')) throw error
      asked[0].copy(readers.bits)
      asked[1].copy(writers.bits)
    }
  }
}
