/**
 * Iterative: one client at a time. While one is served, the next completes its handshake with the kernel alone and waits
 * in the backlog: its connect returns, its first write is acknowledged, and nobody reads it.
 */
import { close } from '../sockets/sockets.js'
import { accept, type StreamServer, serveClient } from './server.js'

export function iterative({ listening, service, task }: StreamServer): void {
  do {
    const { connected, peer } = accept(listening)
    serveClient(service, connected, peer, task)
    close(connected)
  } while (!task.once)
}
