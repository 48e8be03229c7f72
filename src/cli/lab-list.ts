/** `synopsis lab list`: what there is, and what each teaches. */
import type { Command } from 'commander'
import { catalog, transportsOf } from '../labs/catalog.js'
import { MODEL_INFO } from '../labs/models/index.js'
import { SERVICES } from '../labs/services/index.js'
import { MODELS } from '../labs/task.js'
import { GROUPS } from '../labs/virtual/scenario.js'
import { SCENARIOS } from '../labs/virtual/scenarios/index.js'
import { run } from './run.js'
import type { Screen } from './screen.js'
import type { ColourChoice } from './terminal.js'

export function configure(command: Command): void {
  command
    .summary('every server there is, and what each teaches')
    .description(
      'Shows the services, the models that serve them, the transports that carry them, and what each teaches.',
    )
    .option('--json', 'one JSON object for each combination of the three')
    .action((options: { readonly json?: boolean }) =>
      run(command.optsWithGlobals<{ color: ColourChoice }>().color, async ({ screen }) => {
        if (options.json) for (const cell of catalog()) screen.json(cell)
        else list(screen)
      }),
    )
}

function list(screen: Screen): void {
  const { strong, faint } = screen.theme
  const width = Math.max(...[...SERVICES, ...MODELS.map((name) => ({ name }))].map(({ name }) => name.length)) + 2
  const entry = (name: string, ...lines: readonly string[]) => {
    const [first = '', ...rest] = lines
    screen.line(`  ${strong(name.padEnd(width))}${first}`)
    for (const line of rest) screen.line(`  ${' '.repeat(width)}${faint(line)}`)
  }

  screen.line('services')
  for (const service of SERVICES) {
    const over = [...new Set(MODELS.flatMap((model) => transportsOf(service.name, model)))].join(', ')
    entry(
      service.name,
      service.summary,
      `teaches: ${service.teaches}`,
      `over ${over}${service.port === undefined ? '' : `; port ${service.port}`}`,
    )
  }
  screen.line()
  screen.line('models')
  for (const model of MODELS) {
    const { summary, teaches } = MODEL_INFO[model]
    entry(model, summary, `teaches: ${teaches}`)
  }
  screen.line()
  screen.line(
    'Streams (tcp, unix) go with every model; datagrams (udp, unix-datagram) have no connection to give away, and',
  )
  screen.line('are served by the iterative model alone.')
  for (const group of GROUPS) {
    screen.line()
    screen.line(`scenarios: ${group}`)
    for (const { name, shows } of SCENARIOS.filter((one) => one.group === group)) {
      screen.line(`  ${strong(name.padEnd(SCENARIO_WIDTH))}${shows}`)
    }
  }
  screen.line()
  screen.line('synopsis lab run SCENARIO plays one on the virtual lab (Linux, root), and shows its timeline.')
}

const SCENARIO_WIDTH = Math.max(...SCENARIOS.map(({ name }) => name.length)) + 2
