/** `synopsis lab run`: plays a scenario in a virtual lab of its own, and shows its timeline. */
import { mkdirSync } from 'node:fs'
import { release } from 'node:os'
import { Command } from 'commander'
import { UsageError } from '../errors.js'
import { BlockType } from '../files/pcapng-layout.js'
import { commentOption, replaceOptions } from '../files/pcapng-options.js'
import { rewritePcapng } from '../files/rewrite.js'
import { parsePort } from '../labs/port.js'
import { labNamed, NODES } from '../labs/virtual/names.js'
import { checkRights, down } from '../labs/virtual/nodes.js'
import type { Scenario } from '../labs/virtual/scenario.js'
import { scenarioNamed } from '../labs/virtual/scenarios/index.js'
import { type Kept, perform } from '../labs/virtual/stage.js'
import { endOnSignals, temporaryFolder } from './ending.js'
import { inTheLabsWords } from './lab-options.js'
import { parseCount } from './options.js'
import * as replay from './replay.js'
import { complain } from './screen.js'
import type { ColourChoice } from './terminal.js'

interface Options {
  readonly seed: number
  readonly port?: number
  readonly keep?: string
  readonly timeline: boolean
  readonly calls: boolean
  readonly netstat: boolean
  readonly color: ColourChoice
}

const NOTES = `
Examples:
  sudo synopsis lab run lost-segment                   its timeline, with both ends' calls and what netstat -a showed
  sudo synopsis lab run lossy-wire --seed 7            the same wire, another chance
  sudo synopsis lab run server-crashes --keep crash    and keep all that was seen, in crash/

Kept with --keep: capture.pcapng; capture-server.pcapng or capture-client.pcapng, of the other end; both ends' calls
(NDJSON, one a line); wire.ndjson, what the wire did to each frame; sockets.ndjson, what both kernels said of their sockets.

synopsis lab list shows the scenarios. Each has a lab of its own, so several can run at once.`

export function configure(command: Command): void {
  command
    .summary('play a scenario, capture it, show its timeline (Linux, root)')
    .description('Plays a scenario in a virtual lab of its own: sets up, captures, runs both ends, takes down.')
    .argument('<scenario>', 'its name')
    .option('--seed <n>', "the seed of the wire's chance", parseCount, 1)
    .option('--port <n>', "the server's port (default: the scenario's usual one)", parseServerPort)
    .option('--keep <dir>', 'keep what was seen in this directory')
    .option('--no-timeline', 'do not show it')
    .option('--no-calls', "show it without both ends' calls")
    .option('--no-netstat', 'show it without what netstat -a showed at both ends')
    .addHelpText('after', NOTES)
    .action((name: string) => {
      const options = command.optsWithGlobals<Options>()
      return inTheLabsWords(() => play(scenarioNamed(name), options, versionOf(command)))
    })
}

async function play(scenario: Scenario, options: Options, version: string): Promise<void> {
  const { seed, port, keep, timeline } = options
  checkRights()
  const folder = keep ?? temporaryFolder()
  mkdirSync(folder, { recursive: true })
  const lab = labNamed(`run-${process.pid}`)
  let isStopped = false
  endOnSignals(() => {
    isStopped = true
    return down(lab)
  })
  try {
    complain(`${scenario.name}: ${scenario.shows}`)
    const kept = await perform(scenario, lab, folder, { seed, ...(port !== undefined && { port }) })
    await comment(kept, describe(scenario, options, version))
    if (timeline) await showTimeline(kept, options)
  } catch (error) {
    // its programs have been ended: that they are gone is no news
    if (!isStopped) throw error
  }
}

/** The section comment of its captures. */
function describe(scenario: Scenario, { seed, port }: Options, version: string): string {
  const { name, shows, kernel = {}, vantage = 'client' } = scenario
  const settings = NODES.flatMap((node) =>
    Object.entries(kernel[node] ?? {}).map(([setting, value]) => `${node} net.${setting} = ${value}`),
  )
  return [
    `synopsis lab run ${name}: ${shows}`,
    `synopsis ${version}, seed ${seed}${port === undefined ? '' : `, port ${port}`}, captured at the ${vantage}, Linux ${release()}`,
    `kernel settings: ${['both net.ipv4.tcp_congestion_control = reno', ...settings].join('; ')}`,
  ].join('\n')
}

async function comment({ captures }: Kept, text: string): Promise<void> {
  for (const file of Object.values(captures)) {
    await rewritePcapng(file, (block) =>
      block.type === BlockType.section
        ? replaceOptions(block, (options) => [...options, commentOption(text, block.little)])
        : undefined,
    )
  }
}

/** As `synopsis replay` shows it, with what was logged beside it. */
async function showTimeline({ capture, calls, samples }: Kept, { color, ...shown }: Options): Promise<void> {
  const command = new Command('replay').option('--color <when>', '', color)
  replay.configure(command)
  const words = [capture]
  if (shown.calls) for (const node of NODES) words.push('--calls-from', calls[node])
  if (shown.netstat) words.push('--netstat-from', samples)
  await command.parseAsync(words, { from: 'user' })
}

function parseServerPort(text: string): number {
  const port = parsePort(text)
  if (port === 0) throw new UsageError('a scenario needs a port of its own: name one from 1 to 65535')
  return port
}

function versionOf(command: Command): string {
  let root = command
  while (root.parent) root = root.parent
  return root.version() ?? ''
}
