/** The mistakes that logged calls prove, at the end of what `trace` and `replay --calls LOG` print. */
import { formatMoment } from '../bytes/time.js'
import type { Moment } from '../calls/call.js'
import type { Process, Processes } from '../calls/processes/model.js'
import { findMistakes } from '../explain/mistakes/mistakes.js'
import { mistakeLines } from '../render/mistakes.js'
import type { Timeline } from '../timeline/model.js'
import type { WaitingConnection } from '../trace/time-wait.js'
import type { Run } from './run.js'

/** Sessions whose timelines are kept to look for mistakes in. */
export const MOST_EXAMINED = 200

/**
 * Text, or with `json` one object with the `processes` and the `mistakes` of each log.
 * @param logs each followed by itself: the process numbers of one host mean nothing to another
 */
export function showMistakes(
  logs: readonly Processes[],
  examined: readonly Timeline[],
  waiting: readonly WaitingConnection[],
  json: boolean,
  { screen }: Run,
): void {
  const found = logs.map((processes) => findMistakes(processes, examined, waiting))
  if (json) {
    for (const [index, { processes }] of logs.entries()) {
      screen.json({ processes: processes.map(told), mistakes: found[index] ?? [] })
    }
    return
  }
  const { width, theme } = screen
  screen.line()
  if (found.some((mistakes) => mistakes.length > 0)) screen.lines(mistakeLines(found.flat(), width, theme))
  else screen.line(theme.good(' this run proves no mistake in how the sockets were used'))
}

/** Times as the calls of mistakes have them. */
function told({ waitedFor: _, started, ended, ...one }: Process) {
  return { ...one, ...(started && { started: epoch(started) }), ...(ended && { ended: epoch(ended) }) }
}

function epoch({ seconds, nanoseconds }: Moment): string {
  return formatMoment('epoch', seconds, nanoseconds, 9)
}
