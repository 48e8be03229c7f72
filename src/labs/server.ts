/** A server from its socket to its end: what `main` of a server does in C. */

import { checkCombination } from './catalog.js'
import { LabError } from './errors.js'
import { MODEL_INFO } from './models/index.js'
import { complain } from './output.js'
import { serviceNamed } from './services/index.js'
import type { DatagramService } from './services/service.js'
import { type Address, formatAddress, unixAddress, withPort } from './sockets/address.js'
import { AF_UNIX, SO_REUSEADDR, SOCK_DGRAM, SOCK_STREAM, SOL_SOCKET } from './sockets/constants.js'
import { failedWith } from './sockets/errno.js'
import { resolve } from './sockets/names.js'
import { bind, close, getsockname, listen, recvfrom, sendto, setsockopt, socket } from './sockets/sockets.js'
import { removeStaleSocket } from './stale-socket.js'
import type { Report, ServeTask, Transport } from './task.js'

/** Serves until the task is done, mostly for ever. Reports the socket file it makes, the children and threads it wants. */
export function runServer(task: ServeTask, report: (report: Report) => void): void {
  const service = serviceNamed(task.service)
  checkCombination(task.service, task.model, task.transport)
  const address = serverAddress(task)
  const datagrams = isDatagram(task.transport)
  const type = datagrams ? SOCK_DGRAM : SOCK_STREAM
  if (address.family === AF_UNIX) removeStaleSocket(address, type)

  const descriptor = socket(address.family, type, 0)
  // without it, a server that closed first cannot be started again on its port until TIME_WAIT is over
  if (task.reuseAddress && address.family !== AF_UNIX) setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, 1)
  bind(descriptor, address)
  if (address.family === AF_UNIX) report({ kind: 'bound', path: address.path })
  if (!datagrams) listen(descriptor, task.backlog)
  const listensOn = task.port === 0 ? getsockname(descriptor) : address
  complain(`${task.service} (${task.model}) listens on ${formatAddress(listensOn)}`)

  if (datagrams && service.datagram) answerDatagrams(descriptor, service.datagram, task.once)
  else MODEL_INFO[task.model].serve({ listening: descriptor, service, task, report })
  if (task.model !== 'prefork') close(descriptor)
}

/** One socket for all clients: each datagram says who sent it, and the answer goes there. */
function answerDatagrams(descriptor: number, service: DatagramService, once: boolean): void {
  do {
    const { bytes, from } = recvfrom(descriptor, service.size, 0)
    const answer = service.answer(bytes)
    if (answer && (from.family !== AF_UNIX || from.path !== '')) answerTo(descriptor, answer, from)
  } while (!once)
}

/** A client that is gone, or an ICMP error that an earlier answer brought back, is no reason to end. */
function answerTo(descriptor: number, answer: Buffer, client: Address): void {
  try {
    sendto(descriptor, answer, 0, client)
  } catch (error) {
    if (!failedWith(error, 'ECONNREFUSED', 'ENOENT', 'EHOSTUNREACH', 'ENETUNREACH', 'EMSGSIZE', 'EPERM')) throw error
    complain(`${error.message} (${formatAddress(client)})`)
  }
}

export function isDatagram(transport: Transport): boolean {
  return transport === 'udp' || transport === 'unix-datagram'
}

function serverAddress(task: ServeTask): Address {
  if (task.transport === 'unix' || task.transport === 'unix-datagram') return unixAddress(task.host)
  const [address] = resolve(task.host)
  if (address) return withPort(address, task.port)
  throw new LabError('NO_HOST', 'ERROR, no such host', 'check the spelling')
}
