/** `synopsis report`: captures as something to hand in: a report in Markdown or LaTeX, or a session's figure by itself. */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Command, Option } from 'commander'
import { printable } from '../bytes/printable.js'
import { countOf } from '../bytes/units.js'
import { UsageError } from '../errors.js'
import { diagnose } from '../explain/problems/diagnose.js'
import { answerQuestions } from '../explain/questions/questions.js'
import { commentOf } from '../notes/note.js'
import { readNoteFile, readNotesBeside } from '../notes/note-file.js'
import { placesOf } from '../notes/places.js'
import { drawMermaid } from '../render/mermaid.js'
import { composeReport, figureName } from '../render/report/compose.js'
import type { ReportedCapture, ReportedSession } from '../render/report/content.js'
import { writeLatex } from '../render/report/latex.js'
import { writeMarkdown } from '../render/report/markdown.js'
import { drawFigure } from '../render/svg/figure.js'
import type { SessionSummary } from '../sessions/summary.js'
import { type Survey, survey, timelines } from '../survey.js'
import { withCalls } from '../timeline/calls/with-calls.js'
import { fold } from '../timeline/fold.js'
import type { Timeline } from '../timeline/model.js'
import { groups } from './groups.js'
import { Input } from './input.js'
import { type FileOptions, filesOf, selectionOf, takesFiles, takesSessions } from './options.js'
import { timeUntilEnd } from './problems.js'
import { type Run, run } from './run.js'
import { save } from './save.js'
import { complain } from './screen.js'
import { version } from './version.js'

type Format = 'md' | 'tex' | 'svg' | 'mmd'

interface Options extends FileOptions {
  readonly output?: string
  readonly format?: Format
  readonly session?: readonly string[]
  readonly title?: string
  readonly author?: string
  readonly notes?: string
  readonly questions?: boolean
  readonly calls?: boolean
  readonly absolute?: boolean
  readonly unfold?: boolean
}

const FORMATS: readonly Format[] = ['md', 'tex', 'svg', 'mmd']
/** Sessions that are told in full; a table has the others. */
const MOST_SESSIONS = 20
/** Rows of the table of sessions. */
const MOST_ROWS = 1000

const EXAMPLES = `
Examples:
  synopsis report lab.pcapng -o report.md                      with a figure for each session beside it
  synopsis report lab.pcapng -o report.md --questions          and the lab questions, answered
  synopsis report lab.pcapng -o report.tex --author "A. Student"
  synopsis report lab.pcapng -s 0 -o figure.svg                the figure alone
  synopsis report lab.pcapng -s 0 -o figure.mmd                the same as a Mermaid diagram

The format is the extension's, or --format's. Notes in the capture and in FILE.notes.yaml stand where they belong: write
some with synopsis annotate first. The same input and command give the same bytes.`

export function configure(command: Command): void {
  takesSessions(takesFiles(command))
    .option('-o, --output <file>', 'the report: .md, .tex; a figure alone: .svg, .mmd')
    .addOption(new Option('--format <format>', "where the name doesn't say it").choices(FORMATS))
    .option('--title <text>', 'of the report')
    .option('--author <text>', 'who hands it in')
    .option('--notes <yaml>', 'more notes, as synopsis annotate --yaml keeps them')
    .option('--questions', "lab courses' questions, each answered with its evidence")
    .option('--calls', 'the socket calls in the figures too; inferred (≈)')
    .option('--absolute', 'sequence numbers in the figures as they are on the wire')
    .option('--unfold', 'every packet in the figures, also where many of plain data follow each other')
    .addHelpText('after', EXAMPLES)
    .action((named: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => report(filesOf(named, options), options, run))
    })
}

async function report(files: readonly string[], options: Options, run: Run): Promise<void> {
  const { output } = options
  if (output === undefined) throw new UsageError('where to? Name the report with -o: report.md, report.tex, figure.svg')
  const format = formatOf(output, options)
  const captures: ReportedCapture[] = []
  for (const file of files) captures.push(await examine(file, options, run))
  const written =
    format === 'svg' || format === 'mmd'
      ? figure(captures, format, output, options)
      : whole(captures, format, output, options)
  for (const [name, content] of written) save(name, content)
  complain(
    printable(
      `${output}: written${written.length > 1 ? `, and ${countOf(written.length - 1, 'figure')} beside it` : ''}`,
    ),
  )
}

function formatOf(output: string, { format }: Options): Format {
  const extension = /\.([a-z]+)$/i.exec(output)?.[1]?.toLowerCase()
  const found = format ?? FORMATS.find((one) => one === extension)
  if (found === undefined)
    throw new UsageError(`${output}: which format? It can end in .md, .tex, .svg or .mmd; or say --format`)
  return found
}

type Written = readonly (readonly [name: string, content: string])[]

function figure(
  captures: readonly ReportedCapture[],
  format: 'svg' | 'mmd',
  output: string,
  options: Options,
): Written {
  const [session, another] = captures.flatMap((capture) => capture.told)
  if (session === undefined) throw new UsageError('there is no TCP or UDP session to draw')
  if (another !== undefined) throw new UsageError('a figure shows one session: say which, with -s N')
  const drawn =
    format === 'svg'
      ? drawFigure(session.shown, { rawNumbers: options.absolute === true })
      : `${drawMermaid(session.shown)}\n`
  return [[output, drawn]]
}

function whole(captures: readonly ReportedCapture[], format: 'md' | 'tex', output: string, options: Options): Written {
  const { title, author, absolute = false } = options
  const made = { version: version(), command: commandLine(), ...(title && { title }), ...(author && { author }) }
  const blocks = composeReport(captures, made)
  if (format === 'tex') return [[output, writeLatex(blocks, made, absolute)]]
  const stem = basename(output).replace(/\.[a-z]+$/i, '')
  const figures = captures.flatMap((capture, index) =>
    capture.told.map((session): readonly [string, string] => [
      join(dirname(output), figureName(stem, session.timeline.summary, captures.length > 1 ? index : undefined)),
      drawFigure(session.shown, { rawNumbers: absolute }),
    ]),
  )
  return [[output, writeMarkdown(blocks, made, stem)], ...figures]
}

/** As it was typed, with quotes where the shell needs them. */
function commandLine(): string {
  const words = process.argv
    .slice(2)
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
  return printable(['synopsis', ...words].join(' '))
}

/** Everything that is said of one capture. */
async function examine(file: string, options: Options, run: Run): Promise<ReportedCapture> {
  const input = new Input(file, run, options.count === undefined ? {} : { limit: options.count })
  const selection = selectionOf(options)
  const summaries: SessionSummary[] = []
  let sessions = 0
  const first = await survey(await input.first(), (summary) => {
    sessions++
    if (selection !== undefined ? selection(summary) : summaries.length < MOST_ROWS) summaries.push(summary)
  })
  if (selection !== undefined && summaries.length === 0) {
    throw new UsageError(`${file} has no such session: it has ${countOf(sessions, 'session')}`)
  }
  summaries.sort((a, b) => a.firstFrame - b.firstFrame)
  const notes = await notesOf(file, input, options)
  const told: ReportedSession[] = []
  for (const group of groups(summaries.slice(0, MOST_SESSIONS))) {
    for (const timeline of await timelines(await input.again(), first, group)) {
      told.push(examineSession(annotated(timeline, notes), first, options))
    }
  }
  input.complete()
  const placed = new Set(
    told.flatMap(({ timeline }) => timeline.events.map((event) => (event.kind === 'packet' ? event.frame : undefined))),
  )
  const hash = await sha256(file)
  return {
    file: basename(file),
    ...(hash !== undefined && { sha256: hash }),
    info: first.info,
    observations: first.observations,
    sessions,
    summaries,
    told,
    notes: [
      ...[...first.info.sections, ...first.info.interfaces].flatMap((one) => one.comments),
      ...notes.filter(({ frame }) => !placed.has(frame)).map(({ comment }) => comment),
    ],
  }
}

function examineSession(timeline: Timeline, first: Survey, options: Options): ReportedSession {
  const { summary } = timeline
  const events = options.unfold ? timeline.events : fold(timeline.events)
  return {
    timeline,
    shown: options.calls ? withCalls(timeline, events) : { ...timeline, events },
    problems: diagnose(timeline, { untilEnd: timeUntilEnd(summary, first), accepted: 0 })?.problems ?? [],
    ...(options.questions && { answers: answerQuestions(timeline) }),
  }
}

interface PlacedNote {
  readonly frame: number
  readonly comment: string
}

/** The notes that are not in the capture itself, each with the frame that it stands on. */
async function notesOf(file: string, input: Input, options: Options): Promise<readonly PlacedNote[]> {
  const beside = file === '-' ? [] : await readNotesBeside(file)
  const more = options.notes === undefined ? [] : (await readNoteFile(options.notes)).notes
  const notes = [...beside, ...more]
  if (notes.length === 0) return []
  const frames = await placesOf(
    notes.map((note) => note.target),
    () => input.again(),
  )
  return notes.map((note, index) => {
    const frame = frames[index] ?? 0
    const isPlain = note.target.kind === 'packet' || frame === 0
    return { frame, comment: isPlain ? note.text : commentOf(note) }
  })
}

function annotated(timeline: Timeline, notes: readonly PlacedNote[]): Timeline {
  if (notes.length === 0) return timeline
  const events = timeline.events.map((event) => {
    if (event.kind !== 'packet') return event
    const added = notes.filter(({ frame }) => frame === event.frame).map(({ comment }) => comment)
    return added.length === 0 ? event : { ...event, comments: [...(event.comments ?? []), ...added] }
  })
  return { ...timeline, events }
}

/** Of the file as it lies on disk; undefined for what is no file. */
async function sha256(file: string): Promise<string | undefined> {
  if (file === '-' || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return undefined
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(file)) hash.update(chunk)
  return hash.digest('hex')
}
