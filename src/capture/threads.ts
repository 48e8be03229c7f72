/** The capture's threads, as the thread sees them that started them. */
import { Worker } from 'node:worker_threads'
import type { CaptureMessage, CaptureThreadData, OpenedInterface, StopMessage } from './capture-thread.js'
import { fromPlain } from './errors.js'
import type { InterfaceState } from './line.js'
import type { OutputEnd } from './output-sink.js'
import { startUrgently } from './priority.js'
import type { StopReason } from './stop-reason.js'
import type { WriterMessage, WriterThreadData } from './writer-thread.js'

export interface CaptureThread {
  /** rejected with a CaptureError when an interface can't be opened */
  readonly opened: Promise<readonly OpenedInterface[]>
  readonly ended: Promise<{ readonly reason: StopReason; readonly message?: string }>
  stop(reason: StopReason): void
}

export interface CaptureListener {
  /** there is something new, after the viewer has asked for the bell */
  bell(): void
  /** something became of the interface `id` */
  state(id: number, state: InterfaceState, message: string): void
}

export function startCapturing(url: URL, data: CaptureThreadData, listener: CaptureListener): CaptureThread {
  const worker = startWorker(url, data)
  let message: string | undefined
  const opened = new Promise<readonly OpenedInterface[]>((resolve, reject) => {
    worker.on('message', (told: CaptureMessage) => {
      if (told.type === 'opened') resolve(told.interfaces)
      else if (told.type === 'failed') reject(fromPlain(told.error))
      else if (told.type === 'bell') listener.bell()
      else if (told.type === 'state') {
        if (told.state === 'gone') message = told.message
        listener.state(told.id, told.state, told.message)
      }
    })
    worker.once('error', reject)
  })
  const ended = new Promise<{ reason: StopReason; message?: string }>((resolve, reject) => {
    worker.on('message', (told: CaptureMessage) => {
      if (told.type !== 'ended') return
      const { reason } = told
      resolve({ reason, ...(reason === 'interface-gone' && message !== undefined && { message }) })
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the capturing thread ended without a word')))
  })
  ended.catch(() => {})
  return { opened, ended, stop: (reason) => worker.postMessage({ type: 'stop', reason } satisfies StopMessage) }
}

export interface WriterThread {
  /** resolved when everything is written, and the files are closed */
  readonly ended: Promise<{ readonly files: readonly string[]; readonly end?: OutputEnd }>
}

export function startWriting(data: WriterThreadData, outputEnded: (end: OutputEnd) => void): WriterThread {
  const worker = startWorker(new URL('./writer-thread.js', import.meta.url), data)
  let end: OutputEnd | undefined
  const ended = new Promise<{ files: readonly string[]; end?: OutputEnd }>((resolve, reject) => {
    worker.on('message', (told: WriterMessage) => {
      if (told.type === 'closed') resolve({ files: told.files, ...(end !== undefined && { end }) })
      else {
        end = told.end
        outputEnded(end)
      }
    })
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('the writing thread ended without a word')))
  })
  ended.catch(() => {})
  return { ended }
}

/**
 * Without the options that this process was started with: a debugger's port, say, can be opened only once. The output's
 * descriptor is opened by one thread and closed by another.
 */
function startWorker(url: URL, workerData: unknown): Worker {
  return startUrgently(() => new Worker(url, { workerData, execArgv: [], trackUnmanagedFds: false }))
}
