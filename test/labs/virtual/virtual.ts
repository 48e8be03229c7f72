/** Scenarios as a user plays them: with the built program, in labs of their own. */
import { execFile, spawnSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect } from 'vitest'
import type { Problem } from '../../../src/explain/problems/problem.js'
import { Option } from '../../../src/files/pcapng-layout.js'
import { replaceOptions } from '../../../src/files/pcapng-options.js'
import { rewritePcapng } from '../../../src/files/rewrite.js'
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
export function play(scenario: Scenario, { seed, port }: { seed: number; port: number }): Promise<Kept> {
  const kept = mkdtempSync(join(folder, `${scenario.name}-`))
  const words = [SYNOPSIS, 'lab', 'run', scenario.name, '--seed', String(seed), '--port', String(port), '--keep', kept]
  words.push('--no-timeline')
  return new Promise((resolve, reject) => {
    execFile(process.execPath, words, (error, _, complaint) => {
      if (error) reject(new Error(complaint, { cause: error }))
      else resolve(keptIn(kept, scenario))
    })
  })
}

/** What `sessions --problems` finds in a capture once every comment is taken out of it: of each session, the worst first. */
export async function problemsOf(capture: string): Promise<Problem[][]> {
  const bare = join(mkdtempSync(join(folder, 'bare-')), 'capture.pcapng')
  copyFileSync(capture, bare)
  await rewritePcapng(bare, (block) =>
    replaceOptions(block, (options) => options.filter(({ code }) => code !== Option.comment)),
  )
  expect(readFileSync(bare, 'latin1')).not.toContain('lab run')
  const { stdout } = spawnSync(process.execPath, [SYNOPSIS, 'sessions', '--problems', '--json', bare], {
    encoding: 'utf8',
  })
  const lines = stdout.split('\n').filter((line) => line !== '')
  return lines.map((line) => (JSON.parse(line) as { problems: Problem[] }).problems)
}

/** The timelines of a capture, in the order of its sessions. */
export async function timelinesOf(capture: string): Promise<Timeline[]> {
  const sessions: SessionSummary[] = []
  const first = await survey(await openCapture(capture), (session) => sessions.push(session))
  sessions.sort((a, b) => a.firstFrame - b.firstFrame)
  return timelines(await openCapture(capture), first, sessions)
}
