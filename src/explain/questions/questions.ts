/** What lab courses ask about a session, in the order in which they ask it. */
import { measure } from '../../timeline/measures.js'
import type { Timeline } from '../../timeline/model.js'
import { type Answer, subjectOf, type TcpSubject } from './answer.js'
import { closing } from './closing.js'
import { endpoints, firstRequest, syn, synAck } from './opening.js'
import { firstSegments, lengths } from './segments.js'
import { acknowledgments, retransmissions, slowStartEnds, throughput, window } from './transfer.js'
import { udpAnswers } from './udp.js'

const TCP: readonly ((subject: TcpSubject) => Answer)[] = [
  endpoints,
  syn,
  synAck,
  firstRequest,
  firstSegments,
  lengths,
  window,
  retransmissions,
  acknowledgments,
  throughput,
  slowStartEnds,
  closing,
]

/** The timeline must not be folded. */
export function answerQuestions(timeline: Timeline): Answer[] {
  const { summary, events } = timeline
  const packets = events.filter((event) => event.kind === 'packet')
  if (summary.protocol === 'udp') return udpAnswers(summary, packets)
  const measures = measure(timeline)
  if (measures === undefined) return []
  const subject = subjectOf(summary, packets, measures)
  return TCP.map((answer) => answer(subject))
}
