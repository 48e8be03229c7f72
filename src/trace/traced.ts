/** A program that runs under strace, or processes that strace was attached to: its calls as they are made, and how it ended. */
import { constants } from 'node:os'
import { join } from 'node:path'
import { append } from '../bytes/lists.js'
import type { Call } from '../calls/call.js'
import { StraceReader } from '../calls/strace/reader.js'
import { TraceError } from './errors.js'
import { type Guarded, type StdioOption, startGuarded } from './guard.js'
import { LogTail } from './log-tail.js'
import { type Strace, straceArguments, type Target } from './strace.js'

export interface TracedOptions {
  /** for its log: a directory of our own */
  readonly folder: string
  /** tells the logs of several programs apart */
  readonly name: string
  /** of the program; inherited unless told */
  readonly stdio?: readonly [StdioOption, StdioOption, StdioOption]
  /** called with each call once it is whole, in the order in which they return */
  readonly onCall?: (call: Call) => void
}

const SIGNALLED = 128
/** Bytes of what strace says that are kept. */
const SAID = 64 << 10

export class Traced {
  readonly calls: Call[] = []
  /** the exit status that a shell would give; of processes that were attached to, 0 */
  readonly ended: Promise<number>
  readonly #guarded: Guarded
  readonly #tail: LogTail
  readonly #reader = new StraceReader()
  readonly #attaches: boolean
  /** what strace itself said: kept only where the program does not write to the same place */
  #said = ''
  #attached = () => {}

  constructor(strace: Strace, target: Target, options: TracedOptions) {
    const { folder, name, onCall, stdio = ['inherit', 'inherit', 'inherit'] } = options
    const log = join(folder, `${name}.strace`)
    this.#attaches = 'pids' in target
    this.#guarded = startGuarded(straceArguments(strace, target, log), {
      onDeath: this.#attaches ? 'leave' : 'end',
      folder,
      stdio: this.#attaches ? ['ignore', 'ignore', 'pipe'] : stdio,
    })
    this.#tail = new LogTail(log, (chunk) => {
      for (const call of this.#reader.push(chunk)) {
        this.calls.push(call)
        onCall?.(call)
      }
    })
    const { process: child } = this.#guarded
    if (this.#attaches) {
      child.stderr?.on('data', (data: Buffer) => {
        if (this.#said.length < SAID) this.#said += data.toString()
        if (this.#said.includes('attached')) this.#attached()
      })
    }
    this.ended = new Promise((resolve, reject) => {
      child.once('error', (cause) => {
        this.#tail.end()
        reject(new TraceError('NOT_TRACED', `strace cannot be started: ${cause.message}`, [], { cause }))
      })
      child.once('exit', (status, signal) => {
        this.#guarded.release()
        this.#tail.end()
        append(this.calls, this.#reader.finish())
        resolve(status ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal]))
      })
    })
  }

  /** Resolved once strace is attached. @throws TraceError when it may not be */
  async attached(): Promise<void> {
    const attached = new Promise<void>((resolve) => {
      this.#attached = resolve
    })
    const isAttached = await Promise.race([attached.then(() => true), this.ended.then(() => false)])
    if (isAttached) return
    throw new TraceError('NOT_TRACED', `strace cannot attach: ${lastLine(this.#said) || 'it ended at once'}`, [
      'attach with the right to: sudo synopsis trace -p …',
      'in a container: docker run --cap-add=SYS_PTRACE …',
    ])
  }

  /** Whether the program was traced at all. */
  get hasBegun(): boolean {
    return this.calls.length > 0
  }

  /** Sends a signal to the program and its children; has strace let go of what it was attached to. */
  signal(name: 'TERM' | 'INT' | 'HUP' | 'KILL'): void {
    this.#guarded.signal(name)
  }
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').replace(/^strace: /, '')
}
