/** The models by name, and what each teaches. */
import type { Model } from '../task.js'
import { fork } from './fork.js'
import { inetd } from './inetd.js'
import { iterative } from './iterative.js'
import { prefork } from './prefork.js'
import { select } from './select.js'
import type { StreamServer } from './server.js'
import { threads } from './threads.js'

interface ModelInfo {
  readonly serve: (server: StreamServer) => void
  readonly summary: string
  readonly teaches: string
}

export const MODEL_INFO: Readonly<Record<Model, ModelInfo>> = {
  iterative: {
    serve: iterative,
    summary: 'one client at a time; the next waits in the backlog',
    teaches: 'the kernel completes handshakes that the program has not accepted: connect returns, and nobody answers',
  },
  fork: {
    serve: fork,
    summary: 'a child process for each client',
    teaches:
      'descriptors are copied: who closes which, why a forgotten copy keeps a connection open, zombies and SIGCHLD',
  },
  prefork: {
    serve: prefork,
    summary: 'a fixed number of children, all accepting on one socket',
    teaches: 'several processes may block in accept on one socket; the kernel gives each connection to one',
  },
  threads: {
    serve: threads,
    summary: 'a thread for each client',
    teaches: 'descriptors are shared, not copied: one close is enough, and one too many closes somebody else’s',
  },
  select: {
    serve: select,
    summary: 'one process and one thread for all clients',
    teaches: 'waiting for many descriptors at once; no call but select may wait, so sockets are non-blocking',
  },
  inetd: {
    serve: inetd,
    summary: 'starts a program with the connection as its descriptors 0, 1 and 2',
    teaches: 'a connected socket is a file: any program can serve it, and learns its client with getpeername',
  },
}
