/**
 * inetd: the server knows no service. It accepts, and starts a program whose descriptors 0, 1 and 2 are the connection:
 * the program reads standard input and writes standard output, and need not know that there is a network. To learn its
 * client it asks getpeername(0).
 */
import { connectionCommand } from '../child-process.js'
import { formatAddress } from '../sockets/address.js'
import { spawn } from '../sockets/process.js'
import { close, dup } from '../sockets/sockets.js'
import { accept, guarded, type StreamServer } from './server.js'

export function inetd({ listening, service, task, report }: StreamServer): void {
  // the lab's own services still have something to print, as a daemon has syslog
  const notes = dup(1)
  const own = connectionCommand({
    kind: 'connection',
    service: service.name,
    descriptor: 0,
    notes,
    bare: task.bare,
    calls: task.calls,
  })
  const argv = task.program.length > 0 ? task.program : own
  const [program = ''] = argv
  do {
    const { connected, peer } = accept(listening)
    guarded(peer, () => {
      const pid = spawn({
        program,
        argv,
        dup2: [
          [connected, 0],
          [connected, 1],
          [connected, 2],
        ],
        close: [connected, listening, ...(task.program.length > 0 ? [notes] : [])],
      })
      report({ kind: 'child', pid, client: formatAddress(peer) })
    })
    close(connected)
  } while (!task.once)
}
