/** `synopsis plot`: how a session's data went over time, in the terminal, as a figure, or as numbers for one's own plots. */
import { type Command, InvalidArgumentError, Option } from 'commander'
import { printable } from '../bytes/printable.js'
import { countOf, formatCount } from '../bytes/units.js'
import { UsageError } from '../errors.js'
import { formatEndpoint } from '../explain/endpoints.js'
import { csvLines } from '../plots/csv.js'
import type { Plot, PlotName } from '../plots/model.js'
import { PLOT_NAMES, plotsOf, sendersOf } from '../plots/plots.js'
import { drawPlots } from '../render/plots/svg.js'
import { drawPlotLines } from '../render/plots/terminal.js'
import type { Role, SessionSummary } from '../sessions/summary.js'
import { survey } from '../survey.js'
import type { Timeline } from '../timeline/model.js'
import { timelines } from '../timelines.js'
import { Input } from './input.js'
import { analysedFor, type FileOptions, fileOf, selectionOf, takesFiles, takesSessions } from './options.js'
import { toPng } from './png.js'
import { type Run, run } from './run.js'
import { expectFolderOf, save } from './save.js'
import { complain } from './screen.js'

interface Options extends FileOptions {
  readonly session?: readonly string[]
  readonly kind?: readonly PlotName[]
  readonly from?: Role | 'both'
  readonly output?: string
  readonly format?: Format
  readonly ascii?: boolean
}

type Format = 'svg' | 'png' | 'csv'
const FORMATS: readonly Format[] = ['svg', 'png', 'csv']

const ROLES: readonly Role[] = ['client', 'server']

/** What is plotted when nothing else is asked for. */
const USUAL: Readonly<Record<SessionSummary['protocol'], readonly PlotName[]>> = {
  tcp: ['time-sequence'],
  udp: ['rtt', 'throughput'],
}

const EXAMPLES = `
Examples:
  synopsis plot lab.pcapng                               a quick look, in the terminal
  synopsis plot lab.pcapng -k tcptrace -o trace.svg      segments, ACKs, window and SACK, as a figure
  synopsis plot lab.pcapng -s 3 -k rtt,window -o 3.png   two panels of session 3
  synopsis plot lab.pcapng -k all -o plots.csv           all points, for one's own plots
  synopsis plot lab.pcapng --from server                 what the server sent

Kinds:
  time-sequence   Stevens' graph: when each segment went, and which bytes it began with
  tcptrace        tcptrace's: segments, the line of ACKs, the edge of the receiver's window, SACK blocks
  rtt             round-trip times, EstimatedRTT and RTO as RFC 6298 has them; of UDP, how long replies took
  throughput      bits per second that were sent, and that were delivered (goodput)
  window          bytes in flight below the receiver's window, and what held the sender back

CSV has one point a line: plot, from, series, time_s, value, value_to, unit, frame, note. In gnuplot:
  set datafile separator ','; plot 'plots.csv' index 0 using 4:5`

export function configure(command: Command): void {
  takesSessions(takesFiles(command))
    .option(
      '-k, --kind <kinds>',
      `one or more of ${PLOT_NAMES.join(', ')}, or all (default: time-sequence; of UDP, rtt and throughput)`,
      parseKinds,
    )
    .addOption(
      new Option('--from <end>', 'whose data (default: who sent enough to be plotted)').choices([
        'client',
        'server',
        'both',
      ]),
    )
    .option('-o, --output <file>', 'a figure: .svg, .png; the points: .csv; - is standard output')
    .addOption(new Option('--format <format>', "where the name doesn't say it").choices(FORMATS))
    .option('--ascii', 'in the terminal, with plain ASCII characters')
    .addHelpText('after', EXAMPLES)
    .action((named: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => plot(fileOf(named, options), options, run))
    })
}

function parseKinds(text: string, before: readonly PlotName[] | undefined): readonly PlotName[] {
  if (text === 'all') return PLOT_NAMES
  const kinds = text.split(',').map((word) => {
    const known = PLOT_NAMES.find((name) => name === word.trim())
    if (known === undefined) throw new InvalidArgumentError(`It is one or more of ${PLOT_NAMES.join(', ')}, or all.`)
    return known
  })
  return [...(before ?? []), ...kinds]
}

async function plot(file: string, options: Options, run: Run): Promise<void> {
  const { output } = options
  const format = formatOf(options)
  if (output !== undefined && output !== '-') expectFolderOf(output)
  const timeline = await timelineOf(file, options, run)
  const { summary } = timeline
  const session = `${summary.protocol.toUpperCase()} session ${summary.session}`
  const senders = sendersFor(options, timeline)
  const plots = plotsOf(timeline, options.kind ?? USUAL[summary.protocol], senders)
  if (plots.length === 0) throw new UsageError(`${session} has nothing to plot: ${reasonFor(options, summary)}`)
  if (timeline.leftOut > 0) {
    run.warn(
      `only the first part of ${session} is plotted: ${countOf(timeline.leftOut, 'packet')} more were left out`,
      0,
    )
  }
  const heading = `Session ${summary.session}, ${summary.protocol.toUpperCase()}: ${formatEndpoint(summary.client)} to ${formatEndpoint(summary.server)}`
  if (format === undefined) {
    const { screen } = run
    screen.line(screen.theme.strong(heading))
    const braille = screen.unicode && options.ascii !== true
    for (const one of plots) screen.lines(drawPlotLines(one, { width: screen.width, theme: screen.theme, braille }))
    return
  }
  const content = await contentOf(format, plots, heading)
  if (output === undefined || output === '-') run.screen.writer.bytes(content)
  else {
    save(output, content)
    complain(printable(`${output}: written, ${plots.map(({ title }) => title).join('; ')}`))
  }
}

function formatOf({ output, format }: Options): Format | undefined {
  if (format !== undefined || output === undefined) return format
  const extension = /\.([a-z]+)$/i.exec(output)?.[1]?.toLowerCase()
  const found = FORMATS.find((one) => one === extension)
  if (found === undefined)
    throw new UsageError(`${output}: which format? It can end in .svg, .png or .csv; or say --format`)
  return found
}

async function contentOf(format: Format, plots: readonly Plot[], heading: string): Promise<Uint8Array> {
  if (format === 'csv') return Buffer.from([...csvLines(plots), ''].join('\n'))
  const svg = drawPlots(plots, { heading, captions: true })
  return format === 'svg' ? Buffer.from(svg) : toPng(svg)
}

/** The session that was asked for; or else the one with the most data. */
async function timelineOf(file: string, options: Options, run: Run): Promise<Timeline> {
  const input = new Input(file, run, options.count === undefined ? {} : { limit: options.count })
  const selection = selectionOf(options)
  let chosen: SessionSummary | undefined
  let sessions = 0
  let matching = 0
  const take = (summary: SessionSummary) => {
    sessions++
    if (selection !== undefined && !selection(summary)) return
    matching++
    if (chosen === undefined || weight(summary) > weight(chosen)) chosen = summary
  }
  const first = await survey(await input.first(), take, { analyse: analysedFor(selection) })
  if (chosen === undefined) {
    throw new UsageError(`${file} has no such session: it has ${countOf(sessions, 'TCP or UDP session')}`)
  }
  if (matching > 1) {
    complain(
      `${chosen.protocol} session ${chosen.session} of ${formatCount(matching)}, the one with the most data; -s ${chosen.protocol}:N for another`,
    )
  }
  const [timeline] = await timelines(await input.again(), first, [chosen])
  input.complete()
  if (timeline === undefined) throw new UsageError(`${file} has no such session`)
  return timeline
}

function weight({ data }: SessionSummary): number {
  return data.client.bytes + data.server.bytes
}

function sendersFor({ from }: Options, timeline: Timeline): readonly Role[] {
  if (from === 'both') return ['client', 'server']
  return from === undefined ? sendersOf(timeline) : [from]
}

function reasonFor({ from, kind }: Options, { protocol, data }: SessionSummary): string {
  if (data.client.bytes + data.server.bytes === 0) return 'neither end sent any data'
  const kinds = (kind ?? USUAL[protocol]).join(', ')
  if (from !== undefined && from !== 'both' && data[from].bytes === 0) return `the ${from} sent no data`
  if (protocol === 'udp' && kind?.every((name) => !USUAL.udp.includes(name)))
    return 'UDP has no sequence numbers and no window; -k throughput or -k rtt can be'
  const unseen = ROLES.find((role) => data[role].packets === 0)
  if (protocol === 'tcp' && unseen !== undefined)
    return `no packet of the ${unseen} was captured, and without its ACKs there is no ${kinds}`
  return `not enough packets for ${kinds}`
}
