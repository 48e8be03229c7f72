/** A timeline that grows: the rows of a session's new events, below those that were drawn before. */
import { formatEndpoint } from '../../explain/endpoints.js'
import { verdict, wentWell } from '../../explain/verdict.js'
import type { PhaseName } from '../../sessions/phases.js'
import type { SessionSummary } from '../../sessions/summary.js'
import type { PacketEvent, TimelineEvent } from '../../timeline/model.js'
import { wrap } from '../width.js'
import type { States } from './event-rows.js'
import { columnTitles } from './heading.js'
import { eventRows, firstRow, startStates } from './ladder.js'
import { type LadderOptions, type Layout, layoutOf } from './layout.js'
import { phaseRule } from './phase-rule.js'

/** The widest that columns are expected to get, as nobody knows yet how wide they will be: 1000 s, a gap of ms. */
const WIDEST: PacketEvent = {
  kind: 'packet',
  frame: 99_999,
  time: 999e9,
  gap: 99_900_000,
  from: 'client',
  phase: 'data',
  length: 0,
  findings: [],
  acknowledges: [],
  received: true,
}

const WIDEST_STATES = { client: 'ESTABLISHED', server: 'ESTABLISHED' } as const

export class LiveLadder {
  readonly #layout: Layout
  readonly #summary: SessionSummary
  #states: States | undefined
  #phase: PhaseName | undefined

  /** @param summary of the session at its first packet */
  constructor(summary: SessionSummary, timeDigits: number, options: LadderOptions) {
    this.#summary = summary
    this.#states = startStates(summary)
    const widest = summary.protocol === 'tcp' ? { ...WIDEST, states: WIDEST_STATES } : WIDEST
    this.#layout = layoutOf({ summary, events: [widest], leftOut: 0, timeDigits }, options)
  }

  /** Who talks to whom, and whose lifelines these are. */
  *heading(): Generator<string> {
    const { theme, width } = this.#layout
    const { protocol, session, client, server } = this.#summary
    const who = `session ${session}  ${protocol.toUpperCase()}  ${formatEndpoint(client)} → ${formatEndpoint(server)}`
    for (const line of wrap(who, width)) yield theme.strong(line)
    for (const line of columnTitles(this.#layout, this.#summary)) yield theme.faint(line)
    if (this.#states !== undefined) yield firstRow(this.#layout, this.#states)
  }

  *rows(events: readonly TimelineEvent[]): Generator<string> {
    const layout = this.#layout
    for (const event of events) {
      if ('phase' in event && event.phase !== this.#phase) {
        this.#phase = event.phase
        if (layout.stateWidth > 0) yield phaseRule({ phase: event.phase, events: [] }, layout.width, layout.theme)
      }
      yield* eventRows(event, layout, this.#states, true)
      if (event.kind === 'packet' && event.states !== undefined) this.#states = event.states
    }
  }

  /** What became of the session. */
  *ending(summary: SessionSummary): Generator<string> {
    const { theme, width } = this.#layout
    const paint = wentWell(summary) ? theme.good : theme.trouble
    for (const line of wrap(`session ${summary.session}: ${verdict(summary)}`, width)) yield paint(line)
  }
}
