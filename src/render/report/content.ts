/** What a report is made from, and the blocks that it is made of: written once, whatever the format. */
import type { Problem } from '../../explain/problems/problem.js'
import type { Answer } from '../../explain/questions/answer.js'
import type { Plot } from '../../plots/model.js'
import type { Observations } from '../../sessions/observations.js'
import type { SessionSummary } from '../../sessions/summary.js'
import type { SourceInfo } from '../../source.js'
import type { AnyTimeline, Timeline } from '../../timeline/model.js'
import type { HeaderDiagram } from '../header/layout.js'

export interface ReportedCapture {
  /** without its folder: the report may be read elsewhere */
  readonly file: string
  /** of the file; absent for a pipe */
  readonly sha256?: string
  readonly info: SourceInfo
  readonly observations: Observations
  /** what went wrong around the sessions, so that there are perhaps none */
  readonly around: readonly Problem[]
  /** sessions in all */
  readonly sessions: number
  /** those of the table */
  readonly summaries: readonly SessionSummary[]
  /** those that are told in full */
  readonly told: readonly ReportedSession[]
  /** notes about none of these sessions' packets */
  readonly notes: readonly string[]
}

export interface ReportedSession {
  readonly timeline: Timeline
  /** the same as it is drawn: folded, with its calls */
  readonly shown: Timeline
  readonly problems: readonly Problem[]
  /** the headers of the packet that opened it, where the report shows them */
  readonly opening?: { readonly frame: number; readonly diagrams: readonly HeaderDiagram[] }
  /** to the lab questions, if they were asked for */
  readonly answers?: readonly Answer[]
}

/** What made the report, and for whom. */
export interface Made {
  readonly version: string
  readonly command: string
  readonly title?: string
  readonly author?: string
}

export type Block =
  | { readonly kind: 'heading'; readonly level: 2 | 3 | 4; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | { readonly kind: 'notes'; readonly items: readonly string[] }
  | { readonly kind: 'table'; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] }
  | { readonly kind: 'questions'; readonly answers: readonly Answer[] }
  | {
      readonly kind: 'figure'
      readonly number: number
      readonly caption: string
      /** how the name of its file ends: `tcp0`, `2-tcp0-rtt-client` */
      readonly name: string
      readonly picture: Picture
    }

/** What a figure shows. */
export type Picture =
  | { readonly kind: 'ladder'; readonly timeline: AnyTimeline }
  | { readonly kind: 'plot'; readonly plot: Plot }
  | { readonly kind: 'headers'; readonly diagrams: readonly HeaderDiagram[] }
