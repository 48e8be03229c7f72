/**
 * `synopsis sessions --problems`: the sessions that went wrong, worst first. The first pass keeps the summaries of those
 * that could have; only their timelines are built, each to be judged and forgotten.
 */

import { SynopsisError } from '../errors.js'
import { problemsAround } from '../explain/problems/around.js'
import { type Diagnosis, diagnose, isSuspect, rankDiagnoses } from '../explain/problems/diagnose.js'
import { type Findings, problemLines, problemObjects } from '../render/problems.js'
import type { SessionSummary } from '../sessions/summary.js'
import { survey } from '../survey.js'
import type { Timeline } from '../timeline/model.js'
import { eachTimeline } from '../timelines.js'
import { Input } from './input.js'
import { analysedFor, type Selection } from './options.js'
import { OtherSessions } from './other-sessions.js'
import { endWith, type Run } from './run.js'

/** Suspects that are remembered from the first pass. */
const MAX_SUSPECTS = 100_000
const PROBLEMS = 3

export interface ProblemOptions {
  readonly json: boolean
  readonly count: number | undefined
  /** one of several files: what is wrong with it does not end the others */
  readonly many: boolean
}

export async function printProblems(
  file: string,
  selection: Selection,
  options: ProblemOptions,
  run: Run,
): Promise<void> {
  const input = new Input(file, run, options.count === undefined ? {} : { limit: options.count })
  try {
    const findings = await examine(input, selection, run)
    const { screen } = run
    if (options.json) for (const object of problemObjects(findings)) screen.json(object)
    else screen.lines(problemLines(findings, screen.width, screen.theme))
    if (findings.diagnoses.length + findings.others.length > 0) endWith(PROBLEMS)
    input.complete()
  } catch (error) {
    if (!options.many || !(error instanceof SynopsisError)) throw error
    run.warn(error.message, error.exitStatus)
  }
}

async function examine(input: Input, selection: Selection, run: Run): Promise<Findings> {
  const suspects: SessionSummary[] = []
  const otherSessions = new OtherSessions()
  let sessions = 0
  let dropped = 0
  const take = (summary: SessionSummary) => {
    otherSessions.add(summary)
    if (!selection(summary)) return
    sessions++
    if (!isSuspect(summary)) return
    if (suspects.length < MAX_SUSPECTS) suspects.push(summary)
    else dropped++
  }
  const first = await survey(await input.first(), take, { analyse: analysedFor(selection) })
  if (dropped > 0) run.warn(`${input.name}: ${dropped} more sessions may have gone wrong; look at fewer with -s`, 0)
  const diagnoses: Diagnosis[] = []
  const judge = (timeline: Timeline) => {
    // the rest of it was not read
    if (input.isEnded) return
    const diagnosis = diagnose(timeline, otherSessions.around(timeline.summary, first))
    if (diagnosis !== undefined) diagnoses.push(diagnosis)
  }
  await eachTimeline(input, first, suspects, judge)
  const others = problemsAround(first)
  return { file: input.name, sessions, diagnoses: rankDiagnoses(diagnoses), others }
}
