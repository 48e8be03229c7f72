/** The sessions that went wrong, as text and as JSON. */
import { printable } from '../bytes/printable.js'
import { countOf, formatCount } from '../bytes/units.js'
import { formatEndpoint } from '../explain/endpoints.js'
import type { Diagnosis } from '../explain/problems/diagnose.js'
import type { Problem } from '../explain/problems/problem.js'
import type { Theme } from './style.js'
import { wrap } from './width.js'

/** What a capture's diagnosis is drawn from. */
export interface Findings {
  readonly file: string
  /** sessions in all */
  readonly sessions: number
  /** ranked, worst first */
  readonly diagnoses: readonly Diagnosis[]
  /** problems of no session */
  readonly others: readonly Problem[]
}

/** A heading, then a paragraph for each session that went wrong. */
export function* problemLines(findings: Findings, width: number, theme: Theme): Generator<string> {
  const { diagnoses, others } = findings
  const isWell = diagnoses.length + others.length === 0
  for (const line of wrap(`${printable(findings.file)}: ${headline(findings)}`, width)) {
    yield isWell ? theme.good(line) : theme.strong(line)
  }
  for (const problem of others) yield* paragraph('–', [problem], width, theme)
  for (const { summary, problems } of diagnoses) {
    const who = `${formatEndpoint(summary.client)} → ${formatEndpoint(summary.server)}`
    yield* paragraph(`${summary.protocol}:${summary.session}  ${who}`, problems, width, theme)
  }
}

function headline({ sessions, diagnoses, others }: Findings): string {
  if (diagnoses.length + others.length === 0) {
    return sessions === 0 ? 'no TCP or UDP session' : `nothing went wrong in ${countOf(sessions, 'session')}`
  }
  const counts = new Map<string, number>()
  for (const [problem] of [...others.map((other) => [other]), ...diagnoses.map((one) => one.problems)]) {
    if (problem !== undefined) counts.set(problem.name, (counts.get(problem.name) ?? 0) + 1)
  }
  const kinds = [...counts].map(([name, count]) => (count === 1 ? name : `${formatCount(count)} × ${name}`)).join(', ')
  if (diagnoses.length === 0) return `${countOf(sessions, 'session')}; ${kinds}`
  return `${formatCount(diagnoses.length)} of ${countOf(sessions, 'session')} went wrong: ${kinds}`
}

function* paragraph(title: string, problems: readonly Problem[], width: number, theme: Theme): Generator<string> {
  if (title !== '–') for (const line of wrap(title, width - 2)) yield `  ${theme.faint(line)}`
  for (const { diagnosis } of problems) {
    for (const [index, line] of wrap(printable(diagnosis), width - 6).entries()) {
      yield `  ${theme.trouble(index === 0 ? '! ' : '  ')}${index === 0 ? line : `  ${line}`}`
    }
  }
}

/** One object a session, for JSON; a problem of no session has no `protocol`. */
export function* problemObjects({ file, diagnoses, others }: Findings): Generator<object> {
  if (others.length > 0) yield { file, problems: others }
  for (const { summary, problems } of diagnoses) {
    const { protocol, session, client, server, firstFrame, lastFrame } = summary
    yield { file, protocol, session, client, server, firstFrame, lastFrame, problems }
  }
}
