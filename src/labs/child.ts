/** The program that a child process of a lab server runs. It blocks in its calls, and a signal ends it as it does in C. */
import { SynopsisError } from '../errors.js'
import { openCallLog } from './call-log.js'
import { describeFailure } from './errors.js'
import { accept, serveClient, serveDescriptor } from './models/server.js'
import { complain, printTo } from './output.js'
import { serviceNamed } from './services/index.js'
import { dieWithParent, exit } from './sockets/process.js'
import { close } from './sockets/sockets.js'
import type { AcceptTask, ConnectionTask } from './task.js'

const task = JSON.parse(process.argv[2] ?? '{}') as ConnectionTask | AcceptTask
try {
  openCallLog(task.calls)
  if (task.kind === 'connection') serveOne(task)
  else acceptInTurn(task)
} catch (error) {
  if (!(error instanceof SynopsisError)) throw error
  complain(describeFailure(error))
  exit(error.exitStatus)
}
exit(0)

/** fork, inetd: one client, whose socket the parent accepted */
function serveOne(connection: ConnectionTask): void {
  if (connection.listening !== undefined) close(connection.listening)
  if (connection.notes !== undefined) printTo(connection.notes)
  serveDescriptor(connection)
}

/** prefork: client after client, each accepted here */
function acceptInTurn({ service, listening, once, parent, ...choices }: AcceptTask): void {
  dieWithParent(parent)
  do {
    const { connected, peer } = accept(listening)
    serveClient(serviceNamed(service), connected, peer, choices)
    close(connected)
  } while (!once)
}
