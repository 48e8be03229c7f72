/**
 * Threads: a thread for each client, all in one process. They share every descriptor: nobody closes a copy, and the
 * thread that served a connection closes it for all.
 */
import { accept, type StreamServer } from './server.js'

export function threads({ listening, service, task, report }: StreamServer): void {
  do {
    const { connected } = accept(listening)
    const settled = new Int32Array(new SharedArrayBuffer(4))
    report({
      kind: 'thread',
      settled,
      task: { kind: 'connection', service: service.name, descriptor: connected, bare: task.bare, calls: task.calls },
    })
    // pthread_create returns when the thread is there, or cannot be
    Atomics.wait(settled, 0, 0)
  } while (!task.once)
}
