/** A lab question about one session, and what the capture answers. Plain data, and what `explain --questions --json` prints. */
import type { Role, TcpSummary } from '../../sessions/summary.js'
import { firstSights } from '../../timeline/first-sights.js'
import type { DirectionMeasures, Measures } from '../../timeline/measures.js'
import type { PacketEvent } from '../../timeline/model.js'
import { otherRole } from '../endpoints.js'

export interface Answer {
  readonly question: string
  /** absent when this capture cannot answer it: then `why` says why */
  readonly answer?: string
  readonly why?: string
  /** frame numbers, field values, the calculation written out; a line each */
  readonly evidence: readonly string[]
}

export function answered(question: string, answer: string, evidence: readonly string[] = []): Answer {
  return { question, answer, evidence }
}

export function unanswerable(question: string, why: string): Answer {
  return { question, why, evidence: [] }
}

/** What TCP's questions are answered from. */
export interface TcpSubject {
  readonly summary: TcpSummary
  /** each once, also where the capture has it twice */
  readonly packets: readonly PacketEvent[]
  readonly measures: Measures
  /** who sent more data: the questions about the transfer are about it; undefined when nobody sent any */
  readonly sender: Role | undefined
}

export function subjectOf(summary: TcpSummary, packets: readonly PacketEvent[], measures: Measures): TcpSubject {
  const { client, server } = summary.data
  const sender = client.bytes + server.bytes === 0 ? undefined : server.bytes > client.bytes ? 'server' : 'client'
  return { summary, packets, measures, sender }
}

/** The transfer from the end that sent more: its data segments, each byte where it was captured first, and its measures. */
export interface Transfer {
  readonly sender: Role
  readonly receiver: Role
  readonly segments: readonly PacketEvent[]
  readonly measures: DirectionMeasures
}

export function transferOf({ sender, packets, measures }: TcpSubject): Transfer | undefined {
  if (sender === undefined) return undefined
  const segments = firstSights(packets, sender)
  return { sender, receiver: otherRole(sender), segments, measures: measures[sender] }
}

export const NO_DATA = 'no data was sent in this session'

/** ns as ms with six decimals, for calculations: no digit of the clock is lost. */
export function milliseconds(nanoseconds: number): string {
  return `${(nanoseconds / 1e6).toFixed(6)} ms`
}
