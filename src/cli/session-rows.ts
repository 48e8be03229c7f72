/** Sessions as rows of a table; of a file that holds a single one, its verdict. */
import { printable } from '../bytes/printable.js'
import { countOf } from '../bytes/units.js'
import { SynopsisError } from '../errors.js'
import { verdict, wentWell } from '../explain/verdict.js'
import { FIRST_ROWS, moreRows, sessionsTable, tableLayout } from '../render/sessions-table.js'
import { wrap } from '../render/width.js'
import type { SessionSummary } from '../sessions/summary.js'
import { survey } from '../survey.js'
import type { Input } from './input.js'
import type { Selection } from './options.js'
import type { Run } from './run.js'

/** A file that cannot be read is no reason not to look at the others. */
export async function printFile(input: Input, selection: Selection, many: boolean, run: Run): Promise<void> {
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
    printVerdict(name, only, run)
  } else if (only === undefined) screen.line(`${many ? `${name}: ` : ''}no TCP or UDP session`)
  else {
    if (many) screen.line(`${name}: ${countOf(summaries.length, 'session')}`)
    printTable(summaries, run)
    if (many) screen.line()
  }
  input.complete()
}

/** One line a file, for grep; a terminal would break it within a word. */
function printVerdict(name: string, only: SessionSummary, { screen }: Run): void {
  const paint = wentWell(only) ? screen.theme.good : screen.theme.trouble
  const width = screen.isTerminal ? screen.width - 4 : Number.POSITIVE_INFINITY
  const [first = '', ...more] = wrap(`${name}: ${verdict(only)}`, width)
  const label = first.startsWith(`${name}: `) ? name.length + 2 : 0
  screen.line(first.slice(0, label) + paint(first.slice(label)))
  for (const line of more) screen.line(`    ${paint(line)}`)
}

export function printTable(summaries: SessionSummary[], { screen }: Run): void {
  summaries.sort((a, b) => a.firstFrame - b.firstFrame)
  const layout = tableLayout(summaries, screen.width)
  screen.lines(sessionsTable(summaries.slice(0, FIRST_ROWS), layout, screen.theme))
  screen.lines(moreRows(summaries.slice(FIRST_ROWS), layout, screen.theme))
}
