/** A thread of a lab program: it runs one task and may block in its calls as long as it likes. */
import { parentPort, workerData } from 'node:worker_threads'
import { SynopsisError } from '../errors.js'
import { openCallLog } from './call-log.js'
import { runClient } from './client.js'
import { describeFailure } from './errors.js'
import { serveDescriptor } from './models/server.js'
import { complain } from './output.js'
import { runServer } from './server.js'
import type { ClientTask, ConnectionTask, Report, ServeTask } from './task.js'

const task = workerData as ServeTask | ClientTask | ConnectionTask
const report = (message: Report): void => parentPort?.postMessage(message)

try {
  report({ kind: 'began' })
  openLog()
  switch (task.kind) {
    case 'serve':
      runServer(task, report)
      report({ kind: 'done', status: 0 })
      break
    case 'client':
      report({ kind: 'done', status: runClient(task, report) })
      break
    case 'connection':
      serveDescriptor(task)
      break
  }
} catch (error) {
  if (!(error instanceof SynopsisError)) throw error
  report({ kind: 'failed', message: describeFailure(error) })
}

/** A client is served also where its calls cannot be logged: descriptors may be short. */
function openLog(): void {
  try {
    openCallLog(task.calls)
  } catch (error) {
    if (task.kind !== 'connection' || !(error instanceof SynopsisError)) throw error
    complain(describeFailure(error))
  }
}
