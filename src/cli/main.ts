/** The command line: finds the command, loads it and nothing else, and lets it run. */
import { Command, CommanderError, Option } from 'commander'
import { printable } from '../bytes/printable.js'
import { type Entry, offer } from './commands.js'
import { withInstead } from './habits.js'
import { report } from './run.js'
import { writeAll } from './standard-output.js'
import { STDOUT } from './terminal.js'
import { version } from './version.js'

const commands: readonly Entry[] = [
  ['replay', "the sessions, then each one's timeline: the main job", () => import('./replay.js')],
  ['sessions', 'one row a session, its verdict at the end', () => import('./sessions.js')],
  ['packets', 'one row a packet; any field of it', () => import('./packets.js')],
  ['packet', 'one packet in full: every field, the bytes, what it means', () => import('./packet.js')],
  ['explain', 'a session in sentences; lab questions answered; a term', () => import('./explain.js')],
  ['plot', 'a session over time: sequence numbers, round trips, rates, windows', () => import('./plot.js')],
  ['annotate', 'notes on packets, sessions, moments; kept in the pcapng, or beside it', () => import('./annotate.js')],
  ['report', 'captures as something to hand in: an HTML page, Markdown, LaTeX, figures', () => import('./report.js')],
  ['capture', 'live: the timelines grow as packets come; -w keeps them', () => import('./capture.js')],
  ['trace', "a program's system calls beside the packets they make", () => import('./trace.js')],
  ['interfaces', 'what can be captured on here', () => import('./interfaces.js')],
  ['doctor', 'will a live capture work here, and what is missing?', () => import('./doctor.js')],
  ['lab', "the lab's servers, clients, virtual network and scenarios", () => import('./lab.js')],
]

const EXAMPLES = `
Examples:
  synopsis replay lab.pcapng                   the whole story of every session
  synopsis sessions *.pcapng                   the verdict of each capture in one line
  synopsis packets lab.pcapng -T fields -e frame.number -e tcp.flags
  tcpdump -w - -i vmnet1 | synopsis replay -   from a pipe
  sudo synopsis capture -w lab.pcapng          live, on the host-only adapter

Timelines and tables are as wide as the terminal, from 80 columns on; in a pipe or a file 100, or what the environment says
in COLUMNS. Colours: --color, NO_COLOR, FORCE_COLOR.

Exit status: 0 done, 1 usage or permission, 2 a file that cannot be read, or not to its end, 3 problems found.`

export async function main(argv: readonly string[]): Promise<void> {
  const program = new Command('synopsis')
    .description('The story of a connection, from its first SYN to its last ACK.')
    .version(version(), '-V, --version', 'print the version')
    .addOption(colourOption())
    .configureHelp({ showGlobalOptions: true })
    .helpCommand(false)
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: (text) => writeAll(STDOUT, Buffer.from(text)),
      outputError: (text, write) => write(`synopsis: ${withInstead(oneLine(text))}\n`),
    })
    .exitOverride()
  offer(program, commands)
  try {
    await program.parseAsync(helpAsOption(argv))
  } catch (error) {
    if (error instanceof CommanderError) process.exitCode = error.exitCode
    else report(error)
  }
}

/** Commander's message without its prefix, and with its hint on the same line. */
function oneLine(message: string): string {
  return printable(
    message
      .replace(/^error: /, '')
      .trimEnd()
      .replaceAll('\n', ' '),
  )
}

/** `synopsis help replay` is `synopsis replay --help`. */
function helpAsOption(argv: readonly string[]): string[] {
  const [node = '', script = '', first, ...rest] = argv
  return first === 'help' ? [node, script, ...rest, '--help'] : [...argv]
}

function colourOption(): Option {
  return new Option('--color <when>', 'colour the output').choices(['auto', 'always', 'never']).default('auto')
}
