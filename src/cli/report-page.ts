/** `synopsis report -o report.html`: gathers what the page holds of each capture, and writes it. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { formatCount } from '../bytes/units.js'
import { FileError } from '../errors.js'
import { verdict, wentWell } from '../explain/verdict.js'
import { forEachBlock } from '../files/rewrite-bytes.js'
import { notesOf } from '../notes/comments.js'
import { targetName } from '../notes/note.js'
import { fingerprint } from '../notes/note-file.js'
import { stretchesOf } from '../render/html/homes.js'
import type {
  HeldFrames,
  PageCapture,
  PageLogs,
  PageModel,
  PageNote,
  PageOptions,
  PageRow,
} from '../render/html/model.js'
import { type PageAssets, type PageParts, writePage } from '../render/html/page.js'
import { describe } from '../render/report/compose.js'
import type { Made } from '../render/report/content.js'
import { mistakeBlocks, type ReportedLogs, unixOpening, unixWords } from '../render/report/logs.js'
import type { Observations } from '../sessions/observations.js'
import type { SessionSummary } from '../sessions/summary.js'
import { sessionKey } from '../survey.js'
import type { Timeline, TimelineEvent } from '../timeline/model.js'
import type { Examined, ReportOptions } from './report-examine.js'
import { type Held, holdSome, holdWhole } from './report-held.js'

/** Packets of one session that a page holds, at the most. */
const MOST_PACKETS = 10_000

interface Options extends ReportOptions {
  readonly absolute?: boolean
}

export async function pageOf(
  examined: readonly Examined[],
  logs: ReportedLogs | undefined,
  made: Made,
  options: Options,
): Promise<string> {
  const assets = readAssets()
  const captures: { readonly page: PageCapture; readonly parts: PageParts }[] = []
  for (const one of examined) captures.push(await captureOf(one, made, options))
  const shown: PageOptions = {
    questions: options.questions === true,
    calls: options.showCalls,
    absolute: options.absolute === true,
    unfold: options.unfold === true,
  }
  const model: PageModel = {
    made,
    shown,
    captures: captures.map(({ page }) => page),
    ...(logs && { logs: logsOf(logs) }),
  }
  const parts = captures.map((one) => one.parts)
  return writePage(model, parts, assets, (text) => createHash('sha256').update(text).digest('base64'))
}

function logsOf({ files, mistakes, unix }: ReportedLogs): PageLogs {
  const told = unix.map((timeline) => ({ timeline, opening: unixOpening(timeline), words: unixWords(timeline) }))
  return { files, mistakes: mistakeBlocks(mistakes), unix: told }
}

/** @throws FileError where the page was not built */
function readAssets(): PageAssets {
  const read = (name: string) => {
    const path = new URL(`../page/${name}`, import.meta.url)
    if (existsSync(path)) return readFileSync(path, 'utf8')
    throw new FileError(
      'MISSING',
      'the page of HTML reports was not built, as esbuild was not there: npm install, then npm run build; or report to a .md file',
    )
  }
  return { script: read('main.js'), style: read('page.css') }
}

async function captureOf(
  examined: Examined,
  made: Made,
  options: Options,
): Promise<{ readonly page: PageCapture; readonly parts: PageParts }> {
  const { capture, input } = examined
  const timelines = capture.told.map(({ timeline }) => shownOf(timeline))
  const isWhole = options.count === undefined
  const whole = isWhole ? await holdWhole(input, capture.info, capture.observations.packets) : undefined
  const held = whole ?? (await holdSome(input, capture.info, framesOf(timelines)))
  const page: PageCapture = {
    file: capture.file,
    began: beginningOf(capture.observations),
    ...(isWhole && { fingerprint: await fingerprint(await input.again()) }),
    about: describe({ ...capture, notes: [] }, made),
    packets: capture.observations.packets,
    sessions: capture.sessions,
    rows: capture.summaries.map(rowOf),
    told: capture.told.map(({ timeline: { summary }, problems }) => ({
      key: sessionKey(summary.protocol, summary.session),
      problems,
    })),
    homes: stretchesOf(timelines),
    notes: [...notesWithin(held), ...notesBeside(examined)],
    held: held.frames,
    leftOut: leftOutOf(examined, timelines, held.frames),
  }
  return { page, parts: { timelines, bytes: held.bytes.toString('base64') } }
}

function beginningOf({ firstSeconds, firstNanoseconds }: Observations): string {
  return `${firstSeconds}.${String(firstNanoseconds).padStart(9, '0')}`
}

function rowOf(summary: SessionSummary): PageRow {
  const { protocol, session, client, server, packets, bytes, duration } = summary
  const key = sessionKey(protocol, session)
  return { key, client, server, packets, bytes, duration, verdict: verdict(summary), well: wentWell(summary) }
}

function shownOf(timeline: Timeline): Timeline {
  const { events } = timeline
  const kept = events.slice(0, MOST_PACKETS)
  return { ...timeline, events: kept.map(withoutComments), leftOut: timeline.leftOut + events.length - kept.length }
}

/** Comments are notes, which may change. */
function withoutComments(event: TimelineEvent): TimelineEvent {
  if (event.kind !== 'packet' || event.comments === undefined) return event
  const { comments: _, ...rest } = event
  return rest
}

/** Every frame that a session's events speak of. */
function framesOf(timelines: readonly Timeline[]): Set<number> {
  const frames = new Set<number>()
  for (const { events } of timelines) {
    for (const event of events) {
      if (event.kind === 'packet' || event.kind === 'icmp') frames.add(event.frame)
      else if (event.kind === 'lookup') frames.add(event.queryFrame).add(event.answerFrame)
      else if (event.kind === 'resolution') frames.add(event.requestFrame).add(event.replyFrame)
    }
  }
  return frames
}

/** The comments of the capture itself. */
function notesWithin({ bytes, frames }: Held): PageNote[] {
  const notes: PageNote[] = []
  forEachBlock(bytes, (block) => {
    const frame = block.frame === 0 ? 0 : (frames.numbers?.[block.frame - 1] ?? block.frame)
    for (const { target, text, ours } of notesOf(block)) {
      const about = target.kind === 'packet' ? { ...target, frame } : target
      notes.push({ target: about, text, origin: ours ? 'capture' : 'others', frame, number: notes.length + 1 })
    }
  })
  return notes
}

function notesBeside({ notes }: Examined): PageNote[] {
  return notes.map(({ note, frame }) => ({ target: note.target, text: note.text, origin: 'beside', frame }))
}

function leftOutOf({ capture, notes }: Examined, told: readonly Timeline[], held: HeldFrames): string[] {
  const sentences: string[] = []
  const { packets } = capture.observations
  const more = capture.sessions - capture.summaries.length
  if (more > 0) {
    sentences.push(
      `${formatCount(more)} of ${formatCount(capture.sessions)} sessions are not listed: those that may have gone wrong come first`,
    )
  }
  const untold = capture.summaries.length - told.length
  if (untold > 0) {
    sentences.push(
      `${formatCount(untold)} of the sessions listed are not told packet by packet; report on them alone with -s N`,
    )
  }
  for (const { summary, leftOut } of told) {
    if (leftOut > 0) {
      sentences.push(
        `of ${sessionKey(summary.protocol, summary.session)}, the last ${formatCount(leftOut)} packets are not shown`,
      )
    }
  }
  if (!held.whole) {
    sentences.push(
      `the bytes of ${formatCount(held.numbers?.length ?? 0)} of ${formatCount(packets)} packets are here, at most ${held.kept} of each; so notes can be saved as YAML, and not into the capture`,
    )
  }
  const nowhere = notes.filter(({ frame }) => frame > packets).map(({ note }) => targetName(note.target))
  if (nowhere.length > 0) sentences.push(`notes about what is not there: ${nowhere.join(', ')}`)
  return sentences
}
