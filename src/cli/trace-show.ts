/** What a trace has found: its processes, the sessions of its sockets with the calls beside the packets, and the mistakes. */
import { countOf } from '../bytes/units.js'
import type { Call } from '../calls/call.js'
import { followProcesses } from '../calls/processes/follow.js'
import { failedCalls } from '../calls/without-packets.js'
import { drawLadder, type LadderOptions } from '../render/ladder/ladder.js'
import { processTree } from '../render/process-tree.js'
import { wrap } from '../render/width.js'
import type { SessionSummary } from '../sessions/summary.js'
import { survey } from '../survey.js'
import { NamedSessions } from '../timeline/calls/named.js'
import { nameSockets } from '../timeline/calls/nameless.js'
import { CallLog } from '../timeline/calls/observe.js'
import { callsOf, withCalls } from '../timeline/calls/with-calls.js'
import { fold } from '../timeline/fold.js'
import type { Timeline } from '../timeline/model.js'
import { eachTimeline } from '../timelines.js'
import { connectionsInTimeWait } from '../trace/time-wait.js'
import type { Input } from './input.js'
import { MOST_EXAMINED, showMistakes } from './judge.js'
import type { FormatOptions } from './options.js'
import type { Run } from './run.js'
import { printTable } from './session-rows.js'
import { showUnixSessions } from './unix-show.js'

export interface ShowOptions extends FormatOptions {
  readonly unfold?: boolean
  readonly json?: boolean
}

export async function showTrace(input: Input, calls: readonly Call[], options: ShowOptions, run: Run): Promise<void> {
  const { screen } = run
  const { width, theme } = screen
  const asLogged = followProcesses(calls)
  const named = new NamedSessions(asLogged.calls)
  const summaries: SessionSummary[] = []
  let strangers = 0
  const first = await survey(await input.first(), (summary) => {
    if (named.has(summary)) summaries.push(summary)
    else strangers++
  })
  summaries.sort((a, b) => a.firstFrame - b.firstFrame)
  const whole = nameSockets(calls, asLogged, summaries)
  const processes = whole === calls ? asLogged : followProcesses(whole)
  const log = new CallLog(processes)
  const examined: Timeline[] = []
  if (options.json !== true) {
    screen.line()
    screen.lines(processTree(processes, width, theme))
    const hasNone =
      summaries.length === 0 &&
      processes.sockets.some(({ transport, isLibrarys }) => !isLibrarys && (transport === 'tcp' || transport === 'udp'))
    if (hasNone) {
      const failed = failedCalls(processes)
      screen.lines(wrap(['no packets of its sockets were captured', ...failed].join('; '), width))
    }
    if (strangers > 0) screen.line(theme.faint(`${countOf(strangers, 'session')} of others in the capture`))
    if (summaries.length > 1) {
      screen.line()
      printTable(summaries, run)
    }
  }
  const ladder: LadderOptions = {
    width,
    theme,
    time: options.time ?? (options.absolute ? 'utc' : 'relative'),
    rawNumbers: options.absolute ?? false,
  }
  const show = (timeline: Timeline) => {
    if (examined.length < MOST_EXAMINED) examined.push(timeline)
    if (options.json) {
      screen.json({ ...timeline, ...callsOf(timeline, log) })
      return
    }
    const events = options.unfold ? timeline.events : fold(timeline.events)
    screen.line()
    screen.lines(drawLadder(withCalls(timeline, events, log), ladder))
  }
  await eachTimeline(input, first, summaries, show, { inOrder: true })
  screen.flush()
  input.complete()
  showUnixSessions([processes], options.json === true, ladder, run)
  showMistakes([processes], examined, connectionsInTimeWait(), options.json === true, run)
}
