/** `synopsis lab status`: which labs are up, what runs on their nodes, what their wires do. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { printable } from '../bytes/printable.js'
import { ADAPTERS, type Lab, NODES, namespaceOf } from '../labs/virtual/names.js'
import { isLeftOver, labs, processesOn } from '../labs/virtual/nodes.js'
import { tellWire } from '../labs/virtual/wire.js'
import { describeImpairment } from './lab-wire.js'
import { run } from './run.js'
import type { Screen } from './screen.js'
import type { ColourChoice } from './terminal.js'

export function configure(command: Command): void {
  command
    .summary('what is up, what runs on it, what the wire does')
    .description('Shows each virtual lab: its nodes, the programs on them, and what the wire does to frames.')
    .action(() =>
      run(command.optsWithGlobals<{ color: ColourChoice }>().color, async ({ screen }) => {
        const all = labs()
        if (all.length === 0) screen.line('no lab is up: synopsis lab up makes one')
        for (const lab of all) await show(lab, screen)
      }),
    )
}

async function show(lab: Lab, screen: Screen): Promise<void> {
  const { strong, faint, trouble } = screen.theme
  screen.line(strong(`lab ${lab.name}`) + (isLeftOver(lab) ? trouble('  left over: synopsis lab down removes it') : ''))
  const wire = await tellWire(lab, {}).catch((error: Error) => error.message)
  for (const node of NODES) {
    const { name, mac, address, address6 } = ADAPTERS[node]
    screen.line(`  ${node.padEnd(8)}${address}, ${address6} on ${name} (${mac}), namespace ${namespaceOf(lab, node)}`)
    for (const pid of processesOn(lab, node)) screen.line(`          ${faint(`${pid}  ${commandOf(pid)}`)}`)
    screen.line(`  to ${node.padEnd(8)}${typeof wire === 'string' ? trouble(wire) : describeImpairment(wire[node])}`)
  }
}

function commandOf(pid: number): string {
  try {
    return printable(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trimEnd())
  } catch {
    return '(ended)'
  }
}
