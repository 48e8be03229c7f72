/**
 * `synopsis trace`: a program's system calls beside the packets they make. Captures, runs the program under strace, and when
 * it has ended shows the timelines of the sessions that its sockets name.
 */
import { chownSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Command } from 'commander'
import { printable } from '../bytes/printable.js'
import { countOf } from '../bytes/units.js'
import { formatCall } from '../calls/call.js'
import { followProcesses } from '../calls/processes/follow.js'
import { sudoAccount } from '../capture/privileges.js'
import { UsageError } from '../errors.js'
import { NamedSessions } from '../timeline/calls/named.js'
import { keepNamed } from '../trace/keep.js'
import { explaining } from './capture-failure.js'
import { expectCaptureName } from './capture-name.js'
import { Input } from './input.js'
import { catchInterrupt } from './interrupt.js'
import { collect, parseCount, takesFormats } from './options.js'
import { type Run, run } from './run.js'
import { save } from './save.js'
import { complain } from './screen.js'
import type { ColourChoice } from './terminal.js'
import { type Traced, trace } from './trace-run.js'
import { showTrace } from './trace-show.js'

export interface Options {
  readonly interface?: readonly string[]
  readonly filter?: string
  readonly write?: string
  readonly keepCalls?: string
  readonly pid?: number
  readonly unfold?: boolean
  readonly json?: boolean
  readonly absolute?: boolean
  readonly time?: 'relative' | 'utc' | 'epoch'
  readonly color: ColourChoice
}

const EXAMPLES = `
Examples:
  sudo synopsis trace -- ./server 51717                    until the server ends, or Ctrl-C
  sudo synopsis trace -w lab.pcapng -- ./client localhost 51717
  sudo synopsis trace -- ./server 51717 :: ./client localhost 51717
                                                           both: the client starts once the server listens
  sudo synopsis trace -p 8420                              a server that runs already; Ctrl-C lets go of it
  sudo synopsis trace -w lab.pcapng --keep-calls calls.ndjson -- ./server 51717
  synopsis replay lab.pcapng --calls calls.ndjson          the same picture, later
  sudo synopsis lab exec server -- synopsis trace --keep-calls server.ndjson -- ./server 51717
                                                           on a node of the virtual lab; its client on the other

The program has the terminal, runs as the user behind sudo, and ends with its own exit status. With --json, what it prints
goes to standard error. Its packets are captured on all interfaces; those that its sockets name are kept. It needs strace
(apt install strace), and makes a program that calls much slower: docs/trace.md has by how much. A program that is
set-user-ID runs without that.`

export function configure(command: Command): void {
  takesFormats(command)
    .argument('[program...]', 'after --: the program and its arguments; :: between a server and its client')
    .option('-i, --interface <name>', 'capture there, and keep all of it; may be given again (default: any)', collect)
    .option('-f, --filter <filter>', "only the packets that libpcap's filter lets through")
    .option('-w, --write <file>', 'keep the packets, as pcapng')
    .option('--keep-calls <file>', 'keep the calls (NDJSON), for replay --calls')
    .option('-p, --pid <pid>', 'a process that runs already, its threads and its children', parseCount)
    .option('--unfold', 'every packet, also where many of plain data follow each other')
    .option('--json', 'one JSON object a session and line, as replay --json has it (docs/schema.md)')
    .addHelpText('after', EXAMPLES)
    .action((words: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => explaining(run, false, () => traceAndShow(words, options, run)))
    })
}

async function traceAndShow(words: readonly string[], options: Options, run: Run): Promise<void> {
  const programs = programsOf(words, options)
  expectCaptureName(options.write)
  const folder = temporaryFolder()
  try {
    const traced = await trace(programs, options, folder)
    // the Ctrl-C that ended the program was not meant for us: all of its packets are to be shown
    catchInterrupt()
    if (options.keepCalls !== undefined) save(options.keepCalls, traced.calls.map(formatCall).join(''))
    await show(traced, options, folder, run)
    process.exitCode = traced.status
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The command after `--`, or both of them. */
function programsOf(words: readonly string[], { pid }: Options): readonly (readonly string[])[] {
  if (words.length > 0 && !process.argv.includes('--')) {
    throw new UsageError(`${words[0]}: the program comes after --, as in: synopsis trace -- ./server 51717`)
  }
  if (pid !== undefined) {
    if (words.length > 0) throw new UsageError('a program to run, or -p and one that runs already: not both')
    return []
  }
  const programs: string[][] = [[]]
  for (const word of words) {
    if (word === '::') programs.push([])
    else programs.at(-1)?.push(word)
  }
  if (programs.some((program) => program.length === 0)) {
    throw new UsageError('which program? Name it after --, as in: synopsis trace -- ./server 51717')
  }
  if (programs.length > 2) throw new UsageError('two programs are the most: a server, ::, and its client')
  return programs
}

/** Ours alone, and then the user's, when root is given up. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'synopsis-trace-'))
  const account = process.geteuid?.() === 0 ? sudoAccount() : undefined
  if (account !== undefined) chownSync(folder, account.uid, account.gid)
  return folder
}

async function show({ calls, capture }: Traced, options: Options, folder: string, run: Run): Promise<void> {
  const named = new NamedSessions(followProcesses(calls).calls)
  const kept = options.write ?? join(folder, 'kept.pcapng')
  let file = capture
  if (options.interface === undefined) {
    const { keptPackets, packets } = await keepNamed(capture, kept, named)
    file = kept
    if (options.write !== undefined)
      complain(`synopsis: ${printable(kept)}: ${countOf(keptPackets, 'packet')} of ${packets} captured`)
  } else if (options.write !== undefined) complain(`synopsis: ${printable(kept)}: written`)
  await showTrace(new Input(file, run), calls, options, run)
}
