/** `synopsis sessions`: one row a session; of many files, one line for each that holds a single session. */
import { setFlagsFromString } from 'node:v8'
import type { Command } from 'commander'
import { printable } from '../bytes/printable.js'
import { countOf } from '../bytes/units.js'
import { SynopsisError } from '../errors.js'
import { verdict, wentWell } from '../explain/verdict.js'
import { SessionLines } from '../render/session-json.js'
import { FIRST_ROWS, moreRows, sessionsTable, tableLayout } from '../render/sessions-table.js'
import type { SessionSummary } from '../sessions/summary.js'
import { survey, surveySessions } from '../survey.js'
import { Input } from './input.js'
import { type FileOptions, filesOf, type Selection, selectionOf, takesFiles, takesSessions } from './options.js'
import { printProblems } from './problems.js'
import { ReorderWindow } from './reorder-window.js'
import { type Run, run } from './run.js'

interface Options extends FileOptions {
  readonly session?: readonly string[]
  readonly json?: boolean
  readonly analysis?: boolean
  readonly problems?: boolean
}

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
    .option('--analysis', 'with --json: also analyse each TCP segment; takes two to three times as long')
    .addHelpText('after', EXAMPLES)
    .action((named: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, async (run) => {
        const files = filesOf(named, options)
        const selection = selectionOf(options) ?? (() => true)
        const { json = false, count } = options
        for (const file of files) {
          if (options.problems) {
            await printProblems(file, selection, { json, count, many: files.length > 1 }, run)
            continue
          }
          const input = new Input(file, run, { limit: options.count, streaming: true })
          if (options.json) await printLines(input, selection, options.analysis === true, run)
          else await printFile(input, selection, files.length > 1, run)
        }
      })
    })
}

async function printLines(input: Input, selection: Selection, analyse: boolean, { screen }: Run): Promise<void> {
  // there is little garbage: V8's room for new objects need not grow from 1 MiB to 16, thrice, as it would
  setFlagsFromString('--semi-space-growth-factor=1')
  const { writer } = screen
  const window = new ReorderWindow((line) => writer.bytes(line))
  let lines: SessionLines | undefined
  await surveySessions(
    await input.once(),
    (session, addresses) => {
      lines ??= new SessionLines(addresses)
      const { protocol, number } = session
      if (selection({ protocol, session: number })) window.add(protocol, number, lines.line(session))
    },
    { analyse },
  )
  window.finish()
  input.complete()
}

/** A file that cannot be read is no reason not to look at the others. */
async function printFile(input: Input, selection: Selection, many: boolean, run: Run): Promise<void> {
  const { screen } = run
  const summaries: SessionSummary[] = []
  try {
    await survey(await input.once(), (summary) => {
      if (selection(summary)) summaries.push(summary)
    })
  } catch (error) {
    if (!many || !(error instanceof SynopsisError)) throw error
    run.warn(error.message, error.exitStatus)
    return
  }
  const [only, another] = summaries
  const name = printable(input.name)
  if (many && only !== undefined && another === undefined) {
    const paint = wentWell(only) ? screen.theme.good : screen.theme.trouble
    screen.line(`${name}: ${paint(verdict(only))}`)
  } else if (only === undefined) screen.line(`${many ? `${name}: ` : ''}no TCP or UDP session`)
  else {
    if (many) screen.line(`${name}: ${countOf(summaries.length, 'session')}`)
    printTable(summaries, run)
    if (many) screen.line()
  }
  input.complete()
}

export function printTable(summaries: SessionSummary[], { screen }: Run): void {
  summaries.sort((a, b) => a.firstFrame - b.firstFrame)
  const layout = tableLayout(summaries, screen.width)
  screen.lines(sessionsTable(summaries.slice(0, FIRST_ROWS), layout, screen.theme))
  screen.lines(moreRows(summaries.slice(FIRST_ROWS), layout, screen.theme))
}
