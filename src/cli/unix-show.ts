/** The sessions over Unix-domain sockets that logs have: shown below those of the capture, or alone. */
import type { Processes } from '../calls/processes/model.js'
import { drawLadder, type LadderOptions } from '../render/ladder/ladder.js'
import { unixSessions, withUnixCalls } from '../timeline/unix/sessions.js'
import type { Run } from './run.js'

/** @param logs each followed by itself: its sessions count from 0 */
export function showUnixSessions(logs: readonly Processes[], json: boolean, ladder: LadderOptions, run: Run): void {
  const { screen } = run
  for (const timeline of logs.flatMap(unixSessions)) {
    if (json) {
      screen.json(timeline)
      continue
    }
    screen.line()
    screen.lines(drawLadder(withUnixCalls(timeline), ladder))
  }
}
