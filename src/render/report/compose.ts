/** What a report says, in its order: the capture, its sessions in a table, then each one in full. */
import { formatDate, parseStart } from '../../bytes/time.js'
import { countOf, formatCount, formatDuration, formatSize } from '../../bytes/units.js'
import { formatEndpoint } from '../../explain/endpoints.js'
import { framesOf } from '../../explain/frames.js'
import { explainBlindness } from '../../explain/observations.js'
import { tell } from '../../explain/story.js'
import { explainVantage } from '../../explain/truth.js'
import { verdict } from '../../explain/verdict.js'
import type { Plot } from '../../plots/model.js'
import { tellingPlots } from '../../plots/plots.js'
import type { Opening, Role, SessionSummary, TcpSummary } from '../../sessions/summary.js'
import type { InterfaceInfo } from '../../source.js'
import { measure } from '../../timeline/measures.js'
import type { Timeline } from '../../timeline/model.js'
import type { Block, Made, Picture, ReportedCapture, ReportedSession } from './content.js'
import { mistakeBlocks, type ReportedLogs, unixCaption, unixOpening, unixWords } from './logs.js'

/** The data links that are met most; others are given by number (https://www.tcpdump.org/linktypes.html). */
const LINKS: Readonly<Record<number, string>> = {
  0: 'BSD loopback',
  1: 'Ethernet',
  9: 'PPP',
  101: 'raw IP',
  113: 'Linux cooked',
  276: 'Linux cooked v2',
}

const ROLES: readonly Role[] = ['client', 'server']

/** A report's parts, in their order. */
export interface Report {
  readonly capture: readonly Block[]
  readonly overview: readonly Block[]
  readonly sessions: readonly Block[]
}

/** Of several captures, each has its parts one after the other; what logs of calls tell of all of them comes last. */
export function composeReport(captures: readonly ReportedCapture[], made: Made, logs?: ReportedLogs): Report[] {
  const figures = new Figures()
  const reports = captures.map((capture, index): Report => {
    const isOne = captures.length === 1
    const which = isOne ? '' : `: ${capture.file}`
    return {
      capture: [{ kind: 'heading', level: 2, text: `The capture${which}` }, ...describe(capture, made)],
      overview: [{ kind: 'heading', level: 2, text: `The sessions${which}` }, ...overview(capture)],
      sessions: capture.told.flatMap((session) => tellSession(session, figures, isOne ? '' : `${index + 1}-`)),
    }
  })
  return logs === undefined ? reports : [...reports, tellLogs(logs, figures, made, captures.length === 0)]
}

function tellLogs({ files, mistakes, unix }: ReportedLogs, figures: Figures, made: Made, isAlone: boolean): Report {
  const rows = [
    ['calls', files.join(', ')],
    ['report', `synopsis ${made.version}: ${made.command}`],
  ]
  const told = unix.flatMap((timeline) => [
    ...unixOpening(timeline),
    figures.add(`unix${timeline.summary.session}`, { kind: 'ladder', timeline }, unixCaption(timeline.summary)),
    ...unixWords(timeline),
  ])
  return {
    capture: isAlone ? [{ kind: 'table', head: ['', ''], rows }] : [],
    overview: mistakeBlocks(mistakes),
    sessions: told.length > 0 ? [{ kind: 'heading', level: 2, text: 'Unix-domain sockets' }, ...told] : [],
  }
}

/** Numbers figures from 1. */
class Figures {
  #number = 0

  add(name: string, picture: Picture, caption: string): Block {
    return { kind: 'figure', number: ++this.#number, name, picture, caption }
  }
}

/** What was captured, where, when and with what; what it could not see. */
export function describe(
  { file, sha256, info, observations, around, summaries, told, notes }: ReportedCapture,
  made: Made,
): Block[] {
  const { packets, bytes, firstSeconds, firstNanoseconds, lastSeconds, lastNanoseconds } = observations
  const digits = info.interfaces.reduce((most, one) => Math.max(most, one.timeDigits), 0)
  const span = (lastSeconds - firstSeconds) * 1e9 + (lastNanoseconds - firstNanoseconds)
  const rows: string[][] = [['file', file]]
  if (sha256 !== undefined) rows.push(['SHA-256', sha256])
  rows.push(['format', `${info.format}${info.compressed ? ', gzip-compressed' : ''}`])
  for (const section of info.sections) {
    const by = [section.application, section.os, section.hardware].filter((part) => part !== undefined).join(', ')
    if (by !== '') rows.push(['captured with', by])
  }
  for (const one of info.interfaces) rows.push([`interface ${one.id}`, describeInterface(one)])
  rows.push(['packets', `${formatCount(packets)}, ${formatSize(bytes)} on the wire`])
  if (packets > 0) {
    rows.push(['first packet', formatDate(firstSeconds, firstNanoseconds, digits)])
    rows.push([
      'last packet',
      `${formatDate(lastSeconds, lastNanoseconds, digits)}, ${formatDuration(Math.max(0, span))} later`,
    ])
  }
  const vantage = vantageOf(told)
  if (vantage !== undefined) rows.push(['vantage', vantage])
  rows.push(['report', `synopsis ${made.version}: ${made.command}`])
  const unseen = explainBlindness(info, observations, summaries)
  if (info.damage) unseen.unshift(`the file is damaged: ${info.damage.message}`)
  return [
    { kind: 'table', head: ['', ''], rows },
    ...(unseen.length > 0 ? titled('What the capture could not see:', unseen) : []),
    ...(around.length > 0
      ? titled(
          'What went wrong around the sessions:',
          around.map(({ diagnosis }) => diagnosis),
        )
      : []),
    ...notesOf(notes),
  ]
}

/** Where the capture was taken, as far as its sessions show it. */
function vantageOf(told: readonly ReportedSession[]): string | undefined {
  const truths = told.flatMap(({ timeline: { summary } }) =>
    summary.protocol === 'tcp' && summary.truth !== undefined && summary.truth.vantage.place !== 'unknown'
      ? [summary.truth]
      : [],
  )
  const [truth, ...others] = truths
  if (truth === undefined) return undefined
  const isSame = others.every(({ vantage }) => vantage.place === truth.vantage.place)
  return isSame ? explainVantage(truth) : 'not the same for all sessions: see each one'
}

function describeInterface(one: InterfaceInfo): string {
  const { statistics } = one
  const parts = [`${LINKS[one.linkType] ?? 'link'} (link type ${one.linkType})`]
  if (one.name !== undefined) parts.unshift(one.name)
  if (one.snapLength > 0) parts.push(`at most ${formatCount(one.snapLength)} B of a packet kept`)
  parts.push(`clock with ${countOf(one.timeDigits, 'digit')} after the second`)
  if (one.filter !== undefined) parts.push(`filter: ${one.filter}`)
  if (one.os !== undefined) parts.push(one.os)
  const dropped = Number(statistics?.droppedByOs ?? 0n) + Number(statistics?.droppedByInterface ?? 0n)
  const isCounted = statistics?.droppedByOs !== undefined || statistics?.droppedByInterface !== undefined
  parts.push(isCounted ? `${formatCount(dropped)} dropped` : 'drops not counted')
  return parts.join('; ')
}

function overview({ summaries, sessions, told }: ReportedCapture): Block[] {
  if (summaries.length === 0) return [{ kind: 'paragraph', text: 'There is no TCP or UDP session in it.' }]
  const rows = summaries.map((one) => [
    `${one.protocol} ${one.session}`,
    formatEndpoint(one.client),
    formatEndpoint(one.server),
    formatCount(one.packets),
    formatSize(one.bytes),
    formatDuration(one.duration),
    verdict(one),
  ])
  const head = ['session', 'client', 'server', 'packets', 'on the wire', 'duration', 'verdict']
  const blocks: Block[] = [{ kind: 'table', head, rows }]
  if (sessions > summaries.length) {
    blocks.push({
      kind: 'paragraph',
      text: `The capture has ${countOf(sessions, 'session')}; those that were chosen are here, or the first, but those that may have gone wrong before others.`,
    })
  }
  if (summaries.length > told.length) {
    blocks.push({
      kind: 'paragraph',
      text: `${countOf(told.length, 'session is', 'sessions are')} told below: those that may have gone wrong before others.`,
    })
  }
  return blocks
}

function tellSession(session: ReportedSession, figures: Figures, prefix: string): Block[] {
  const { timeline, shown, problems, answers, opening } = session
  const { summary } = timeline
  const name = `Session ${summary.session}, ${summary.protocol.toUpperCase()}`
  const file = `${prefix}${summary.protocol}${summary.session}`
  const blocks: Block[] = [
    { kind: 'heading', level: 3, text: name },
    {
      kind: 'paragraph',
      text: `${formatEndpoint(summary.client)} → ${formatEndpoint(summary.server)}: ${verdict(summary)}.`,
    },
    figures.add(file, { kind: 'ladder', timeline: shown }, caption(summary, name)),
    ...notesOf(commentsOf(timeline)),
  ]
  const headers =
    opening === undefined
      ? []
      : [figures.add(`${file}-syn`, { kind: 'headers', diagrams: opening.diagrams }, openingCaption(opening, name))]
  const plots = tellingPlots(timeline).map((plot) =>
    figures.add(`${file}-${plot.name}-${plot.sender}`, { kind: 'plot', plot }, plotCaption(plot, name)),
  )
  blocks.push(...inWords({ timeline, problems, ...(answers && { answers }) }, { handshake: headers, timing: plots }))
  return blocks
}

function openingCaption({ frame, diagrams }: NonNullable<ReportedSession['opening']>, name: string): string {
  const titles = diagrams.map(({ title }) => title.replace(/, .*/, ''))
  return `${name}: the headers of its SYN, #${frame} (${titles.join(', ')}), 32 bits a row. Flags that are set are shaded.`
}

function plotCaption({ title, caption }: Plot, name: string): string {
  return `${name}. ${title}. ${caption.join(' ')}`
}

/**
 * A session phase by phase, its problems, and the answers to questions about it; `illustrations` stand after what is said
 * of their topic.
 */
export function inWords(
  { timeline, problems, answers }: Pick<ReportedSession, 'timeline' | 'problems' | 'answers'>,
  illustrations: Readonly<Record<string, readonly Block[]>> = {},
): Block[] {
  const { summary } = timeline
  const blocks: Block[] = []
  for (const { topic, sentences } of tell(timeline)) {
    blocks.push({ kind: 'heading', level: 4, text: capitalized(topic) })
    if (topic === 'handshake' && summary.protocol === 'tcp') blocks.push(...offers(summary))
    if (topic === 'timing') blocks.push(...statistics(timeline))
    blocks.push({ kind: 'list', items: sentences }, ...(illustrations[topic] ?? []))
  }
  blocks.push({ kind: 'heading', level: 4, text: 'Problems' })
  const wrong = problems.map(({ diagnosis, frames }) => `${diagnosis}${framesOf(frames)}`)
  blocks.push(wrong.length > 0 ? { kind: 'list', items: wrong } : { kind: 'paragraph', text: 'None.' })
  if (answers !== undefined) {
    blocks.push({ kind: 'heading', level: 4, text: 'Questions' }, { kind: 'questions', answers })
  }
  return blocks
}

export function caption(summary: SessionSummary, name: string): string {
  const [seconds, nanoseconds] = parseStart(summary.start)
  const frames =
    summary.firstFrame === summary.lastFrame
      ? `frame #${summary.firstFrame}`
      : `frames #${summary.firstFrame} to #${summary.lastFrame}`
  return `${name}: ${frames}; time 0 is ${formatDate(seconds, nanoseconds, 6)}. Sequence numbers are relative unless they are the wire's.`
}

/** What each end offered in its SYN. */
function offers({ handshake }: TcpSummary): Block[] {
  const { client, server } = handshake
  if (client === undefined && server === undefined) return []
  const row = (name: string, of: (opening: Opening) => string) => [
    name,
    client ? of(client) : '–',
    server ? of(server) : '–',
  ]
  const optional = (value: number | undefined) => (value === undefined ? 'not offered' : formatCount(value))
  return [
    {
      kind: 'table',
      head: ['', 'client', 'server'],
      rows: [
        row('initial sequence number', (one) => String(one.isn)),
        row('window, bytes', (one) => formatCount(one.window)),
        row('MSS, bytes', (one) => optional(one.mss)),
        row('window scale', (one) => optional(one.windowScale)),
        row('SACK', (one) => (one.sackPermitted ? 'permitted' : 'not offered')),
        row('timestamps', (one) => (one.timestamps ? 'offered' : 'not offered')),
      ],
    },
  ]
}

/** Data and acknowledgments, a direction a column. */
function statistics(timeline: Timeline): Block[] {
  const { summary } = timeline
  const measures = measure(timeline)
  if (summary.protocol !== 'tcp' || measures === undefined) return []
  const row = (name: string, of: (role: Role) => string) => [name, ...ROLES.map(of)]
  return [
    {
      kind: 'table',
      head: ['what it sent', 'client', 'server'],
      rows: [
        row('packets', (role) => formatCount(summary.data[role].packets)),
        row('data segments', (role) => formatCount(summary.data[role].segments)),
        row('bytes, each once', (role) => formatCount(summary.data[role].uniqueBytes)),
        row('bytes sent again', (role) => formatCount(summary.data[role].retransmittedBytes)),
        row('ACKs that acknowledged it', (role) => formatCount(measures[role].acknowledgments.count)),
        row('delayed ACKs among them', (role) => formatCount(measures[role].acknowledgments.delayed.length)),
        row('round trip, median', (role) => {
          const found = measures[role].roundTrips.statistics
          return found === undefined
            ? '–'
            : `${formatDuration(Math.round(found.median))} of ${countOf(found.count, 'sample')}`
        }),
      ],
    },
  ]
}

function commentsOf({ events }: Timeline): string[] {
  return events.flatMap((event) =>
    event.kind === 'packet' ? (event.comments ?? []).map((comment) => `#${event.frame}: ${comment}`) : [],
  )
}

function notesOf(items: readonly string[]): Block[] {
  return items.length === 0 ? [] : [{ kind: 'notes', items }]
}

function titled(title: string, items: readonly string[]): Block[] {
  return [
    { kind: 'paragraph', text: title },
    { kind: 'list', items },
  ]
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
