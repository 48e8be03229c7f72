/** Scenarios as a user plays them: with the built program, in labs of their own. */
import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { openCapture, type SessionSummary, survey, timelines } from '../../../src/index.js'
import type { Scenario } from '../../../src/labs/virtual/scenario.js'
import { type Kept, keptIn } from '../../../src/labs/virtual/stage.js'
import type { Timeline } from '../../../src/timeline/model.js'
import { SYNOPSIS } from '../support.js'

/** Why a virtual lab cannot be had here; undefined where it can. */
export const missing =
  process.platform !== 'linux'
    ? 'no Linux'
    : process.geteuid?.() !== 0
      ? 'not root'
      : spawnSync('ip', ['-V']).status !== 0
        ? 'no ip'
        : undefined

const folder = mkdtempSync(join(tmpdir(), 'virtual-lab-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Plays it; resolved with what it left. */
export function play(scenario: Scenario): Promise<Kept> {
  const kept = join(folder, scenario.name)
  const words = [SYNOPSIS, 'lab', 'run', scenario.name, '--keep', kept, '--no-timeline']
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, (error, _, complaint) => {
      if (error) reject(new Error(complaint, { cause: error }))
      else resolve(keptIn(kept, scenario))
    })
  })
}

/** The timelines of a capture, in the order of its sessions. */
export async function timelinesOf(capture: string): Promise<Timeline[]> {
  const sessions: SessionSummary[] = []
  const first = await survey(await openCapture(capture), (session) => sessions.push(session))
  sessions.sort((a, b) => a.firstFrame - b.firstFrame)
  return timelines(await openCapture(capture), first, sessions)
}
