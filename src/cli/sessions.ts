/** `synopsis sessions`: one row a session; of many files, one line for each that holds a single session. */
import { availableParallelism } from 'node:os'
import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import type { AddressTable } from '../sessions/address-table.js'
import type { Session } from '../sessions/session.js'
import { surveySessions } from '../survey.js'
import { Input } from './input.js'
import { isInterrupted } from './interrupt.js'
import { LinePrinter } from './line-printer.js'
import { type FileOptions, filesOf, type Selection, selectionOf, takesFiles, takesSessions } from './options.js'
import { type Run, run } from './run.js'
import { LinesHere, type LineWriter } from './session-lines.js'

interface Options extends FileOptions {
  readonly session?: readonly string[]
  readonly json?: boolean
  readonly analysis?: boolean
  readonly problems?: boolean
}

/** Bytes of a file from which on a thread for the lines is worth its beginning. */
const LARGE = 8 * 1024 * 1024

const EXAMPLES = `
Examples:
  synopsis sessions lab.pcapng                 a table, the verdict of each session at its end
  synopsis sessions handed-in/*.pcapng         one line for each capture of a single session
  synopsis sessions --problems *.pcapng        what went wrong, and the frames that prove it
  synopsis sessions --json big.pcap.gz | jq -r 'select(.teardown.ending == "reset") | .session'

--json prints one object a line, in the order of the sessions' numbers (docs/schema.md). With --problems, the exit status is 3
when there are any.`

export function configure(command: Command): void {
  takesSessions(takesFiles(command))
    .option('--json', 'one JSON object a line')
    .option('--problems', 'only the sessions that went wrong, worst first: why, and the frames that prove it')
    .option('--analysis', 'with --json: also analyse each TCP segment; takes about twice as long')
    .addHelpText('after', EXAMPLES)
    .action((named: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, async (run) => {
        const files = filesOf(named, options)
        const selection = selectionOf(options) ?? (() => true)
        const { json = false, count } = options
        // each way of showing them is loaded when it is asked for
        const problems = options.problems ? await import('./problems.js') : undefined
        const rows = json ? undefined : await import('./session-rows.js')
        for (const file of files) {
          if (isInterrupted()) break
          if (problems !== undefined) {
            await problems.printProblems(file, selection, { json, count, many: files.length > 1 }, run)
            continue
          }
          const input = new Input(file, run, { limit: options.count, streaming: true })
          if (rows === undefined) await printLines(input, selection, options.analysis === true, run)
          else await rows.printFile(input, selection, files.length > 1, run)
        }
      })
    })
}

async function printLines(input: Input, selection: Selection, analyse: boolean, { screen }: Run): Promise<void> {
  // there is little garbage: V8's room for new objects need not grow from 1 MiB to 16, thrice, as it would (line-thread.ts says it again)
  setFlagsFromString('--semi-space-growth-factor=1')
  const source = await input.once()
  const isWorthThread = (source.info.size ?? 0) >= LARGE && availableParallelism() > 1
  const lines: LineWriter = isWorthThread ? new LinePrinter(analyse) : new LinesHere(screen.writer)
  const { successor } = lines
  const add = (session: Session, addresses: AddressTable) => {
    if (selection({ protocol: session.protocol, session: session.number })) lines.add(session, addresses)
  }
  try {
    await surveySessions(source, add, { analyse, successor, isForAnotherPass: false })
  } finally {
    // also what was there before the file could not be read on
    lines.finish()
  }
  input.complete()
}
