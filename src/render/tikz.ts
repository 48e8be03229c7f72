/** A timeline as a TikZ picture: what the figure shows, for LaTeX. Needs `tikz` and nothing of its libraries. */
import { formatSeconds } from '../bytes/time.js'
import { countOf, formatDuration } from '../bytes/units.js'
import { formatEndpoint, otherRole } from '../explain/endpoints.js'
import { explainSilence } from '../explain/silence.js'
import type { Role } from '../sessions/summary.js'
import type { Timeline, TimelineEvent } from '../timeline/model.js'
import { describe } from './ladder/call-rows.js'
import { evidence, icmpParts, lookupText, resolutionText, runParts } from './ladder/event-rows.js'
import { startStates } from './ladder/ladder.js'
import type { Part } from './ladder/lane.js'
import { labelOf } from './ladder/packet-label.js'
import { groupByPhase } from './ladder/phase-rule.js'
import { escapeLatex } from './report/latex-text.js'
import { plainTheme } from './style.js'
import { truncate, wrap } from './width.js'

/** Centimetres: the lifelines, the slant of an arrow, a page's height, which a picture cannot go beyond. */
const CLIENT = 4.2
const SERVER = 12.2
const SLANT = 0.28
const TALLEST = 21
const X: Readonly<Record<Role, number>> = { client: CLIENT, server: SERVER }
/** Characters of type that fit between the lifelines, and outside of them. */
const WITHIN = 62
const OUTSIDE = 20
const TYPE = '\\scriptsize\\ttfamily'

/** One `tikzpicture` for each page that the timeline takes; `timeline` is folded. */
export function drawTikz(timeline: Timeline, rawNumbers: boolean): string[] {
  const pages = [new Page(timeline)]
  const digits = Math.min(timeline.timeDigits, 6)
  const isTcp = timeline.summary.protocol === 'tcp'
  let states = startStates(timeline.summary)
  if (states !== undefined) {
    for (const role of ['client', 'server'] as const) pages[0]?.state(role, states[role], 0)
    pages[0]?.skip(0.3)
  }
  for (const { phase, events } of groupByPhase(timeline.events)) {
    if (phase !== undefined && isTcp) pages.at(-1)?.phase(phase)
    for (const event of events) {
      let page = pages.at(-1)
      if (page === undefined || page.isFull) {
        page = new Page(timeline)
        pages.push(page)
      }
      const before = states
      const [client, server] = page.draw(event, digits, rawNumbers, isTcp)
      if (event.kind !== 'packet' || event.states === undefined) continue
      if (before?.client !== event.states.client) page.state('client', event.states.client, client)
      if (before?.server !== event.states.server) page.state('server', event.states.server, server)
      states = event.states
    }
  }
  return pages.map((page) => page.toString())
}

class Page {
  readonly #timeline: Timeline
  readonly #lines: string[] = []
  #y = 0

  constructor(timeline: Timeline) {
    this.#timeline = timeline
  }

  get isFull(): boolean {
    return this.#y > TALLEST
  }

  skip(height: number): void {
    this.#y += height
  }

  state(role: Role, name: string, y: number): void {
    this.#node(
      role === 'client' ? CLIENT - 0.1 : SERVER + 0.1,
      y,
      role === 'client' ? 'left' : 'right',
      `\\bfseries ${escapeLatex(name)}`,
    )
  }

  phase(name: string): void {
    this.#y += 0.15
    this.#lines.push(`\\draw[gray, thin] (0,${cm(-this.#y)}) -- (16,${cm(-this.#y)});`)
    this.#node(0, this.#y + 0.15, 'right', `\\itshape ${name}`)
    this.#y += 0.4
  }

  /** Draws one event. @returns how far down it is at either lifeline */
  draw(
    event: TimelineEvent,
    digits: number,
    rawNumbers: boolean,
    isTcp: boolean,
  ): readonly [client: number, server: number] {
    switch (event.kind) {
      case 'packet': {
        const remarks = [...evidence(event), ...(event.comments ?? []).map((comment) => `Note: ${comment}`)]
        const parts = labelOf(event, plainTheme, rawNumbers)
        const style = event.received ? '->' : '-, dashed'
        return this.#arrow(event.from, String(event.frame), formatSeconds(event.time, digits), parts, style, remarks)
      }
      case 'run': {
        const duration = `in ${formatDuration(event.until - event.time)}`
        let ends: readonly [number, number] = [this.#y, this.#y]
        for (const from of ['client', 'server'] as const) {
          const parts = runParts(event[from], duration, isTcp ? 'segment' : 'datagram', plainTheme)
          const frames = `${event.firstFrame}–${event.lastFrame}`
          if (parts.length > 0)
            ends = this.#arrow(from, frames, formatSeconds(event.time, digits), parts, '->, double', [])
        }
        return ends
      }
      case 'icmp': {
        const time = formatSeconds(event.time, digits)
        return this.#arrow(otherRole(event.about), String(event.frame), time, icmpParts(event, plainTheme), '->', [])
      }
      case 'call':
      case 'netstat': {
        for (const line of wrap(describe(event), OUTSIDE)) {
          const isClient = event.by === 'client'
          this.#node(
            isClient ? CLIENT - 0.1 : SERVER + 0.1,
            this.#y,
            isClient ? 'left' : 'right',
            `\\itshape ${escapeLatex(line)}`,
          )
          this.#y += 0.32
        }
        break
      }
      case 'silence':
        this.#across(explainSilence(event))
        break
      case 'lookup':
        this.#across(lookupText(event))
        break
      case 'resolution':
        this.#across(resolutionText(event))
        break
    }
    return [this.#y, this.#y]
  }

  #arrow(
    from: Role,
    frame: string,
    time: string,
    parts: readonly Part[],
    style: string,
    remarks: readonly string[],
  ): readonly [number, number] {
    const lines = wrap(parts.map((part) => (part.elastic ? truncate(part.text, WITHIN) : part.text)).join('  '), WITHIN)
    for (const line of lines.slice(0, -1)) {
      this.#node((CLIENT + SERVER) / 2, this.#y, '', escapeLatex(line))
      this.#y += 0.32
    }
    this.#y += 0.35
    const tail = this.#y
    const head = tail + SLANT
    const to = otherRole(from)
    this.#lines.push(
      `\\draw[${style}] (${X[from]},${cm(-tail)}) -- node[above, sloped, inner sep=1pt, font=${TYPE}] {${escapeLatex(lines.at(-1) ?? '')}} (${X[to]},${cm(-head)});`,
    )
    this.#node(0.9, tail, 'left', escapeLatex(frame))
    this.#node(2.6, tail, 'left', escapeLatex(time))
    this.#y = head + 0.25
    for (const line of remarks.flatMap((remark) => wrap(remark, WITHIN))) {
      this.#node(CLIENT + 0.2, this.#y, 'right', `\\itshape ${escapeLatex(line)}`)
      this.#y += 0.32
    }
    return from === 'client' ? [tail, head] : [head, tail]
  }

  #across(text: string): void {
    for (const line of wrap(text, WITHIN)) {
      this.#y += 0.3
      this.#node((CLIENT + SERVER) / 2, this.#y, '', `\\itshape ${escapeLatex(line)}`)
    }
    this.#y += 0.35
  }

  #node(x: number, y: number, side: string, text: string): void {
    const place = side === '' ? '' : `${side}, `
    this.#lines.push(`\\node[${place}inner sep=1pt, font=${TYPE}] at (${cm(x)},${cm(-y)}) {${text}};`)
  }

  toString(): string {
    const { summary, leftOut } = this.#timeline
    const head = (['client', 'server'] as const).map(
      (role) =>
        `\\node[align=center, font=${TYPE}] at (${X[role]},0.7) {\\textbf{${role}}\\\\${escapeLatex(formatEndpoint(summary[role]))}};`,
    )
    const lifelines = Object.values(X).map((x) => `\\draw[thick] (${x},0.25) -- (${x},${cm(-this.#y - 0.1)});`)
    const more =
      leftOut > 0
        ? [`\\node[font=${TYPE}] at (8,${cm(-this.#y - 0.4)}) {${countOf(leftOut, 'packet')} more not shown};`]
        : []
    return ['\\begin{tikzpicture}[>=latex]', ...lifelines, ...head, ...this.#lines, ...more, '\\end{tikzpicture}'].join(
      '\n',
    )
  }
}

function cm(value: number): string {
  return String(Math.round(value * 100) / 100)
}
