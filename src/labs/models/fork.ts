/**
 * Fork: a child process for each client. The child has a copy of every descriptor: it closes the listening socket, the
 * parent closes the connected one. Should the parent forget, the connection would never end: a FIN is sent when the last
 * copy is closed. Children that have ended are zombies until someone waits for them; the thread that keeps watch does, on
 * SIGCHLD.
 */
import { startChild } from '../child-process.js'
import { formatAddress } from '../sockets/address.js'
import { close } from '../sockets/sockets.js'
import { accept, guarded, type StreamServer } from './server.js'

export function fork({ listening, service, task, report }: StreamServer): void {
  do {
    const { connected, peer } = accept(listening)
    guarded(peer, () => {
      const pid = startChild({
        kind: 'connection',
        service: service.name,
        descriptor: connected,
        listening,
        bare: task.bare,
        calls: task.calls,
      })
      report({ kind: 'child', pid, client: formatAddress(peer) })
    })
    close(connected)
  } while (!task.once)
}
