/** `synopsis lab down`: removes the virtual lab, whatever state it is in. */
import type { Command } from 'commander'
import { checkRights, down, isLeftOver, labs, remains } from '../labs/virtual/nodes.js'
import { labOf, type NameOptions, takesName } from './lab-name.js'
import { inTheLabsWords } from './lab-options.js'
import { complain } from './screen.js'

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
        const all = labs()
        const others = all.filter((lab) => lab.name !== named.name)
        const gone = others.filter((lab) => options.all || isLeftOver(lab))
        // also what is left of one that is hardly there any more
        if (others.length < all.length || remains(named).length > 0) gone.push(named)
        for (const lab of gone) {
          await down(lab)
          complain(`removed lab ${lab.name}`)
        }
        if (gone.length > 0) return
        const up = others.map(({ name }) => name).join(', ')
        complain(up === '' ? 'no lab is up' : `lab ${named.name} is not up; there is ${up}`)
      }),
    )
}
