/** `synopsis explain`: a session in sentences, lab questions with their answers, a term; without anything, the terms. */
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { suggest } from '../bytes/suggest.js'
import { countOf } from '../bytes/units.js'
import { UsageError } from '../errors.js'
import { findEntry, glossary, relatedTerms, termNames } from '../explain/glossary/glossary.js'
import { problemsAround } from '../explain/problems/around.js'
import { diagnose } from '../explain/problems/diagnose.js'
import type { Surroundings } from '../explain/problems/problem.js'
import { answerQuestions } from '../explain/questions/questions.js'
import { tell } from '../explain/story.js'
import { answerLines, entryLines, storyLines, termLines } from '../render/explanation.js'
import { heading } from '../render/ladder/heading.js'
import type { SessionSummary } from '../sessions/summary.js'
import { survey } from '../survey.js'
import { observedOf } from '../timeline/calls/with-calls.js'
import type { Timeline } from '../timeline/model.js'
import { timelines } from '../timelines.js'
import { mergeLogs } from './call-logs.js'
import { Input } from './input.js'
import { showMistakes } from './judge.js'
import { analysedFor, collect, selectionOf, takesSessions } from './options.js'
import { OtherSessions } from './other-sessions.js'
import { type Run, run } from './run.js'
import { complain } from './screen.js'
import type { ColourChoice } from './terminal.js'

interface Options {
  readonly read?: readonly string[]
  readonly session?: readonly string[]
  readonly questions?: boolean
  readonly calls?: readonly string[]
  readonly json?: boolean
  readonly color: ColourChoice
}

const EXAMPLES = `
Examples:
  synopsis explain lab.pcapng -s 0             the session in sentences
  synopsis explain lab.pcapng -s 0 --questions what lab courses ask, answered with evidence
  synopsis explain lab.pcapng --calls trace.log     which call waited, which one sent what, and mistakes
  synopsis explain dup ACK                     what a term means, and its RFC
  synopsis explain                             the terms`

export function configure(command: Command): void {
  takesSessions(command)
    .argument('[what...]', 'a capture (- is standard input), or a term')
    .option('-r, --read <file>', 'another way to name the capture', collect)
    .option('--calls <log>', "the calls behind it, of strace's log or the lab's, and the mistakes they prove", collect)
    .option('--questions', "answer lab courses' questions about the session, each with its evidence")
    .option('--json', 'one JSON object a session and line (docs/schema.md)')
    .addHelpText('after', EXAMPLES)
    .action((words: readonly string[]) => {
      const options = command.optsWithGlobals<Options>()
      return run(options.color, (run) => explain([...(options.read ?? []), ...words], options, run))
    })
}

async function explain(words: readonly string[], options: Options, run: Run): Promise<void> {
  const { screen } = run
  const what = words.join(' ')
  if (what === '') {
    screen.lines(termLines(glossary, screen.width, screen.theme))
    return
  }
  const isFile =
    options.read !== undefined ||
    options.session !== undefined ||
    options.questions === true ||
    options.calls !== undefined
  if (isFile || (words.length === 1 && isFileName(what))) {
    if (words.length > 1) throw new UsageError('one capture at a time, please')
    await explainSessions(what, options, run)
    return
  }
  const entry = findEntry(what)
  if (entry !== undefined) screen.lines(entryLines(entry, screen.width, screen.theme))
  else throw new UsageError(notFound(what))
}

/** A file that is there, or a name that can only be meant for one. */
function isFileName(text: string): boolean {
  return text === '-' || existsSync(text) || /[/\\]|\.(pcap|pcapng|cap|gz|snoop|trace)$/i.test(text)
}

function notFound(what: string): string {
  const related = relatedTerms(what)
  const spelt = spelledLike(what)
  const both = related.filter((term) => spelt.includes(term))
  const near = [both, related, spelt].find((terms) => terms.length > 0) ?? []
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : 'synopsis explain lists the terms'
  return `there is no entry for "${what}", and no such file: ${hint}`
}

function spelledLike(what: string): string[] {
  const names = new Map(termNames().map((name) => [name.toLowerCase(), name]))
  return suggest(what.toLowerCase(), names.keys()).map((name) => names.get(name) ?? name)
}

async function explainSessions(file: string, options: Options, run: Run): Promise<void> {
  const input = new Input(file, run)
  const selection = selectionOf(options)
  const summaries: SessionSummary[] = []
  const others = new OtherSessions()
  let sessions = 0
  const take = (summary: SessionSummary) => {
    sessions++
    others.add(summary)
    if ((summaries.length < 2 && selection === undefined) || selection?.(summary)) summaries.push(summary)
  }
  const first = await survey(await input.first(), take, { analyse: analysedFor(selection) })
  if (sessions === 0) {
    const why = problemsAround(first).map(({ diagnosis }) => `: ${diagnosis}`)
    throw new UsageError(`${file} has no TCP or UDP session to explain${why[0] ?? ''}`)
  }
  if (summaries.length === 0)
    throw new UsageError(`${file} has no such session: it has ${countOf(sessions, 'session')}`)
  if (selection === undefined && sessions > 1)
    throw new UsageError(
      `which session? ${file} has ${sessions}: name one with -s; synopsis sessions ${file} lists them`,
    )
  summaries.sort((a, b) => a.firstFrame - b.firstFrame)
  const { log, remarks, followed } = await mergeLogs(input, first, summaries, options.calls ?? [])
  for (const remark of remarks) complain(`synopsis: ${remark}`)
  const examined: Timeline[] = []
  for (const [index, summary] of summaries.entries()) {
    const [plain] = await timelines(await input.again(), first, [summary])
    if (plain === undefined) continue
    const timeline = log === undefined ? plain : observedOf(plain, log)
    if (followed.length > 0) examined.push(plain)
    show(timeline, others.around(summary, first), options, index, run)
  }
  input.complete()
  if (followed.length > 0) showMistakes(followed, examined, [], options.json === true, run)
}

function show(timeline: Timeline, surroundings: Surroundings, options: Options, index: number, { screen }: Run): void {
  const { summary, timeDigits } = timeline
  const { theme, width } = screen
  const problems = diagnose(timeline, surroundings)?.problems ?? []
  if (options.json) {
    const { protocol, session, client, server } = summary
    const questions = options.questions ? { questions: answerQuestions(timeline) } : {}
    screen.json({ protocol, session, client, server, story: tell(timeline), problems, ...questions })
    return
  }
  if (index > 0) screen.line()
  screen.lines(heading(summary, timeDigits, width, theme))
  screen.line()
  if (options.questions) screen.lines(answerLines(answerQuestions(timeline), width, theme))
  else screen.lines(storyLines(tell(timeline), problems, width, theme))
}
