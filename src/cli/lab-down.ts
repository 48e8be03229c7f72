/** `synopsis lab down`: removes the virtual lab, whatever state it is in. */
import type { Command } from 'commander'
import { checkRights, down, isLeftOver, labs } from '../labs/virtual/nodes.js'
import { labOf, type NameOptions, takesName } from './lab-name.js'
import { inTheLabsWords } from './lab-options.js'

interface Options extends NameOptions {
  readonly all?: boolean
}

export function configure(command: Command): void {
  takesName(command)
    .summary('remove the virtual lab, and what a crash left of one')
    .description(
      'Removes a lab: its programs, wire, namespaces and files; also what is left of each `lab run` that crashed.',
    )
    .option('--all', 'every lab there is')
    .action((options: Options) =>
      inTheLabsWords(async () => {
        checkRights()
        const named = labOf(options)
        for (const lab of labs()) {
          if (lab.name !== named.name && (options.all || isLeftOver(lab))) await down(lab)
        }
        await down(named)
      }),
    )
}
