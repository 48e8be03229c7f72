/** `synopsis packet FILE N`: one packet in full. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { countOf } from '../bytes/units.js'
import { packetTree } from '../decode/tree.js'
import { UsageError } from '../errors.js'
import type { Packet } from '../packet.js'
import { headerSvg, headerTikz } from '../render/header/figure.js'
import { headerDiagrams } from '../render/header/layout.js'
import { headerText } from '../render/header/text.js'
import { drawPacket } from '../render/packet-tree.js'
import { revisit, survey } from '../survey.js'
import { Input } from './input.js'
import { collect, parseCount } from './options.js'
import { toPng } from './png.js'
import { type Run, run } from './run.js'
import { save } from './save.js'
import type { ColourChoice } from './terminal.js'

interface Options {
  readonly read?: string
  readonly diagram?: true | DiagramFormat
  readonly layer?: readonly string[]
  readonly output?: string
  readonly color: ColourChoice
}

type DiagramFormat = 'text' | 'svg' | 'png' | 'tex'
const DIAGRAM_FORMATS: readonly DiagramFormat[] = ['text', 'svg', 'png', 'tex']

const EXAMPLES = `
Examples:
  synopsis packet lab.pcapng 4                 the fourth packet, as Wireshark counts them
  synopsis packet -r lab.pcapng 4
  synopsis packet lab.pcapng 1 --diagram       its headers as the RFCs draw them, with its values
  synopsis packet lab.pcapng 1 --diagram --layer tcp -o syn.svg

Each line: the byte at which a field begins, its bytes (or its bits among theirs), its name, its value and what that means.`

export function configure(command: Command): void {
  command
    .argument('<file>', 'a capture; - is standard input')
    .argument('[number]', "the packet's number, from 1")
    .option('-r, --read <file>', 'another way to name the file')
    .addOption(
      new Option(
        '--diagram [format]',
        'its headers drawn 32 bits a row; text, or what the name of the output says',
      ).choices(DIAGRAM_FORMATS),
    )
    .option('--layer <name>', 'only this header of the diagram: eth, ip, tcp, data, …; may be given again', collect)
    .option('-o, --output <file>', "the diagram's file: .txt, .svg, .png, .tex (a TikZ picture)")
    .addHelpText('after', EXAMPLES)
    .action((first: string, second: string | undefined) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => {
        const [file, number] = options.read === undefined ? [first, second] : [options.read, first]
        return showPacket(file, numberOf(number), options, run)
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

async function showPacket(file: string, number: number, options: Options, run: Run): Promise<void> {
  const { screen } = run
  const format = diagramFormat(options)
  const input = new Input(file, run)
  const first = await survey(await input.first(), () => {})
  if (number > first.observations.packets) {
    throw new UsageError(`${file} has no packet ${number}: it has ${countOf(first.observations.packets, 'packet')}`)
  }
  let content: string | undefined
  await revisit(await input.again(number), first, (packet, facts) => {
    if (packet.number !== number) return
    if (format !== undefined) content = diagram(packet, format, options)
    else screen.lines(drawPacket(packet, facts, first.info, screen.width, screen.theme))
  })
  input.complete()
  if (content === undefined) return
  const { output = '-' } = options
  if (format === 'text' && output === '-') screen.lines(content.trimEnd().split('\n'))
  else {
    const bytes = format === 'png' ? await toPng(content) : Buffer.from(content)
    if (output === '-') screen.writer.bytes(bytes)
    else save(output, bytes)
  }
}

/** Undefined when no diagram is wanted. */
function diagramFormat({ diagram, output }: Options): DiagramFormat | undefined {
  if (diagram === undefined) {
    if (output !== undefined) throw new UsageError('-o is for a diagram: say --diagram too')
    return undefined
  }
  if (diagram !== true) return diagram
  const extension = /\.([a-z]+)$/i.exec(output ?? '.txt')?.[1]?.toLowerCase()
  const found = DIAGRAM_FORMATS.find((one) => one === (extension === 'txt' ? 'text' : extension))
  if (found === undefined) {
    throw new UsageError(`${output}: which format? It can end in .txt, .svg, .png or .tex; or say --diagram=FORMAT`)
  }
  return found
}

function diagram(packet: Packet, format: DiagramFormat, { layer }: Options): string {
  const layers = packetTree(packet)
  const diagrams = headerDiagrams(layers, layer)
  if (diagrams.length === 0) {
    throw new UsageError(
      `packet ${packet.number} has no such header: it has ${layers.map(({ name }) => name).join(', ') || 'none'}`,
    )
  }
  if (format === 'tex') return `${headerTikz(diagrams)}\n`
  if (format === 'text') return [...headerText(diagrams), ''].join('\n')
  return headerSvg(diagrams, `Packet ${packet.number}`)
}
