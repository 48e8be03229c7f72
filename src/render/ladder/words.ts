/** What stands below a ladder: the session in words, a line a sentence. */
import { countOf } from '../../bytes/units.js'
import { explainCompleteness, explainConnState } from '../../explain/completeness.js'
import { explainData } from '../../explain/data.js'
import type { AnySummary } from '../../explain/endpoints.js'
import { framesOf } from '../../explain/frames.js'
import { explainHandshake } from '../../explain/handshake.js'
import { explainIcmpErrors } from '../../explain/icmp.js'
import { explainTeardown } from '../../explain/teardown.js'
import { explainVantage } from '../../explain/truth.js'
import { explainUdp } from '../../explain/udp.js'
import { unixTopics } from '../../explain/unix.js'
import type { TcpSummary } from '../../sessions/summary.js'
import type { Theme } from '../style.js'
import { padEnd, wrap } from '../width.js'

const TOPIC = 'handshake'.length

export function* inWords(summary: AnySummary, width: number, theme: Theme): Generator<string> {
  for (const [topic, sentences] of topics(summary)) {
    let title = topic
    for (const sentence of sentences) {
      for (const [index, line] of wrap(sentence, width - TOPIC - 5).entries()) {
        yield ` ${theme.strong(padEnd(title, TOPIC))}  ${index > 0 ? '  ' : ''}${line}`
        title = ''
      }
    }
  }
}

function topics(summary: AnySummary): [string, string[]][] {
  if (summary.protocol === 'unix') return unixTopics(summary)
  const zeek = `Zeek's conn_state ${summary.connState} (${explainConnState(summary.connState)}), history ${summary.history}`
  if (summary.protocol === 'udp') {
    return [
      ['data', explainUdp(summary)],
      ['capture', [zeek]],
    ]
  }
  return [
    ['handshake', explainHandshake(summary)],
    ['data', explainData(summary)],
    ['teardown', explainTeardown(summary)],
    ...(summary.icmpErrors ? [['ICMP', explainIcmpErrors(summary)] as [string, string[]]] : []),
    ['capture', captureSentences(summary, zeek)],
  ]
}

function captureSentences(summary: TcpSummary, zeek: string): string[] {
  const { truth } = summary
  const twice = truth?.capturedTwice ?? []
  return [
    ...(truth ? [explainVantage(truth)] : []),
    ...(twice.length > 0
      ? [`${countOf(twice.length, 'frame was', 'frames were')} captured twice${framesOf(twice)}`]
      : []),
    `completeness ${explainCompleteness(summary.completeness)}`,
    zeek,
  ]
}
