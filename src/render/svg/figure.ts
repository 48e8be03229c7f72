/**
 * A timeline as a figure, in the manner of Stevens' TCP/IP Illustrated: two lifelines, time downwards, a slanted arrow a
 * segment. Each lifeline is a rail whose shade says how open its end is; the states stand outside of it, the socket calls
 * too. One SVG file that needs nothing else: no script, no font, no address.
 */
import { append } from '../../bytes/lists.js'
import { printable } from '../../bytes/printable.js'
import { countOf } from '../../bytes/units.js'
import { endName, protocolName } from '../../explain/endpoints.js'
import { verdict, wentWell } from '../../explain/verdict.js'
import type { PhaseName } from '../../sessions/phases.js'
import type { Role } from '../../sessions/summary.js'
import type { StateName } from '../../sessions/tcp/states.js'
import type { AnyTimeline, TimelineEvent } from '../../timeline/model.js'
import { isUnderWay } from '../ladder/call-rows.js'
import type { States } from '../ladder/event-rows.js'
import { startStates } from '../ladder/ladder.js'
import { groupByPhase, measure } from '../ladder/phase-rule.js'
import type { Pen } from '../pen.js'
import { displayWidth, truncate, wrap } from '../width.js'
import { between, columnsOf, MARGIN, SMALL_COLUMN, SMALL_LINE, WIDTH } from './columns.js'
import { escapeXml, round } from './markup.js'
import { svgPen } from './pen.js'
import { type Drawing, type Row, rowOf } from './rows.js'
import { STYLESHEET } from './style.js'

export interface FigureOptions {
  /** sequence and acknowledgment numbers and windows as they are on the wire */
  readonly rawNumbers: boolean
}

/** A figure, or a part of one. */
export interface PartOptions extends FigureOptions {
  readonly width: number
  /** where the first event is not the session's first */
  readonly before?: Before | undefined
}

/** What holds between two events: both ends' states, and the phase. */
export interface Before {
  readonly states: States | undefined
  readonly phase: PhaseName | undefined
}

export interface LadderOptions extends PartOptions {
  /** what stands around the shapes of an event, which take the figure's width from `top` on */
  readonly around: (event: TimelineEvent, shapes: readonly string[], top: number, height: number) => string
}

/** Nobody reads a figure that is longer; the rest is counted. */
export const MOST_EVENTS = 400
/** Microseconds: gaps have what the clock resolved beyond. Of a long session fewer, for a time takes so many columns at most. */
const MOST_DIGITS = 6
const TIME_COLUMNS = 13
/** Columns of an end's name: a path may be longer than there is room for. */
const LONGEST_NAME = 60
/** Columns of the sans-serif lines above the figure: they are about 6.4 px a character, capitals more. */
const TITLE_COLUMNS = 112
const ROLES: readonly Role[] = ['client', 'server']

/** `timeline` is folded, and has its calls among its events if they are to be drawn. */
export function drawFigure(timeline: AnyTimeline, options: FigureOptions): string {
  const { summary } = timeline
  const drawn = firstOf(timeline)
  const figure = new Figure(drawn, options)
  figure.heading()
  figure.events()
  figure.rails()
  figure.remarkLeftOut(drawn)
  for (const sentence of timeline.disagreements ?? []) figure.remark(sentence)
  const name = `Session ${summary.session}, ${protocolName(summary)}`
  const unit = unitOf(drawn)
  const many = summary.protocol === 'unix' ? summary.messages : summary.packets
  const description = `${countOf(many, unit)} between ${endName(summary, 'client')} and ${endName(summary, 'server')}: ${verdict(summary)}`
  return figure.toSvg(name, description)
}

/**
 * The same without a heading and a style sheet, as wide as it is asked to be: for a page, which has both, and which links
 * each event to the packet that it shows.
 */
export function drawLadder(timeline: AnyTimeline, options: LadderOptions): string {
  const figure = new Figure(timeline, options, options)
  figure.endpoints()
  figure.events()
  figure.rails()
  for (const sentence of timeline.disagreements ?? []) figure.remark(sentence)
  return figure.toLadder()
}

/** What holds before the event at `index`. */
export function before(events: readonly TimelineEvent[], index: number): Before | undefined {
  if (index === 0) return undefined
  let states: States | undefined
  let phase: PhaseName | undefined
  for (const event of events.slice(0, index)) {
    if ('phase' in event) phase = event.phase
    if ('states' in event) states = event.states ?? states
  }
  return { states, phase }
}

function unitOf({ summary }: AnyTimeline): string {
  return summary.protocol === 'unix' ? 'message' : 'packet'
}

/** As much of it as one figure shows; the rest is left out, and counted. */
export function firstOf<T extends AnyTimeline>(timeline: T): T {
  const { events, leftOut } = timeline
  if (events.length <= MOST_EVENTS) return timeline
  return {
    ...timeline,
    events: events.slice(0, MOST_EVENTS),
    leftOut: leftOut + packetsIn(events.slice(MOST_EVENTS)),
  }
}

export function packetsIn(events: readonly TimelineEvent[]): number {
  let count = 0
  for (const event of events) {
    if (event.kind === 'packet' || event.kind === 'message') count++
    else if (event.kind === 'run') {
      for (const role of ROLES) count += event[role].segments + event[role].acks
    }
  }
  return count
}

/**
 * The same in the shapes of another pen, for a page of a document: without a heading, which the document's caption has.
 * `events` are those that fit; those `leftOut` come after it.
 */
export function drawPart(timeline: AnyTimeline, pen: Pen, options: PartOptions): readonly string[] {
  const figure = new Figure(timeline, options, options, pen)
  figure.endpoints()
  figure.events()
  figure.rails()
  figure.remarkLeftOut(timeline)
  return figure.shapes()
}

/** Pixels that an event takes. */
export function heightOf(event: TimelineEvent, timeline: AnyTimeline, { rawNumbers, width }: PartOptions): number {
  return rowOf(event, 0, drawingOf(timeline, rawNumbers, width, svgPen)).height
}

function drawingOf(timeline: AnyTimeline, rawNumbers: boolean, width: number | undefined, pen: Pen): Drawing {
  const wholeSeconds = String(Math.floor(timeline.summary.duration / 1e9)).length
  const digits = Math.min(timeline.timeDigits, MOST_DIGITS, TIME_COLUMNS - 1 - wholeSeconds)
  const isTcp = timeline.summary.protocol === 'tcp'
  return { columns: columnsOf(timeline, width), digits, isTcp, rawNumbers, pen }
}

class Figure {
  readonly #timeline: AnyTimeline
  readonly #drawing: Drawing
  /** from the back to the front */
  readonly #bands: string[] = []
  readonly #lifelines: string[] = []
  readonly #shapes: string[] = []
  readonly #changes: Record<Role, { state: StateName | undefined; y: number }[]> = { client: [], server: [] }
  readonly #pauses: (readonly [number, number])[] = []
  /** logged calls that have not returned, and where they were entered */
  readonly #open = new Map<number, { readonly by: Role; readonly y: number }>()
  #y = 10
  #first = 0

  readonly #part: (PartOptions & Partial<LadderOptions>) | undefined
  readonly #pen: Pen
  readonly #titleColumns: number

  constructor(
    timeline: AnyTimeline,
    { rawNumbers }: FigureOptions,
    part?: PartOptions & Partial<LadderOptions>,
    pen: Pen = svgPen,
  ) {
    this.#timeline = timeline
    this.#part = part
    this.#pen = pen
    this.#drawing = drawingOf(timeline, rawNumbers, part?.width, pen)
    this.#titleColumns = Math.floor((TITLE_COLUMNS * this.#drawing.columns.width) / WIDTH)
  }

  /** Which session, its verdict, and whose lifelines these are. */
  heading(): void {
    const { summary } = this.#timeline
    this.#words(`Session ${summary.session}, ${protocolName(summary)}`, 'ink title', 18)
    const mark = wentWell(summary) ? 'good' : 'trouble'
    for (const words of wrap(printable(verdict(summary)), this.#titleColumns)) this.#words(words, `${mark} words`, 16)
    this.#y += 12
    this.endpoints()
  }

  /** Whose lifelines these are; a narrow figure has no room for addresses. */
  endpoints(): void {
    const { summary } = this.#timeline
    const { columns } = this.#drawing
    const small = { anchor: 'end', className: 'faint small' } as const
    this.#y += 10
    for (const role of ROLES) {
      this.#shapes.push(this.#pen.text(columns[role], this.#y, role, { anchor: 'middle', className: 'strong' }))
      if (columns.time === undefined) continue
      const name = truncate(endName(summary, role), LONGEST_NAME)
      const half = (displayWidth(name) * SMALL_COLUMN) / 2 + 2
      const x = Math.min(Math.max(columns[role], columns.time + MARGIN + half), columns.width - MARGIN - half)
      this.#shapes.push(this.#pen.text(x, this.#y + 13, name, { anchor: 'middle', className: 'ink small' }))
    }
    this.#shapes.push(this.#pen.text(columns.frame, this.#y, '#', small))
    if (columns.time !== undefined) {
      this.#shapes.push(
        this.#pen.text(columns.time, this.#y, 'time, s', small),
        this.#pen.text(columns.time, this.#y + 13, 'gap', small),
      )
    }
    this.#y += columns.time === undefined ? 8 : 20
    this.#first = this.#y
  }

  events(): void {
    const { width } = this.#drawing.columns
    let states = this.#part?.before?.states ?? startStates(this.#timeline.summary)
    let isStarted = states === undefined
    for (const group of groupByPhase(this.#timeline.events, this.#part?.before?.phase)) {
      const top = this.#y
      const name = group.phase ?? 'before'
      if (this.#drawing.isTcp || group.phase === undefined) {
        const facts = group.phase === undefined ? '' : measure(group.events)
        this.#shapes.push(
          this.#pen.text(MARGIN, top + 12, name, { className: `${name === 'before' ? 'note' : name} small` }),
        )
        const { client, server } = this.#drawing.columns
        const lines = wrap(facts, between(this.#drawing.columns))
        for (const [index, words] of lines.entries()) {
          const style = { anchor: 'middle', className: 'faint small' } as const
          this.#shapes.push(this.#pen.text((client + server) / 2, top + 12 + index * SMALL_LINE, words, style))
        }
        this.#shapes.push(this.#pen.line(0, top, width, top, 'l-faint thin'))
        this.#y += 16 + Math.max(0, lines.length - 1) * SMALL_LINE
      }
      if (group.phase !== undefined && !isStarted && states !== undefined) {
        for (const role of ROLES) this.#changes[role].push({ state: states[role], y: this.#y })
        this.#y += 10
        isStarted = true
      }
      for (const event of group.events) {
        const row = rowOf(event, this.#y, this.#drawing)
        append(this.#shapes, this.#placed(event, row))
        if (event.kind === 'packet' && event.states !== undefined) {
          for (const role of ROLES)
            if (states?.[role] !== event.states[role]) this.#change(role, event.states[role], row)
          states = event.states
        }
        if (row.pause !== undefined) this.#pauses.push(row.pause)
        this.#bracket(event)
        this.#y += row.height
      }
      if (this.#drawing.isTcp || group.phase === undefined) {
        this.#bands.push(this.#pen.rect(0, top, width, this.#y - top, `band-${name}`))
      }
    }
    this.#shapes.push(this.#pen.line(0, this.#y, width, this.#y, 'l-faint thin'))
    for (const id of [...this.#open.keys()]) this.#close(id, this.#y)
  }

  #placed(event: TimelineEvent, { shapes, height }: Row): readonly string[] {
    const { around } = this.#part ?? {}
    return around === undefined ? shapes : [around(event, shapes, this.#y, height)]
  }

  /** From where a call is entered to where it returns, a line outside the lifeline: there its program waits. */
  #bracket(event: TimelineEvent): void {
    if (event.kind !== 'call' || event.id === undefined) return
    if (isUnderWay(event)) this.#open.set(event.id, { by: event.by, y: this.#y + 6 })
    else this.#close(event.id, this.#y + 6)
  }

  #close(id: number, y: number): void {
    const call = this.#open.get(id)
    if (call === undefined) return
    this.#open.delete(id)
    const outwards = call.by === 'client' ? -1 : 1
    const x = this.#drawing.columns[call.by] + outwards * 5.5
    this.#lifelines.push(this.#pen.line(x, call.y, x, y, 'l-note'))
  }

  #change(role: Role, state: StateName, row: Row): void {
    if (row.ends !== undefined) this.#changes[role].push({ state, y: row.ends[role] })
  }

  /** Both lifelines, from one state to the next. */
  rails(): void {
    const bottom = this.#y
    for (const role of ROLES) {
      const x = this.#drawing.columns[role]
      const changes = this.#changes[role]
      const lineTo = (from: number, to: number) => this.#lifelines.push(this.#pen.line(x, from, x, to, 'l-ink'))
      this.#spoken(this.#first, changes[0]?.y ?? bottom, lineTo)
      for (const [index, { state, y }] of changes.entries()) {
        const rail = `${shadeOf(state)} rail l-ink thin`
        this.#spoken(y, changes[index + 1]?.y ?? bottom, (from, to) => {
          this.#lifelines.push(this.#pen.rect(x - 3, from, 6, to - from, rail))
        })
        const [beside, anchor] = role === 'client' ? ([x - 8, 'end'] as const) : ([x + 8, 'start'] as const)
        this.#shapes.push(this.#pen.text(beside, y + 3.5, state ?? '', { anchor, className: 'state strong small' }))
      }
      for (const [from, to] of this.#pauses) this.#lifelines.push(this.#pen.line(x, from, x, to, 'l-ink dots'))
    }
    this.#y += 6
  }

  /** What is left of a stretch of lifeline without its pauses. */
  #spoken(from: number, to: number, draw: (from: number, to: number) => void): void {
    let start = from
    for (const [pause, end] of this.#pauses) {
      if (end <= start || pause >= to) continue
      if (pause > start) draw(start, pause)
      start = end
    }
    if (to > start) draw(start, to)
  }

  remarkLeftOut(drawn: AnyTimeline): void {
    const { leftOut } = drawn
    if (leftOut > 0) this.remark(`${countOf(leftOut, unitOf(drawn))} more not drawn: the figure would be too long`)
  }

  remark(sentence: string): void {
    for (const words of wrap(printable(sentence), this.#titleColumns)) this.#words(words, 'trouble words', 16)
  }

  #words(words: string, className: string, height: number): void {
    this.#y += height
    this.#shapes.push(this.#pen.text(MARGIN, this.#y - 4, words, { className }))
  }

  toSvg(name: string, description: string): string {
    const isInferred = this.#timeline.events.some((event) => event.kind === 'call' && event.inferred)
    const calls = isInferred ? ' ≈ marks a socket call that is inferred.' : ''
    const legend = `Time runs downwards, not to scale; the slant of an arrow shows its direction.${calls}`
    this.#words(legend, 'faint words', 18)
    const height = round(this.#y + 8)
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="t d">`,
      `<title id="t">${escapeXml(name)}</title>`,
      `<desc id="d">${escapeXml(description)}</desc>`,
      `<style>${STYLESHEET}</style>`,
      `<rect width="${WIDTH}" height="${height}" class="ground"/>`,
      ...this.shapes(),
      '</svg>',
      '',
    ].join('\n')
  }

  /** From the back to the front. */
  shapes(): readonly string[] {
    return [...this.#bands, ...this.#lifelines, ...this.#shapes]
  }

  toLadder(): string {
    const { width } = this.#drawing.columns
    const height = round(this.#y + 4)
    return [
      `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="presentation">`,
      ...this.shapes(),
      '</svg>',
    ].join('\n')
  }
}

/** White: closed; light: opening; dark: data can flow; grey: closing. */
function shadeOf(state: StateName | undefined): string {
  switch (state) {
    case 'SYN_SENT':
    case 'SYN_RCVD':
      return 'rail-opening'
    case 'ESTABLISHED':
      return 'rail-open'
    case undefined:
    case 'CLOSED':
    case 'LISTEN':
      return 'rail-none'
    default:
      return 'rail-closing'
  }
}
