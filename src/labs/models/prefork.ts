/**
 * Prefork: a fixed number of children, made before the first client comes, all blocked in accept on one listening socket.
 * The kernel gives each connection to one of them. No fork is paid for a client, and no more clients are served at once
 * than there are children.
 */
import { startChild } from '../child-process.js'
import { pause } from '../sockets/process.js'
import { close } from '../sockets/sockets.js'
import type { StreamServer } from './server.js'

export function prefork({ listening, service, task, report }: StreamServer): void {
  for (let child = 0; child < task.children; child++) {
    const pid = startChild({
      kind: 'accept',
      parent: process.pid,
      service: service.name,
      listening,
      once: task.once,
      bare: task.bare,
      calls: task.calls,
    })
    report({ kind: 'child', pid, client: '' })
  }
  // the children have it, and serve; this process has nothing more to do
  close(listening)
  for (;;) pause()
}
