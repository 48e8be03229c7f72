/** `synopsis lab exec`: runs anything on a node. */
import { spawnSync } from 'node:child_process'
import { constants } from 'node:os'
import type { Command } from 'commander'
import { UsageError } from '../errors.js'
import { LabError } from '../labs/errors.js'
import { namespaceOf, ON_NODE, setUpFirst } from '../labs/virtual/names.js'
import { checkRights, remains } from '../labs/virtual/nodes.js'
import { labOf, type NameOptions, parseNode, takesName } from './lab-name.js'
import { inTheLabsWords } from './lab-options.js'

const EXAMPLES = `
Examples:
  sudo synopsis lab exec server -- ./server 51717
  sudo synopsis lab exec client -- ./client 192.168.56.10 51717
  sudo synopsis lab exec client -- synopsis capture -i vmnet1 -w lab.pcapng
  sudo synopsis lab exec server -- bash`

/** What a shell adds to a signal's number. */
const SIGNALLED = 128

export function configure(command: Command): void {
  takesName(command)
    .summary('run a program on a node')
    .description('Runs a program on a node, in this directory and terminal. It ends with the status of the program.')
    .argument('<node>', 'client or server')
    .argument('<command...>', 'after --: the program and its arguments')
    .addHelpText('after', EXAMPLES)
    .action((where: string, words: readonly string[], options: NameOptions) =>
      inTheLabsWords(async () => {
        const node = parseNode(where)
        const lab = labOf(options)
        checkRights()
        if (remains(lab).length === 0) {
          throw new LabError('NO_LAB', 'no such lab is up', setUpFirst(lab))
        }
        // Ctrl-C is for the program
        for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => {})
        const { status, signal, error } = spawnSync('ip', ['netns', 'exec', namespaceOf(lab, node), ...words], {
          stdio: 'inherit',
          env: { ...process.env, [ON_NODE]: node },
        })
        if (error) throw new UsageError(error.message)
        process.exitCode = signal ? SIGNALLED + constants.signals[signal] : (status ?? 1)
      }),
    )
}
