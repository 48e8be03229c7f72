/** `synopsis packet FILE N`: one packet in full. */
import { type Command, InvalidArgumentError } from 'commander'
import { countOf } from '../bytes/units.js'
import { UsageError } from '../errors.js'
import { drawPacket } from '../render/packet-tree.js'
import { revisit, survey } from '../survey.js'
import { Input } from './input.js'
import { parseCount } from './options.js'
import { type Run, run } from './run.js'
import type { ColourChoice } from './terminal.js'

interface Options {
  readonly read?: string
  readonly color: ColourChoice
}

const EXAMPLES = `
Examples:
  synopsis packet lab.pcapng 4                 the fourth packet, as Wireshark counts them
  synopsis packet -r lab.pcapng 4

Each line: the byte at which a field begins, its bytes (or its bits among theirs), its name, its value and what that means.`

export function configure(command: Command): void {
  command
    .argument('<file>', 'a capture; - is standard input')
    .argument('[number]', "the packet's number, from 1")
    .option('-r, --read <file>', 'another way to name the file')
    .addHelpText('after', EXAMPLES)
    .action((first: string, second: string | undefined) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => {
        const [file, number] = options.read === undefined ? [first, second] : [options.read, first]
        return showPacket(file, numberOf(number), run)
      })
    })
}

function numberOf(text: string | undefined): number {
  if (text === undefined) throw new UsageError('which packet? Give its number after the file')
  try {
    return parseCount(text)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw new UsageError(`${text} is no packet's number: they count from 1`)
  }
}

async function showPacket(file: string, number: number, run: Run): Promise<void> {
  const { screen } = run
  const input = new Input(file, run)
  const first = await survey(await input.first(), () => {})
  if (number > first.observations.packets) {
    throw new UsageError(`${file} has no packet ${number}: it has ${countOf(first.observations.packets, 'packet')}`)
  }
  await revisit(await input.again(number), first, (packet, facts) => {
    if (packet.number === number) screen.lines(drawPacket(packet, facts, first.info, screen.width, screen.theme))
  })
  input.complete()
}
