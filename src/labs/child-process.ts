/** Children of the fork, prefork and inetd models: Node again, running `child.ts` with the descriptors it inherits. */
import { fileURLToPath } from 'node:url'
import { spawn } from './sockets/process.js'
import type { AcceptTask, ConnectionTask } from './task.js'

const PROGRAM = fileURLToPath(new URL('./child.js', import.meta.url))

/** Starts a child; returns its process id. */
export function startChild(task: ConnectionTask | AcceptTask): number {
  return spawn({ program: process.execPath, argv: connectionCommand(task) })
}

export function connectionCommand(task: ConnectionTask | AcceptTask): string[] {
  return [process.execPath, PROGRAM, JSON.stringify(task)]
}
