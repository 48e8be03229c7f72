/** Runs what is to be traced while a capture goes on: a program, two of them, or one that runs already. */
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { printable } from '../bytes/printable.js'
import type { Call } from '../calls/call.js'
import { compareMoments } from '../calls/moment.js'
import { capture } from '../capture/capture.js'
import { TraceError } from '../trace/errors.js'
import { familyOf } from '../trace/processes.js'
import { findProgram } from '../trace/program-file.js'
import { findStrace, type Strace } from '../trace/strace.js'
import { Traced as TracedProgram } from '../trace/traced.js'
import { complain } from './screen.js'
import { isTerminal } from './terminal.js'
import type { Options } from './trace.js'

export interface Traced {
  /** of all programs, in the order in which they were entered */
  readonly calls: readonly Call[]
  /** the file with the packets */
  readonly capture: string
  /** the exit status of the program that has the terminal */
  readonly status: number
}

/** Milliseconds for which packets are still waited for when the programs have ended. */
const LINGER = 300
/** Milliseconds that a server may take to end when its client has, before it is asked to, and before it is made to. */
const PATIENCE = 1000
const GRACE = 2000
/** Milliseconds after which it is said what is waited for. */
const WORTH_SAYING = 5000

/** @throws TraceError, CaptureError, UsageError */
export async function trace(
  programs: readonly (readonly string[])[],
  options: Options,
  folder: string,
): Promise<Traced> {
  const strace = await findStrace()
  for (const [name = ''] of programs) {
    if (findProgram(name).setsId) complain(`synopsis: ${name} is set-user-ID: traced, it runs as who calls it`)
  }
  const running: TracedProgram[] = []
  // where standard output has the JSON, what the programs print goes to standard error
  const output = options.json === true ? 2 : 'inherit'
  const start: Start = (command, { input = 'inherit', onCall = () => {} } = {}) => {
    const stdio = [input, output, 'inherit'] as const
    const program = new TracedProgram(strace, { command }, { folder, name: String(running.length), stdio, onCall })
    running.push(program)
    return program
  }
  const release = catchSignals(running)
  try {
    // what needs root to attach has it only until the capture is open
    const attached = options.pid === undefined ? undefined : await attach(strace, options.pid, folder, running)
    const file =
      options.interface !== undefined && options.write !== undefined ? options.write : join(folder, 'all.pcapng')
    const source = capture({
      interfaces: options.interface ?? ['any'],
      promiscuous: false,
      file,
      format: 'pcapng',
      ...(options.filter !== undefined && { filter: options.filter }),
      onNotice: ({ kind, message }) => {
        if (kind !== 'warning') complain(`synopsis: ${printable(message)}`)
      },
    })
    let status = 0
    try {
      await source.ready
      const [server, client] = programs
      if (attached !== undefined) status = await attached.ended.then(() => 0)
      else if (client !== undefined && server !== undefined) status = await runBoth(server, client, start)
      else if (server !== undefined) status = await runOne(server, start)
      await pause(LINGER)
    } finally {
      source.stop()
      await source.done
    }
    const calls = running.flatMap((program) => program.calls).sort((a, b) => compareMoments(a.entered, b.entered))
    return { calls, capture: file, status }
  } finally {
    release()
  }
}

interface StartOptions {
  readonly input?: 'inherit' | 'ignore'
  readonly onCall?: (call: Call) => void
}

type Start = (command: readonly string[], options?: StartOptions) => TracedProgram

async function attach(strace: Strace, pid: number, folder: string, running: TracedProgram[]): Promise<TracedProgram> {
  const program = new TracedProgram(strace, { pids: familyOf(pid) }, { folder, name: 'attached' })
  running.push(program)
  await program.attached()
  complain(`synopsis: attached to process ${pid}; Ctrl-C lets go of it, and shows what it did`)
  return program
}

async function runOne(command: readonly string[], start: Start): Promise<number> {
  const program = start(command)
  const status = await program.ended
  if (!program.hasBegun) throw notTraced(command)
  return status
}

/** The client starts once the server listens, and has the terminal; the server is asked to end when the client has. */
async function runBoth(server: readonly string[], client: readonly string[], start: Start): Promise<number> {
  let ready = () => {}
  const listens = new Promise<boolean>((resolve) => {
    ready = () => resolve(true)
  })
  const first = start(server, {
    input: 'ignore',
    onCall: (call) => {
      if (isReady(call)) ready()
    },
  })
  const late = setTimeout(
    () => complain(`synopsis: still waiting for ${printable(server[0] ?? '')} to listen`),
    WORTH_SAYING,
  )
  const listening = await Promise.race([listens, first.ended.then(() => false)])
  clearTimeout(late)
  if (!listening) {
    const status = await first.ended
    if (!first.hasBegun) throw notTraced(server)
    complain(
      `synopsis: ${printable(server[0] ?? '')} ended with status ${status} before it listened: no client was started`,
    )
    return status
  }
  const status = await start(client).ended
  if (!(await endsWithin(first, PATIENCE))) {
    complain(`synopsis: the client has ended; ${printable(server[0] ?? '')} goes on, so it is ended with SIGTERM`)
    first.signal('TERM')
    if (!(await endsWithin(first, GRACE))) {
      complain(`synopsis: ${printable(server[0] ?? '')} does not end: killed`)
      first.signal('KILL')
    }
  }
  await first.ended
  return status
}

/** A client that comes now finds the server: it listens, or has a port where datagrams wait for it. */
function isReady({ call, result, transport, local = '' }: Call): boolean {
  if (result !== 0) return false
  return (
    call === 'listen' ||
    (call === 'bind' && (transport === 'udp' || transport === 'unix-datagram') && !local.endsWith(':0'))
  )
}

async function endsWithin(program: TracedProgram, milliseconds: number): Promise<boolean> {
  const waiting = new AbortController()
  const late = pause(milliseconds, false, { signal: waiting.signal }).catch(() => false)
  const ended = await Promise.race([program.ended.then(() => true), late])
  waiting.abort()
  return ended
}

function notTraced([name = '']: readonly string[]): TraceError {
  return new TraceError('NOT_TRACED', `strace could not trace ${name}: its own message is above`, [
    'in a container: docker run --cap-add=SYS_PTRACE …',
    'where kernel.yama.ptrace_scope is 3, nothing can be traced: sysctl kernel.yama.ptrace_scope',
  ])
}

/**
 * Ctrl-C is for the programs: the terminal sends it to all that run in it, and we go on until they end. Where there is no
 * terminal it came to us alone, and is passed on; so are the others.
 */
function catchSignals(running: readonly TracedProgram[]): () => void {
  const hasTerminal = [0, 1, 2].some(isTerminal)
  const pass = (signal: NodeJS.Signals) => {
    if (signal === 'SIGINT' && hasTerminal) return
    for (const program of running) program.signal(signal === 'SIGINT' ? 'INT' : signal === 'SIGHUP' ? 'HUP' : 'TERM')
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, pass)
  // the shell's own keys for the foreground job
  const ignore = () => {}
  process.on('SIGQUIT', ignore)
  return () => {
    for (const signal of signals) process.off(signal, pass)
    process.off('SIGQUIT', ignore)
  }
}
