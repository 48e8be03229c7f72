/** `synopsis report`: captures as something to hand in: a page, Markdown, LaTeX, or a session's figure by itself. */
import { readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Command, Option } from 'commander'
import { printable } from '../bytes/printable.js'
import { countOf } from '../bytes/units.js'
import { FileError, UsageError } from '../errors.js'
import type { Mistake } from '../explain/mistakes/mistake.js'
import { findMistakes } from '../explain/mistakes/mistakes.js'
import { drawMermaid } from '../render/mermaid.js'
import { composeReport } from '../render/report/compose.js'
import type { Made, ReportedCapture } from '../render/report/content.js'
import { documentOf } from '../render/report/document.js'
import type { ReportedLogs } from '../render/report/logs.js'
import { drawFigure } from '../render/svg/figure.js'
import type { AnyTimeline } from '../timeline/model.js'
import type { UnixTimeline } from '../timeline/unix/model.js'
import { unixSessions, withUnixCalls } from '../timeline/unix/sessions.js'
import { type CallOptions, followLogs, sortFiles, takesCalls } from './call-logs.js'
import { filesOf, takesFiles, takesSessions } from './options.js'
import { type Budget, type Examined, examine, type ReportOptions } from './report-examine.js'
import { pageOf } from './report-page.js'
import { type Run, run } from './run.js'
import { expectFolderOf, save } from './save.js'
import { complain } from './screen.js'
import { version } from './version.js'

type Format = 'html' | 'md' | 'tex' | 'svg' | 'mmd'

interface Options extends Omit<ReportOptions, 'logs' | 'showCalls'>, CallOptions {
  readonly output?: string
  readonly format?: Format
  readonly title?: string
  readonly author?: string
  readonly template?: string
  readonly absolute?: boolean
}

const FORMATS: readonly Format[] = ['html', 'md', 'tex', 'svg', 'mmd']
/** Sessions that are told in full on paper; a table has the others. */
const ON_PAPER: Budget = { rows: 1000, sessions: 20, packets: Number.POSITIVE_INFINITY }
/** In a page, which opens at once all the same. */
const IN_A_PAGE: Budget = { rows: 1000, sessions: 1000, packets: 10_000 }

const EXAMPLES = `
Examples:
  synopsis report lab.pcapng -o report.html                    one page: every packet, its headers and bytes, your notes
  synopsis report lab.pcapng -o report.md                      with a figure for each session beside it
  synopsis report lab.pcapng -o report.md --questions          and the lab questions, answered
  synopsis report lab.pcapng -o report.tex --author "A. Student"
  synopsis report lab.pcapng -s tcp:0 -o figure.svg            the figure alone
  synopsis report lab.pcapng -s tcp:0 -o figure.mmd            the same as a Mermaid diagram
  synopsis report lab.pcapng --calls trace.log -o report.html  with the calls behind the packets, and the mistakes they prove
  synopsis report --calls calls.ndjson -o report.md            Unix-domain sockets, which have no packets: the calls alone

A template has {{body}}, or {{capture}}, {{overview}} and {{sessions}}; {{title}}, {{author}}, {{version}}, {{command}}; and of
LaTeX {{preamble}}, the packages that the figures need. Plots are drawn where they say something: data of several round trips,
losses, a shut window.

The format is the extension's, or --format's. A figure alone has no title, author or questions. Notes in the capture and in
FILE.notes.yaml stand where they belong: write some with synopsis annotate first. The same input and command give the same
bytes.`

export function configure(command: Command): void {
  takesCalls(takesSessions(takesFiles(command)))
    .option('-o, --output <file>', 'the report: .html, .md, .tex; a figure alone: .svg, .mmd; - for standard output')
    .addOption(new Option('--format <format>', "where the name doesn't say it").choices(FORMATS))
    .option('--title <text>', 'of the report')
    .option('--author <text>', 'who hands it in')
    .option('--notes <yaml>', 'more notes, as synopsis annotate --yaml keeps them')
    .option(
      '--template <file>',
      'a .md or .tex of your own with places for the parts of the report: {{title}}, {{body}}, …',
    )
    .option('--questions', "lab courses' questions, each answered with its evidence")
    .option('--absolute', 'sequence numbers in the figures as they are on the wire')
    .option('--unfold', 'every packet in the figures, also where many of plain data follow each other')
    .addHelpText('after', EXAMPLES)
    .action((named: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => report(named, options, run))
    })
}

async function report(named: readonly string[], options: Options, run: Run): Promise<void> {
  const { output } = options
  if (output === undefined)
    throw new UsageError('where to? Name the report with -o: report.html, report.md, figure.svg')
  const format = formatOf(output, options)
  expectUsed(options, format)
  expectFolderOf(output)
  const { captures, logs, showCalls } = sortFiles([...(options.read ?? []), ...named], options)
  const isOfLogsAlone = captures.length === 0 && logs.length > 0
  const files = isOfLogsAlone ? [] : filesOf(captures, { color: options.color })
  const examined: Examined[] = []
  for (const file of files) {
    examined.push(await examine(file, { ...options, logs, showCalls }, format === 'html' ? IN_A_PAGE : ON_PAPER, run))
  }
  const told = logs.length === 0 ? undefined : await logsOf(logs, examined)
  const written = await write(examined, told, format, output, { ...options, logs, showCalls })
  if (output === '-') {
    for (const [, content] of written) run.screen.writer.bytes(Buffer.from(content))
    return
  }
  for (const [name, content] of written) save(name, content)
  complain(
    printable(
      `${output}: written${written.length > 1 ? `, and ${countOf(written.length - 1, 'figure')} beside it` : ''}`,
    ),
  )
}

/** The mistakes that the calls prove in any of the captures, and the sessions that have no packets. */
async function logsOf(files: readonly string[], examined: readonly Examined[]): Promise<ReportedLogs> {
  const runs = examined.map(({ followed, capture }) => ({
    followed,
    told: capture.told.map(({ timeline }) => timeline),
  }))
  if (runs.length === 0) runs.push({ followed: followLogs(files), told: [] })
  const mistakes = new Map<string, Mistake>()
  for (const { followed, told } of runs) {
    for (const processes of followed) {
      // one that no packets are needed for is found with each of the captures
      for (const mistake of findMistakes(processes, told)) mistakes.set(`${mistake.name} ${mistake.pid}`, mistake)
    }
  }
  const unix = (runs[0]?.followed ?? []).flatMap(unixSessions).map(withUnixCalls)
  return { files: files.map((file) => basename(file)), mistakes: [...mistakes.values()], unix }
}

function formatOf(output: string, { format }: Options): Format {
  const extension = /\.([a-z]+)$/i.exec(output)?.[1]?.toLowerCase()
  const found = format ?? FORMATS.find((one) => one === extension)
  if (output === '-' && (found === undefined || found === 'md')) {
    const why = found === 'md' ? "Markdown's figures are files beside it" : 'it has no name that says the format'
    throw new UsageError(`standard output: ${why}; say --format html, tex, svg or mmd, or name a file with -o`)
  }
  if (found === undefined)
    throw new UsageError(`${output}: which format? It can end in .html, .md, .tex, .svg or .mmd; or say --format`)
  return found
}

const IN_DOCUMENTS: readonly Format[] = ['html', 'md', 'tex']

/** Options that only some formats have a use for. */
const USED_IN = {
  template: ['md', 'tex'],
  questions: IN_DOCUMENTS,
  title: IN_DOCUMENTS,
  author: IN_DOCUMENTS,
  absolute: [...IN_DOCUMENTS, 'svg'],
} as const satisfies Partial<Record<keyof Options, readonly Format[]>>

/** @throws UsageError when something was asked for that this format does not have */
function expectUsed(options: Options, format: Format): void {
  for (const [name, formats] of Object.entries(USED_IN) as [keyof typeof USED_IN, readonly Format[]][]) {
    if (options[name] === undefined || formats.includes(format)) continue
    const endings = formats.map((one) => `.${one}`)
    throw new UsageError(
      `--${name} is for ${endings.slice(0, -1).join(', ')} and ${endings.at(-1)}: a .${format} has no use for it`,
    )
  }
}

function write(
  examined: readonly Examined[],
  logs: ReportedLogs | undefined,
  format: Format,
  output: string,
  options: Options & ReportOptions,
): Written | Promise<Written> {
  const captures = examined.map(({ capture }) => capture)
  switch (format) {
    case 'svg':
    case 'mmd':
      return figure(captures, logs, format, output, options)
    case 'html':
      return pageOf(examined, logs, madeBy(options), options).then((page) => [[output, page]])
    default:
      return whole(captures, logs, format, output, options)
  }
}

function madeBy({ title, author }: Options): Made {
  return { version: version(), command: commandLine(), ...(title && { title }), ...(author && { author }) }
}

type Written = readonly (readonly [name: string, content: string])[]

function figure(
  captures: readonly ReportedCapture[],
  logs: ReportedLogs | undefined,
  format: 'svg' | 'mmd',
  output: string,
  options: Options,
): Written {
  const isOfLogsAlone = captures.length === 0
  const sessions: readonly AnyTimeline[] = isOfLogsAlone
    ? chosenUnix(logs?.unix ?? [], options)
    : captures.flatMap((capture) => capture.told.map(({ shown }) => shown))
  const [session, another] = sessions
  if (session === undefined) {
    const kind = isOfLogsAlone ? 'session over Unix-domain sockets' : 'TCP or UDP session'
    throw new UsageError(`there is no ${kind} to draw`)
  }
  if (another !== undefined) throw new UsageError(`a figure shows one session: ${whichOf(sessions, captures.length)}`)
  const drawn =
    format === 'svg' ? drawFigure(session, { rawNumbers: options.absolute === true }) : `${drawMermaid(session)}\n`
  return [[output, drawn]]
}

/** How to say which: a number alone may be a TCP and a UDP session. */
function whichOf(sessions: readonly AnyTimeline[], captures: number): string {
  if (captures > 1) return 'give one capture, and say which of its sessions, with -s N'
  const names = sessions.map(({ summary }) =>
    summary.protocol === 'unix' ? String(summary.session) : `${summary.protocol}:${summary.session}`,
  )
  return `say which, with -s ${names.slice(0, 3).join(' or ')}${names.length > 3 ? ' …' : ''}`
}

/** Without a capture, `-s 0` is the first session of the logs. */
function chosenUnix(unix: readonly UnixTimeline[], { session: names }: Options): readonly UnixTimeline[] {
  return names === undefined ? unix : unix.filter(({ summary }) => names.includes(String(summary.session)))
}

function whole(
  captures: readonly ReportedCapture[],
  logs: ReportedLogs | undefined,
  format: 'md' | 'tex',
  output: string,
  options: Options,
): Written {
  const { absolute = false } = options
  const made = madeBy(options)
  const template = options.template === undefined ? undefined : templateFrom(options.template)
  const stem = basename(output).replace(/\.[a-z]+$/i, '')
  const { text, figures } = documentOf(composeReport(captures, made, logs), format, {
    made,
    stem,
    rawNumbers: absolute,
    ...(template !== undefined && { template }),
  })
  const beside = figures.map(([name, content]) => [join(dirname(output), name), content] as const)
  return [[output, text], ...beside]
}

function templateFrom(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new FileError(
      'UNREADABLE',
      `cannot read the template ${file}: ${(error as NodeJS.ErrnoException).code ?? error}`,
    )
  }
}

/** As it was typed, with quotes where the shell needs them. */
function commandLine(): string {
  const words = process.argv
    .slice(2)
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
  return printable(['synopsis', ...words].join(' '))
}
