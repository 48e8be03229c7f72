/** `synopsis interfaces`: what can be captured on here, and what each interface is. */
import type { Command } from 'commander'
import { printable } from '../bytes/printable.js'
import { type CaptureInterface, chooseHostOnly, listInterfaces } from '../capture/interfaces.js'
import { kindNames } from '../capture/kinds.js'
import { displayWidth, padEnd, wrap } from '../render/width.js'
import { explaining } from './capture-failure.js'
import { type Run, run } from './run.js'
import type { ColourChoice } from './terminal.js'

interface Options {
  readonly hostOnly?: boolean
  readonly json?: boolean
  readonly color: ColourChoice
}

const EXAMPLES = `
Examples:
  synopsis interfaces
  synopsis interfaces --host-only              the one that --host-only captures on, or why there is none
  synopsis interfaces --json | jq -r '.[] | select(.kind == "vmware-host-only") | .name'

Link types are asked of each interface that is up, which needs the right to capture.`

export function configure(command: Command): void {
  command
    .option('--host-only', 'only the one host-only adapter')
    .option('--json', 'a JSON array; with --host-only one object (docs/schema.md)')
    .addHelpText('after', EXAMPLES)
    .action(() => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => explaining(run, options.json ?? false, () => list(options, run)))
    })
}

async function list(options: Options, run: Run): Promise<void> {
  const all = await listInterfaces({ linkTypes: true })
  const hostOnly = options.hostOnly ? chooseHostOnly(all) : undefined
  if (options.json) run.screen.json(hostOnly ?? all)
  else printInterfaces(hostOnly === undefined ? all : [hostOnly], run)
}

const STATES = { down: 'down', up: 'up', idle: 'up, no carrier' } as const

/** Two lines or more for each: what one looks for first, then the rest and the reason. */
export function printInterfaces(interfaces: readonly CaptureInterface[], { screen }: Run): void {
  const { theme, width } = screen
  const nameWidth = Math.max(4, ...interfaces.map((one) => displayWidth(nameOf(one))))
  const kindWidth = Math.max(10, ...interfaces.map((one) => kindOf(one).length))
  const columns = (name: string, kind: string, state: string, addresses: string) =>
    `${padEnd(name, nameWidth)}  ${padEnd(kind, kindWidth)}  ${padEnd(state, STATES.idle.length)}  ${addresses}`.trimEnd()
  screen.line(theme.strong(columns('name', 'what it is', 'state', 'addresses')))
  for (const one of interfaces) {
    const state = one.up ? (one.running ? STATES.up : STATES.idle) : STATES.down
    screen.line(columns(nameOf(one), kindOf(one), state, one.addresses.map(withPrefix).join(', ')))
    for (const line of wrap(details(one), width - nameWidth - 2)) {
      screen.line(' '.repeat(nameWidth + 2) + theme.faint(line))
    }
  }
}

function nameOf(one: CaptureInterface): string {
  return printable(one.alias ?? one.name)
}

function kindOf(one: CaptureInterface): string {
  return one.certain ? kindNames[one.kind] : `${kindNames[one.kind]}?`
}

function details(one: CaptureInterface): string {
  const { alias, name, description, mac, linkTypes, reason } = one
  const parts = [
    alias === undefined ? undefined : name,
    description === reason ? undefined : description,
    mac,
    linkTypes?.map((type) => type.name).join(', '),
    reason,
  ]
  return printable(parts.filter((part) => part !== undefined).join('; '))
}

/** `192.168.56.1/24` */
function withPrefix({ address, netmask, family }: CaptureInterface['addresses'][number]): string {
  if (netmask === undefined) return address
  return `${address}/${family === 'ipv4' ? ones(netmask.split('.'), 10) : ones(netmask.split(':'), 16)}`
}

/** The bits that are set in the parts of a mask; an empty part stands for zeros. */
function ones(parts: readonly string[], radix: number): number {
  const bits = parts.map((part) => Number.parseInt(part || '0', radix).toString(2)).join('')
  return bits.replaceAll('0', '').length
}
