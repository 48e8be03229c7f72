/** What a report says of one capture: its sessions, the timelines of those that are told, notes where they belong. */
import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { basename } from 'node:path'
import { countOf } from '../bytes/units.js'
import type { Processes } from '../calls/processes/model.js'
import { packetTree } from '../decode/tree.js'
import { UsageError } from '../errors.js'
import { problemsAround } from '../explain/problems/around.js'
import { diagnose, isSuspect } from '../explain/problems/diagnose.js'
import type { Surroundings } from '../explain/problems/problem.js'
import { answerQuestions } from '../explain/questions/questions.js'
import { commentOf, type Note } from '../notes/note.js'
import { readNoteFile, readNotesBeside } from '../notes/note-file.js'
import { placesOf } from '../notes/places.js'
import { headerDiagrams } from '../render/header/layout.js'
import type { ReportedCapture, ReportedSession } from '../render/report/content.js'
import type { SessionSummary } from '../sessions/summary.js'
import { revisit, type Survey, survey } from '../survey.js'
import type { CallSource } from '../timeline/calls/observe.js'
import { observedOf, withCalls } from '../timeline/calls/with-calls.js'
import { fold } from '../timeline/fold.js'
import type { Timeline } from '../timeline/model.js'
import { eachTimeline } from '../timelines.js'
import { mergeLogs } from './call-logs.js'
import { Input } from './input.js'
import { analysedFor, type FileOptions, selectionOf } from './options.js'
import { OtherSessions } from './other-sessions.js'
import type { Run } from './run.js'
import { complain } from './screen.js'

export interface ReportOptions extends FileOptions {
  readonly session?: readonly string[]
  readonly notes?: string
  readonly questions?: boolean
  /** logs of calls, to be shown among the packets; inferred ones where no log has them */
  readonly logs: readonly string[]
  readonly showCalls: boolean
  readonly unfold?: boolean
}

/** How much a report holds. */
export interface Budget {
  /** of the table of sessions */
  readonly rows: number
  /** told in full, and packets of them */
  readonly sessions: number
  readonly packets: number
}

export interface Examined {
  readonly file: string
  /** for a further pass over it */
  readonly input: Input
  readonly capture: ReportedCapture
  readonly notes: readonly PlacedNote[]
  /** what the logs tell, on this capture's clock; none where no log was given */
  readonly followed: readonly Processes[]
}

/** Everything that is said of one capture. */
export async function examine(file: string, options: ReportOptions, budget: Budget, run: Run): Promise<Examined> {
  const input = new Input(file, run, options.count === undefined ? {} : { limit: options.count })
  const selection = selectionOf(options)
  const chosen = new Chosen(budget.rows)
  const others = new OtherSessions()
  let sessions = 0
  const take = (summary: SessionSummary) => {
    sessions++
    others.add(summary)
    if (selection === undefined || selection(summary)) chosen.add(summary)
  }
  const first = await survey(await input.first(), take, { analyse: analysedFor(selection) })
  const summaries = chosen.inOrder()
  if (selection !== undefined && summaries.length === 0) {
    throw new UsageError(`${file} has no such session: it has ${countOf(sessions, 'session')}`)
  }
  const notes = await notesOf(file, input, options)
  const { log, remarks, followed } = await mergeLogs(input, first, summaries, options.logs)
  for (const remark of remarks) complain(`synopsis: ${remark}`)
  const told: ReportedSession[] = []
  const tell = (timeline: Timeline) => {
    const around = others.around(timeline.summary, first)
    told.push(examineSession(annotated(timeline, notes), around, log, options))
  }
  await eachTimeline(input, first, withinBudget(summaries, budget), tell, { inOrder: true })
  const opening = await openingOf(input, first, told)
  if (opening !== undefined && told[0] !== undefined) told[0] = { ...told[0], opening }
  input.complete()
  const placed = new Set(
    told.flatMap(({ timeline }) => timeline.events.map((event) => (event.kind === 'packet' ? event.frame : undefined))),
  )
  const hash = await sha256(file)
  const capture: ReportedCapture = {
    file: basename(file),
    ...(hash !== undefined && { sha256: hash }),
    info: first.info,
    observations: first.observations,
    around: problemsAround(first),
    sessions,
    summaries,
    told,
    notes: [
      ...[...first.info.sections, ...first.info.interfaces].flatMap((one) => one.comments),
      ...notes.filter(({ frame }) => !placed.has(frame)).map(({ comment }) => comment),
    ],
  }
  return { file, input, capture, notes, followed }
}

/** The sessions that are told in full: those that may have gone wrong come before the others where not all can be. */
function withinBudget(summaries: readonly SessionSummary[], budget: Budget): SessionSummary[] {
  const told: SessionSummary[] = []
  let packets = 0
  const [suspects, others] = [summaries.filter(isSuspect), summaries.filter((summary) => !isSuspect(summary))]
  for (const summary of [...suspects, ...others]) {
    if (told.length >= budget.sessions) break
    if (told.length > 0 && packets + summary.packets > budget.packets) continue
    told.push(summary)
    packets += summary.packets
  }
  return inOrder(told)
}

function inOrder(summaries: readonly SessionSummary[]): SessionSummary[] {
  return [...summaries].sort((a, b) => a.firstFrame - b.firstFrame)
}

/** The first sessions of a capture, but those that may have gone wrong before the others; so many of each are held. */
class Chosen {
  readonly #most: number
  readonly #suspects: SessionSummary[] = []
  readonly #others: SessionSummary[] = []

  constructor(most: number) {
    this.#most = most
  }

  add(summary: SessionSummary): void {
    const list = isSuspect(summary) ? this.#suspects : this.#others
    if (list.length < this.#most) list.push(summary)
  }

  inOrder(): SessionSummary[] {
    return inOrder([...this.#suspects, ...this.#others].slice(0, this.#most))
  }
}

/** The headers of the SYN that opened the first session, if it was captured. */
async function openingOf(
  input: Input,
  first: Survey,
  [session]: readonly ReportedSession[],
): Promise<ReportedSession['opening']> {
  const summary = session?.timeline.summary
  const frame = summary?.protocol === 'tcp' ? summary.handshake.syn?.frame : undefined
  if (frame === undefined) return undefined
  let opening: ReportedSession['opening']
  await revisit(await input.again(frame), first, (packet) => {
    if (packet.number !== frame) return
    opening = { frame, diagrams: headerDiagrams(packetTree(packet), ['ip', 'ipv6', 'tcp']) }
  })
  return opening
}

function examineSession(
  plain: Timeline,
  around: Surroundings,
  log: CallSource | undefined,
  options: ReportOptions,
): ReportedSession {
  const timeline = log === undefined ? plain : observedOf(plain, log)
  const events = options.unfold ? timeline.events : fold(timeline.events)
  return {
    timeline,
    shown: options.showCalls ? withCalls(timeline, events) : { ...timeline, events },
    problems: diagnose(timeline, around)?.problems ?? [],
    ...(options.questions && { answers: answerQuestions(timeline) }),
  }
}

/** A note that is not in the capture itself. */
export interface PlacedNote {
  readonly note: Note
  /** the packet that it stands on; 0: the whole capture */
  readonly frame: number
  /** as a comment on that packet */
  readonly comment: string
}

/** The notes that are not in the capture itself, each with the frame that it stands on. */
async function notesOf(file: string, input: Input, options: ReportOptions): Promise<readonly PlacedNote[]> {
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
    return { note, frame, comment: isPlain ? note.text : commentOf(note) }
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
