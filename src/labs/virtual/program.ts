/** A program on a node, from outside of it: a scenario has it make calls, waits for them, or kills it in one. */
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { LabError } from '../errors.js'
import type { OperationName, Operations } from './operations.js'

export interface Order {
  readonly name: OperationName
  readonly values: readonly unknown[]
}

export type Answer = { readonly value: number | string | null } | { readonly call: string; readonly errno: string }

/** A call that returned -1 in a scenario. `code` is errno's name; KILLED when the program ended in it. */
export class CallFailed extends LabError {
  constructor(call: string, errno: string) {
    super(errno, `${call}: ${errno}`, 'the scenario did not go as it was meant to')
  }
}

const PROGRAM = fileURLToPath(new URL('./program-process.js', import.meta.url))

interface Pending {
  readonly name: OperationName
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
}

export class Program {
  readonly #child: ChildProcessByStdio<Writable, Readable, null>
  readonly #pending: Pending[] = []
  readonly ended: Promise<void>
  #over = false

  constructor(namespace: string, calls: string) {
    this.#child = spawn('ip', ['netns', 'exec', namespace, process.execPath, PROGRAM, calls], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    this.#child.stdin.on('error', () => {})
    createInterface({ input: this.#child.stdout }).on('line', (line) => this.#answered(JSON.parse(line) as Answer))
    this.ended = new Promise((resolve) => {
      this.#child.once('close', () => {
        this.#over = true
        for (const { name, reject } of this.#pending.splice(0)) reject(new CallFailed(name, 'KILLED'))
        resolve()
      })
    })
  }

  /** Has it make a call; resolved with what it returns once it does. @throws CallFailed */
  do<Name extends OperationName>(
    name: Name,
    ...values: Parameters<Operations[Name]>
  ): Promise<ReturnType<Operations[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#over) {
        reject(new CallFailed(name, 'KILLED'))
        return
      }
      this.#pending.push({ name, resolve, reject })
      const order: Order = { name, values }
      this.#child.stdin.write(`${JSON.stringify(order)}\n`)
    })
  }

  /** kill -9: the kernel closes what it had open. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.ended
  }

  /** Lets it come to its end. */
  async finish(): Promise<void> {
    this.#child.stdin.end()
    await this.ended
  }

  #answered(answer: Answer): void {
    const pending = this.#pending.shift()
    if (!pending) return
    if ('errno' in answer) pending.reject(new CallFailed(answer.call, answer.errno))
    else pending.resolve(answer.value as never)
  }
}
