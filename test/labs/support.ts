/** Lab programs as real processes: servers on ports of their own, clients fed with input. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import { type Call, parseCall } from '../../src/calls/call.js'
import type { Model, Transport } from '../../src/labs/task.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
export const SYNOPSIS = join(ROOT, 'bin/synopsis.js')
/** Generous: machines are busy. Nothing is asserted about time. */
const PATIENCE_MS = 50_000

if (newest(join(ROOT, 'src/labs'), '.ts') > newest(join(ROOT, 'dist/labs'), '.js')) {
  throw new Error('dist/ is older than src/labs: run `npm run build` first, these tests start the built programs')
}

function newest(folder: string, suffix: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(suffix))
  return Math.max(...files.map((name) => statSync(join(folder, name)).mtimeMs))
}

/** A folder for one test file, removed at its end. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lab-test-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

export interface Program {
  readonly process: ChildProcess
  readonly pid: number
  stdout: string
  stderr: string
  /** resolves with the exit status, or the signal's name */
  readonly ended: Promise<number | NodeJS.Signals>
}

/** Starts a program, given with its arguments; without `input` its standard input stays open. */
export function start(words: readonly string[], input?: string | Buffer, uid?: number): Program {
  const [command = '', ...args] = words
  const child = spawn(command, args, { stdio: 'pipe', ...(uid !== undefined && { uid }) })
  const program: Program = {
    process: child,
    pid: child.pid ?? -1,
    stdout: '',
    stderr: '',
    ended: new Promise((resolve, reject) => {
      child.on('error', reject)
      child.on('close', (status, signal) => resolve(signal ?? status ?? -1))
    }),
  }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    program.stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    program.stderr += text
  })
  child.stdin.on('error', () => {})
  if (input !== undefined) child.stdin.end(input)
  running.add(program)
  program.ended.finally(() => running.delete(program))
  return program
}

export interface Server extends Program {
  /** the address, or the path of the socket file */
  readonly host: string
  /** 0 for a socket file */
  readonly port: number
}

export interface ServeOptions {
  readonly service: string
  readonly model?: Model
  readonly transport?: Transport
  readonly host?: string
  readonly port?: number
  /** further words of the command line */
  readonly args?: readonly string[]
  readonly calls?: string
  /** how many descriptors the process may have open */
  readonly descriptors?: number
  /** the user it runs as, when root starts it */
  readonly user?: number
  /** Linux: the network namespace it runs in */
  readonly namespace?: string
}

/** Starts a server, on loopback and a free port unless told otherwise, and waits until it listens. */
export async function serve(options: ServeOptions): Promise<Server> {
  const { service, model = 'iterative', transport = 'tcp', host, port = 0, args = [], descriptors, user } = options
  const command = [
    ...[SYNOPSIS, 'lab', 'serve', service, ...where(transport, host ?? '127.0.0.1', port)],
    ...['--model', model, '--transport', transport, ...args],
    ...logging(options),
  ]
  const limited = ['sh', '-c', `ulimit -n ${descriptors} && exec "$0" "$@"`]
  const words = [...within(options), ...(descriptors === undefined ? [] : limited), process.execPath, ...command]
  const program = start(words, '', user)
  await until(() => program.stderr.includes('listens on') || program.process.exitCode !== null)
  const address = /listens on (.*)\n/.exec(program.stderr)?.[1]
  if (address === undefined) throw new Error(`the server did not start: ${program.stderr}`)
  const internet = /^\[?(.*?)\]?:(\d+)$/.exec(address)
  return Object.assign(program, { host: internet?.[1] ?? address, port: Number(internet?.[2] ?? 0) })
}

const running = new Set<Program>()
afterAll(() => {
  for (const program of running) program.process.kill('SIGKILL')
})

/** Ends a program as Ctrl-C does; returns its exit status. */
export async function stop(program: Program, signal: NodeJS.Signals = 'SIGINT'): Promise<number | NodeJS.Signals> {
  program.process.kill(signal)
  return program.ended
}

export interface ClientOptions {
  readonly service: string
  readonly transport?: Transport
  readonly host: string
  readonly port: number
  readonly args?: readonly string[]
  readonly calls?: string
  readonly namespace?: string
}

export function client(options: ClientOptions, input?: string | Buffer): Program {
  return start([...within(options), process.execPath, SYNOPSIS, ...clientArguments(options)], input)
}

export function clientArguments(options: ClientOptions): string[] {
  const { service, transport = 'tcp', host, port, args = [] } = options
  return [
    'lab',
    'client',
    service,
    ...where(transport, host, port),
    '--transport',
    transport,
    ...args,
    ...logging(options),
  ]
}

function within({ namespace }: { readonly namespace?: string }): string[] {
  return namespace === undefined ? [] : ['ip', 'netns', 'exec', namespace]
}

function where(transport: Transport, host: string, port: number): string[] {
  return transport.startsWith('unix') ? [host] : [host, String(port)]
}

function logging({ calls }: { readonly calls?: string }): string[] {
  return calls === undefined ? [] : ['--calls', calls]
}

/** Waits until something is so; fails when it never is. */
export async function until(condition: () => boolean, what = String(condition)): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`it never came true: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** The log of calls, in the order they were entered. */
export function readCalls(path: string): Call[] {
  const calls = readFileSync(path, 'utf8').trimEnd().split('\n').map(parseCall)
  return calls.sort((a, b) => a.entered.seconds - b.entered.seconds || a.entered.nanoseconds - b.entered.nanoseconds)
}

/** Linux: the processes whose parent is `pid`, with their state: `Z` is a zombie. */
export function childrenOf(pid: number): { pid: number; state: string }[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => ({ pid: Number(name), ...stat(Number(name)) }))
    .filter(({ parent }) => parent === pid)
    .map(({ pid, state }) => ({ pid, state }))
}

/** Linux: a process's state; '' when it is gone. */
export function stateOf(pid: number): string {
  return stat(pid).state
}

function stat(pid: number): { state: string; parent: number } {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1')
    // the command's name is in parentheses, and may contain anything
    const [state = '', parent = ''] = text.slice(text.lastIndexOf(')') + 2).split(' ')
    return { state, parent: Number(parent) }
  } catch {
    return { state: '', parent: -1 }
  }
}

/** Linux: how many descriptors `pid` has open. */
export function descriptorsOf(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length
}
