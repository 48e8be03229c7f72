/** What logs of calls add to a report: the mistakes that they prove, and the sessions that have no packets. */

import { endName, protocolName } from '../../explain/endpoints.js'
import { framesOf } from '../../explain/frames.js'
import type { Mistake } from '../../explain/mistakes/mistake.js'
import { unixTopics, WHY_NO_PACKETS } from '../../explain/unix.js'
import { verdict } from '../../explain/verdict.js'
import type { UnixSummary, UnixTimeline } from '../../timeline/unix/model.js'
import { callCells } from '../mistakes.js'
import type { Block } from './content.js'

export interface ReportedLogs {
  /** as they were named */
  readonly files: readonly string[]
  readonly mistakes: readonly Mistake[]
  /** with their calls among their messages */
  readonly unix: readonly UnixTimeline[]
}

export function mistakeBlocks(mistakes: readonly Mistake[]): Block[] {
  const title: Block = { kind: 'heading', level: 2, text: 'Mistakes in how the sockets were used' }
  if (mistakes.length === 0) return [title, { kind: 'paragraph', text: 'This run proves none.' }]
  return [title, ...mistakes.flatMap(oneMistake)]
}

function oneMistake({ title, pid, program, evidence, rule, reference, advice }: Mistake): Block[] {
  const whose = program === undefined ? `process ${pid}` : `${program} (process ${pid})`
  const calls = evidence.flatMap((one) => one.calls)
  const facts = evidence.map(({ text, frames }) => `${text}${text.includes('(#') ? '' : framesOf(frames)}`)
  return [
    { kind: 'heading', level: 3, text: `${whose}: ${title}` },
    { kind: 'list', items: facts },
    ...(calls.length > 0
      ? [{ kind: 'table', head: ['time, UTC', 'process', 'call'], rows: calls.map(callCells) } as const]
      : []),
    { kind: 'paragraph', text: `${rule} (${reference}).` },
    { kind: 'paragraph', text: `What to change: ${advice}.` },
  ]
}

function unixName(summary: UnixSummary): string {
  return `Session ${summary.session}, ${protocolName(summary)}`
}

/** What stands around the figure of a session without packets. */
export function unixOpening({ summary }: UnixTimeline): Block[] {
  return [
    { kind: 'heading', level: 3, text: unixName(summary) },
    {
      kind: 'paragraph',
      text: `${endName(summary, 'client')} → ${endName(summary, 'server')}: ${verdict(summary)}.`,
    },
  ]
}

export function unixWords({ summary }: UnixTimeline): Block[] {
  return [{ kind: 'list', items: unixTopics(summary).flatMap(([, sentences]) => sentences) }]
}

export function unixCaption(summary: UnixSummary): string {
  return `${unixName(summary)}: ${WHY_NO_PACKETS}. Numbers (#) count what one call handed over.`
}
