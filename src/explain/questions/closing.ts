/** The question about the end of a connection. */
import { explainTeardown, orAnother } from '../teardown.js'
import { type Answer, answered, type TcpSubject, unanswerable } from './answer.js'

export function closing({ summary }: TcpSubject): Answer {
  const question = 'How was the connection closed, and who is in TIME_WAIT?'
  const { ending, timeWait, first } = summary.teardown
  if (ending === 'none')
    return unanswerable(question, 'neither FIN nor RST was captured: the session was open when the capture ended')
  const waiting =
    timeWait === undefined
      ? 'nobody is in TIME_WAIT'
      : `the ${timeWait.role} is in TIME_WAIT: it closed first, and has to answer should its last ACK be lost (RFC 9293 §3.6.1)`
  const how = {
    orderly: `with a FIN from each end, the ${first ?? 'client'}'s first`,
    simultaneous: 'with a FIN from each end, both at once',
    'half-closed': `only the ${first ?? 'client'} closed, with a FIN`,
    reset: `by a reset from the ${summary.teardown.reset?.by ?? 'server'}${orAnother(summary.teardown)}`,
    refused: 'it never was open: a reset refused it',
  }[ending]
  const both = ending === 'simultaneous' ? 'both ends are in TIME_WAIT' : waiting
  return answered(question, `${how}; ${both}`, explainTeardown(summary))
}
