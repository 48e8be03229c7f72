/**
 * `synopsis replay`: what the capture could not see, the sessions, then each one's timeline. The first pass finds the
 * sessions; their timelines come from further passes, each for as many sessions as memory is meant to hold.
 */
import type { Command } from 'commander'
import { printable } from '../bytes/printable.js'
import { countOf, formatCount } from '../bytes/units.js'
import type { SocketTable } from '../calls/socket-table.js'
import { SynopsisError, UsageError } from '../errors.js'
import { describeCapture, explainBlindness } from '../explain/observations.js'
import { problemsAround } from '../explain/problems/around.js'
import { drawLadder, type LadderOptions } from '../render/ladder/ladder.js'
import { processTree } from '../render/process-tree.js'
import { wrap } from '../render/width.js'
import type { SessionSummary } from '../sessions/summary.js'
import { type Survey, survey } from '../survey.js'
import { callsOf, withCalls } from '../timeline/calls/with-calls.js'
import { fold } from '../timeline/fold.js'
import type { Timeline } from '../timeline/model.js'
import { netstatOf, withNetstat } from '../timeline/netstat.js'
import { eachTimeline } from '../timelines.js'
import { readSocketTables } from './call-files.js'
import { type CallOptions, followLogs, mergeLogs, sortFiles, takesCalls } from './call-logs.js'
import { Input } from './input.js'
import { isInterrupted } from './interrupt.js'
import { MOST_EXAMINED, showMistakes } from './judge.js'
import {
  analysedFor,
  collect,
  type FileOptions,
  type FormatOptions,
  filesOf,
  type Selection,
  selectionOf,
  takesFiles,
  takesFormats,
  takesSessions,
} from './options.js'
import { type Run, run } from './run.js'
import { printTable } from './session-rows.js'
import { showUnixSessions } from './unix-show.js'

interface Options extends FileOptions, FormatOptions, CallOptions {
  readonly session?: readonly string[]
  readonly unfold?: boolean
  readonly netstatFrom?: readonly string[]
  readonly json?: boolean
}

/** What was logged beside the capture. */
interface Logs {
  readonly calls: readonly string[]
  readonly showCalls: boolean
  readonly sockets: readonly SocketTable[]
}

/** Sessions that are remembered from the first pass, when none were asked for by number. */
const MAX_SESSIONS = 100_000

const EXAMPLES = `
Examples:
  synopsis replay lab.pcapng                   every session's timeline
  synopsis replay -s 3 big.pcap                one of many
  synopsis replay --absolute lab.pcapng        times of day, numbers as on the wire
  synopsis replay --calls lab.pcapng           with the socket calls behind the packets
  synopsis replay lab.pcapng --calls trace.log with those that strace -f -ttt -T -yy -o trace.log has seen
  synopsis replay --calls server.ndjson --calls client.ndjson   calls alone: Unix-domain sockets have no packets
  synopsis replay --json lab.pcapng | jq '.events[] | select(.findings[0])'
  tcpdump -U -w - -i vmnet1 | synopsis replay -

How to read a timeline: one arrow a packet, in its true direction, labelled as in Stevens: flags, first:next(length),
ack, window. (of #4, 11 µs): acknowledges packet 4, 11 µs after it. An arrow that ends in ✗ was not taken in.
≈ marks a socket call that is inferred: the simplest program that makes these packets, at the earliest times.
It is as wide as the terminal, from 80 columns on; in a pipe 100 columns wide, or as wide as COLUMNS says.`

export function configure(command: Command): void {
  takesCalls(takesFormats(takesSessions(takesFiles(command))))
    .option('--unfold', 'every packet, also where many of plain data follow each other')
    .option(
      '--netstat-from <file>',
      'what netstat -a showed at both ends, as lab run --keep left it (sockets.ndjson); may be given again',
      collect,
    )
    .option('--json', 'one JSON object a session and line: its summary and all its events (docs/schema.md)')
    .addHelpText('after', EXAMPLES)
    .action((named: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, async (run) => {
        const { captures, logs, showCalls } = sortFiles(named, options)
        if (captures.length === 0 && options.read === undefined && logs.length > 0) {
          await replayLogs(logs, options, run)
          return
        }
        const files = filesOf(captures, options)
        const sockets = readSocketTables(options.netstatFrom ?? [])
        for (const [index, file] of files.entries()) {
          if (isInterrupted()) break
          if (index > 0 && !options.json) run.screen.line()
          await replayOne(file, files.length > 1, { calls: logs, showCalls, sockets }, options, run)
        }
      })
    })
}

/** Logs without a capture: who ran, and the Unix-domain connections, which no capture could show. */
async function replayLogs(logs: readonly string[], options: Options, run: Run): Promise<void> {
  const { screen } = run
  const followed = followLogs(logs)
  if (options.json !== true) {
    for (const processes of followed) screen.lines(processTree(processes, screen.width, screen.theme))
  }
  showUnixSessions(followed, options.json === true, ladderOptions(options, run), run)
  showMistakes(followed, [], [], options.json === true, run)
}

function ladderOptions({ time, absolute }: Options, { screen }: Run): LadderOptions {
  return {
    width: screen.width,
    theme: screen.theme,
    time: time ?? (absolute ? 'utc' : 'relative'),
    rawNumbers: absolute ?? false,
  }
}

async function replayOne(file: string, many: boolean, logs: Logs, options: Options, run: Run): Promise<void> {
  try {
    await replay(new Input(file, run, { limit: options.count }), logs, options, run)
  } catch (error) {
    // a file that cannot be read is no reason not to look at the others
    if (!many || !(error instanceof SynopsisError)) throw error
    run.warn(error.message, error.exitStatus)
  }
}

async function replay(input: Input, logs: Logs, options: Options, run: Run): Promise<void> {
  const selection = selectionOf(options)
  const summaries: SessionSummary[] = []
  let sessions = 0
  const take = (summary: SessionSummary) => {
    sessions++
    if (selection !== undefined ? selection(summary) : summaries.length < MAX_SESSIONS) summaries.push(summary)
  }
  const first = await survey(await input.first(), take, { analyse: analysedFor(selection) })
  summaries.sort((a, b) => a.firstFrame - b.firstFrame)
  if (selection !== undefined && summaries.length === 0) {
    throw new UsageError(`${input.name} has no such session: it has ${countOf(sessions, 'session')}`)
  }
  if (options.json !== true) overview(input, first, summaries, sessions, selection, run)
  await showTimelines(input, first, summaries, logs, options, run)
  input.complete()
}

/** What there is, and what could not be seen. */
function overview(
  input: Input,
  first: Survey,
  summaries: SessionSummary[],
  sessions: number,
  selection: Selection | undefined,
  run: Run,
): void {
  const { screen } = run
  const { theme, width } = screen
  const title = `${printable(input.name)}: ${describeCapture(first.info, first.observations)}, ${countOf(sessions, 'session')}`
  for (const line of wrap(title, width)) screen.line(theme.strong(line))
  const sentences = explainBlindness(first.info, first.observations, summaries)
  for (const { diagnosis } of problemsAround(first)) sentences.push(diagnosis)
  if (first.info.damage) sentences.unshift(`it is damaged: ${first.info.damage.message}`)
  for (const sentence of sentences) {
    for (const [index, line] of wrap(sentence, width - 4).entries()) {
      screen.line(theme.trouble(`${index === 0 ? '  ! ' : '    '}${line}`))
    }
  }
  if (sessions > summaries.length && selection === undefined) {
    screen.line(
      theme.trouble(
        `  ! only the first ${formatCount(summaries.length)} sessions are shown; sessions --json lists all`,
      ),
    )
  }
  if (selection === undefined && summaries.length > 1) {
    screen.line()
    printTable(summaries, run)
  }
}

async function showTimelines(
  input: Input,
  first: Survey,
  summaries: readonly SessionSummary[],
  { calls, showCalls, sockets }: Logs,
  options: Options,
  run: Run,
): Promise<void> {
  const { screen } = run
  const examined: Timeline[] = []
  const { log, remarks, followed } = await mergeLogs(input, first, summaries, calls)
  if (options.json !== true) {
    for (const remark of remarks)
      for (const line of wrap(`  ! ${remark}`, screen.width)) screen.line(screen.theme.note(line))
  }
  const ladder = ladderOptions(options, run)
  const show = (timeline: Timeline) => {
    if (followed.length > 0 && examined.length < MOST_EXAMINED) examined.push(timeline)
    if (options.json) {
      const netstat = sockets.length > 0 ? { netstat: netstatOf(timeline, sockets) } : {}
      const clocks = remarks.length > 0 ? { remarks } : {}
      screen.json({ ...timeline, ...callsOf(timeline, log), ...netstat, ...clocks })
      return
    }
    const events = options.unfold ? timeline.events : fold(timeline.events)
    const shown = showCalls ? withCalls(timeline, events, log) : { ...timeline, events }
    screen.line()
    screen.lines(drawLadder(sockets.length > 0 ? withNetstat(shown, sockets) : shown, ladder))
  }
  await eachTimeline(input, first, summaries, show, { inOrder: true })
  screen.flush()
  if (input.isEnded || followed.length === 0) return
  showUnixSessions(followed, options.json === true, ladder, run)
  showMistakes(followed, examined, [], options.json === true, run)
}
