/**
 * Runs a lab program. A thread that is blocked in a call of the C library runs no JavaScript, no signal handler either; so
 * the program gets a thread of its own and blocks as it would in C, while this one keeps watch: it hears signals, waits
 * for children, starts threads, and cleans up at the end.
 */
import { rmSync } from 'node:fs'
import { Worker } from 'node:worker_threads'
import { logCall, now, openCallLog } from './call-log.js'
import { ChildTable } from './child-table.js'
import { complain } from './output.js'
import { pauseFor } from './pause.js'
import { c } from './sockets/library.js'
import { describeEnd, exit, waitForAnyChild } from './sockets/process.js'
import { close } from './sockets/sockets.js'
import type { ClientTask, ConnectionTask, Report, ServeTask } from './task.js'

/** How long children may take to end after SIGTERM, before SIGKILL. */
const GRACE_MS = 1000

/** Runs a server or a client to its end, then ends the process with the program's status. */
export function run(task: ServeTask | ClientTask): void {
  new Watch(task).start()
}

class Watch {
  private readonly task: ServeTask | ClientTask
  private readonly children = new ChildTable()
  /** socket files to remove at the end */
  private readonly paths: string[] = []
  /** threads that serve a connection */
  private threads = 0
  /** the program's exit status, once it has returned */
  private status: number | undefined

  constructor(task: ServeTask | ClientTask) {
    this.task = task
  }

  start(): void {
    // says what is missing, where there is no C library to call
    c()
    openCallLog(this.task.calls)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      // what the program's thread has reported by now is heard first
      process.on(signal, () => setImmediate(() => this.finish(0)))
    }
    process.on('SIGCHLD', () => this.reap())
    process.on('SIGUSR2', () => complain(this.children.describe()))
    // Node would end when the program's thread has, and leave children that nobody waits for
    setInterval(() => {}, 2 ** 30)
    this.startThread(this.task, (reason) => {
      complain(reason)
      this.finish(1)
    })
  }

  private startThread(task: ServeTask | ClientTask | ConnectionTask, onCrash: (reason: string) => void): Worker {
    const worker = new Worker(new URL('./thread.js', import.meta.url), { workerData: task })
    worker.on('message', (report: Report) => this.hear(report))
    // the lab's own errors come as reports: this one is Node's, or a bug
    worker.on('error', (error) => onCrash(error.stack ?? error.message))
    return worker
  }

  private hear(report: Report): void {
    switch (report.kind) {
      case 'bound':
        this.paths.push(report.path)
        break
      case 'child':
        this.children.add(report.pid, report.client)
        break
      case 'thread':
        this.serveInThread(report.task, report.settled)
        break
      case 'failed':
        complain(report.message)
        this.finish(1)
        break
      case 'done':
        this.status = report.status
        this.finishIfIdle()
        break
    }
  }

  /**
   * pthread_create: Node's worker is a thread of this process, with the same descriptors. It tells when it has begun; from
   * then on it is the one that closes the connection. Without descriptors or memory for a thread it never begins.
   */
  private serveInThread(task: ConnectionTask, settled: Int32Array): void {
    let began = false
    const entered = now()
    const worker = this.startThread(task, (reason) => {
      complain(began ? reason : `no thread for the client: ${reason.split('\n', 1)[0]}`)
    })
    this.threads++
    worker.once('message', () => {
      began = true
      logCall({
        call: 'pthread_create',
        arguments: [String(task.descriptor)],
        result: 0,
        by: 'Worker',
        entered,
        returned: now(),
      })
      settle(settled)
    })
    worker.on('exit', () => {
      if (!began) {
        close(task.descriptor)
        settle(settled)
      }
      this.threads--
      this.finishIfIdle()
    })
  }

  /** Waits for every child that has ended: one SIGCHLD may stand for several of them. */
  private reap(): void {
    for (let child = waitForAnyChild(); child; child = waitForAnyChild()) {
      this.children.remove(child.pid)
      if ('signal' in child.status) complain(`child ${child.pid} ${describeEnd(child.status)}`)
      // prefork never returns: it is over with its first client, or when nobody is left to accept
      const pool = this.task.kind === 'serve' && this.task.model === 'prefork' ? this.task : undefined
      if (pool && (pool.once || this.children.size === 0)) this.finish(0)
    }
    this.finishIfIdle()
  }

  private finishIfIdle(): void {
    if (this.status !== undefined && this.threads === 0 && this.children.size === 0) this.finish(this.status)
  }

  /** Leaves nothing behind: no child, no zombie, no socket file. */
  private finish(status: number): never {
    const deadline = Date.now() + GRACE_MS
    this.children.kill('SIGTERM')
    while (this.children.size > 0) {
      const child = waitForAnyChild()
      if (child) this.children.remove(child.pid)
      else if (Date.now() > deadline) this.children.kill('SIGKILL')
      else pauseFor(5)
    }
    for (const path of this.paths) rmSync(path, { force: true })
    exit(status)
  }
}

/** Lets the thread go on that asked for another one. */
function settle(settled: Int32Array): void {
  Atomics.store(settled, 0, 1)
  Atomics.notify(settled, 0)
}
