/** `synopsis doctor`: will a live capture work here, and what is missing? */
import type { Command } from 'commander'
import { printable } from '../bytes/printable.js'
import { type Check, type Examination, examine } from '../capture/doctor.js'
import type { Theme } from '../render/style.js'
import { padEnd, wrap } from '../render/width.js'
import { explaining } from './capture-failure.js'
import { type Run, run } from './run.js'
import type { ColourChoice } from './terminal.js'

interface Options {
  readonly json?: boolean
  readonly color: ColourChoice
}

const EXAMPLES = `
Examples:
  synopsis doctor
  synopsis doctor --json | jq -r '.checks[] | select(.status == "fail") | .remedy[]'

Exit status: 0 when a live capture will work, 1 when it won't.`

export function configure(command: Command): void {
  command
    .option('--json', 'one JSON object (docs/schema.md)')
    .addHelpText('after', EXAMPLES)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) =>
        explaining(run, options.json ?? false, async () => {
          const found = await examine()
          if (options.json) run.screen.json(found)
          else print(found, run)
          process.exitCode = found.live ? 0 : 1
        }),
      )
    })
}

const WORDS = { ok: 'ok', warn: 'mind', fail: 'fails', unknown: '?' } as const

function print({ checks, live }: Examination, { screen }: Run): void {
  const { theme, width } = screen
  const nameWidth = Math.max(...checks.map(({ name }) => name.length))
  const indent = WORDS.fail.length + 2 + nameWidth + 2
  for (const { name, status, finding, remedy } of checks) {
    const paint = paintOf(status, theme)
    for (const [index, line] of wrap(printable(finding), width - indent).entries()) {
      const left = index > 0 ? ' '.repeat(indent) : `${paint(padEnd(WORDS[status], 5))}  ${padEnd(name, nameWidth)}  `
      screen.line(left + line)
    }
    for (const step of remedy) screen.line(`${' '.repeat(indent)}→ ${printable(step)}`)
  }
  screen.line()
  screen.line(live ? theme.good('A live capture will work.') : theme.trouble('A live capture will not work yet.'))
}

function paintOf(status: Check['status'], theme: Theme) {
  return { ok: theme.good, warn: theme.teardown, fail: theme.trouble, unknown: theme.faint }[status]
}
