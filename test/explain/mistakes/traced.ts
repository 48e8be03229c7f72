/** C programs written for these tests, compiled, run under strace beside a capture, and judged. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll } from 'vitest'
import type { Call } from '../../../src/calls/call.js'
import { followProcesses } from '../../../src/calls/processes/follow.js'
import type { Processes } from '../../../src/calls/processes/model.js'
import { StraceReader } from '../../../src/calls/strace/reader.js'
import { TRACE_EXPRESSION } from '../../../src/calls/strace/system-calls.js'
import type { Mistake } from '../../../src/explain/mistakes/mistake.js'
import { findMistakes } from '../../../src/explain/mistakes/mistakes.js'
import { openCapture, type SessionSummary, survey, timelines } from '../../../src/index.js'
import type { Timeline } from '../../../src/timeline/model.js'

/** Why programs cannot be traced here; undefined where they can. */
export const missing =
  process.platform !== 'linux'
    ? 'no Linux'
    : process.geteuid?.() !== 0
      ? 'not root'
      : [
          ['gcc', '--version'],
          ['strace', '-V'],
          ['tcpdump', '--version'],
        ].find(([command = '', option = '']) => spawnSync(command, [option]).status !== 0)?.[0]

const SOURCES = fileURLToPath(new URL('c', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'mistakes-'))
const running = new Set<ChildProcess>()

afterAll(() => {
  for (const child of running) if (child.pid !== undefined) killGroup(child.pid, 'SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

let compiled = 0

/** The program `name`.c, with macros that turn its mistakes on: its path. */
export function compile(name: string, ...macros: string[]): string {
  const output = join(folder, `${name}-${compiled++}`)
  const options = ['-g', '-Wno-unused-result', '-pthread', '-o', output, join(SOURCES, `${name}.c`)]
  const { status, stderr } = spawnSync('gcc', [...macros.map((macro) => `-D${macro}`), ...options])
  if (status !== 0) throw new Error(stderr.toString())
  return output
}

/** A path for a file of this test's. */
export function placeFor(name: string): string {
  return join(folder, name)
}

/** A port that nobody has; never one of which the bytes exchanged are the same number. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.on('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => resolve(port))
    })
  })
}

const PATIENCE_MS = 30_000

/** Waits for what comes about soon; what never does fails the test with `what`. */
export async function until(what: string, isSo: () => boolean): Promise<void> {
  const start = Date.now()
  while (!isSo()) {
    if (Date.now() - start > PATIENCE_MS) throw new Error(`${what} did not come about`)
    await pause(20)
  }
}

function killGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal)
  } catch {
    // it is gone
  }
}

export interface Traced {
  readonly log: string
  readonly ended: Promise<void>
  /** as Ctrl-C does: to the whole group. strace itself does not mind it */
  interrupt(): Promise<void>
}

export interface Result {
  readonly calls: readonly Call[]
  readonly processes: Processes
  readonly timelines: readonly Timeline[]
  readonly mistakes: readonly Mistake[]
}

/** One run: a capture, and programs traced beside it. */
export class Stage {
  readonly #folder = mkdtempSync(join(folder, 'run-'))
  readonly #traced: Traced[] = []
  #capture: ChildProcess | undefined

  /** @param within words that put a program elsewhere: into a node of the virtual lab */
  async capture(filter: string, device = 'lo', within: readonly string[] = []): Promise<void> {
    const file = join(this.#folder, 'capture.pcap')
    const words = [...within, 'tcpdump', '-i', device, '--immediate-mode', '-U', '-w', file, filter]
    const child = spawn(words[0] ?? '', words.slice(1), { detached: true })
    running.add(child)
    this.#capture = child
    let said = ''
    child.stderr.on('data', (text) => {
      said += text
    })
    await until('the capture', () => said.includes('listening on'))
  }

  trace(words: readonly string[], options: readonly string[] = ['-yy'], within: readonly string[] = []): Traced {
    const log = join(this.#folder, `log-${this.#traced.length}`)
    const strace = ['-f', '-T', '--absolute-timestamps=unix,ns', '-s', '256', ...options, '-e', TRACE_EXPRESSION]
    const all = [...within, 'strace', ...strace, '-o', log, ...words]
    const child = spawn(all[0] ?? '', all.slice(1), { detached: true, stdio: 'ignore' })
    running.add(child)
    const ended = new Promise<void>((resolve) => {
      child.on('exit', () => {
        running.delete(child)
        resolve()
      })
    })
    const traced = {
      log,
      ended,
      async interrupt() {
        if (child.pid !== undefined) killGroup(child.pid, 'SIGINT')
        await ended
      },
    }
    this.#traced.push(traced)
    return traced
  }

  /** Ends the capture, and judges what the programs did. */
  async judge(): Promise<Result> {
    await pause(100)
    const capture = this.#capture
    if (capture?.pid !== undefined) {
      const ended = new Promise((resolve) => capture.on('exit', resolve))
      killGroup(capture.pid, 'SIGINT')
      await ended
      running.delete(capture)
    }
    const calls = this.#traced.flatMap(({ log }) => readLog(log))
    const processes = followProcesses(calls)
    const all = capture === undefined ? [] : await timelinesOf(join(this.#folder, 'capture.pcap'))
    return { calls, processes, timelines: all, mistakes: findMistakes(processes, all) }
  }
}

export function readLog(path: string): Call[] {
  const reader = new StraceReader()
  return [...reader.push(readFileSync(path)), ...reader.finish()]
}

async function timelinesOf(file: string): Promise<Timeline[]> {
  const sessions: SessionSummary[] = []
  const first = await survey(await openCapture(file), (session) => sessions.push(session))
  sessions.sort((a, b) => a.firstFrame - b.firstFrame)
  return timelines(await openCapture(file), first, sessions)
}

/** Whether somebody has a port: TCP listens there, or a UDP socket is bound to it. */
export function isTaken(port: number): boolean {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const has = (file: string, states: string) =>
    new RegExp(`^ *\\d+: [0-9A-F]+:${hex} [0-9A-F]+:0000 (?:${states}) `, 'm').test(
      readFileSync(`/proc/net/${file}`, 'utf8'),
    )
  return has('tcp', '0A') || has('tcp6', '0A') || has('udp', '07') || has('udp6', '07')
}

export interface Play {
  readonly server: readonly string[]
  /** each gets its port for PORT */
  readonly clients: readonly (readonly string[])[]
  /** all at once, or one after the other */
  readonly together?: boolean
  /** after this long, what still runs is interrupted (ms) */
  readonly patience?: number
  /** the server ends by itself */
  readonly ends?: boolean
  readonly options?: readonly string[]
  /** a port that the server takes is to be waited for; else it is the one it was told */
  readonly listensAt?: (port: number) => number
}

/** A server and its clients over loopback, all traced: PORT in their words is a port of their own. */
export async function play({
  server,
  clients,
  together = false,
  patience = 300,
  ends = false,
  options,
  listensAt = (port) => port,
}: Play): Promise<Result> {
  const port = await freePort()
  const named = (words: readonly string[]) => words.map((word) => word.replace('PORT', String(port)))
  const stage = new Stage()
  await stage.capture(`port ${port} or port ${listensAt(port)}`)
  const serving = stage.trace(named(server), options)
  await until('the server', () => isTaken(listensAt(port)))
  const talks: Traced[] = []
  for (const words of clients) {
    const client = stage.trace(named(words), options)
    talks.push(client)
    if (!together) await client.ended
  }
  await Promise.all(talks.map(({ ended }) => ended))
  if (ends) await serving.ended
  else {
    await pause(patience)
    await serving.interrupt()
  }
  return stage.judge()
}

/** Names of the mistakes, sorted; what a test compares. */
export function namesOf({ mistakes }: Result): string[] {
  return mistakes.map(({ name }) => name).sort()
}
