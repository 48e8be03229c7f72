/** `synopsis lab up`: two nodes on a host-only wire. */
import type { Command } from 'commander'
import { ADAPTERS, NODES } from '../labs/virtual/names.js'
import { up } from '../labs/virtual/nodes.js'
import { labOf, type NameOptions, takesName } from './lab-name.js'
import { inTheLabsWords } from './lab-options.js'
import { parseCount } from './options.js'
import { complain } from './screen.js'

interface Options extends NameOptions {
  readonly seed: number
}

const NOTES = `
The nodes are network namespaces: what runs on them shares this machine's files, and nothing of its network.
synopsis lab exec runs a program on one, synopsis lab wire makes the wire between them a bad one.`

export function configure(command: Command): void {
  takesName(command)
    .summary('set up the virtual lab: two nodes on a host-only wire (Linux, root)')
    .description('Sets up two nodes, client and server, joined by a host-only wire.')
    .option('--seed <n>', "the seed of the wire's chance", parseCount, 1)
    .addHelpText('after', NOTES)
    .action((options: Options) =>
      inTheLabsWords(async () => {
        await up(labOf(options), { seed: options.seed })
        for (const node of NODES) {
          const { name, mac, address, address6 } = ADAPTERS[node]
          complain(`${node}: ${address}, ${address6} on ${name} (${mac})`)
        }
      }),
    )
}
