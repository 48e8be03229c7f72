/** The glossary knows what the other outputs speak of. */
import { describe, expect, test } from 'vitest'
import { findEntry, glossary } from '../../src/explain/glossary/glossary.js'
import { stateName } from '../../src/sessions/tcp/states.js'
import type { Cause, Verdict } from '../../src/sessions/tcp/truth/result.js'
import { analysisFields } from '../../src/sessions/tcp/wireshark/result.js'

const entries = glossary.flatMap(([, ofTopic]) => ofTopic)

describe('every entry', () => {
  test.each(entries.map((entry) => [entry.term, entry] as const))('%s', (term, entry) => {
    expect(findEntry(term)).toBe(entry)
    expect(entry.text).toMatch(/^[A-Z0-9"].*[.]$/)
    expect(entry.source).not.toBe('')
    for (const other of entry.see ?? []) expect(findEntry(other)?.term, `${term} points to ${other}`).toBeDefined()
    // nobody else's name
    for (const name of entry.also ?? []) expect(findEntry(name), name).toBe(entry)
  })
})

test.each(Array.from(analysisFields, ([field]) => field))('%s, which packets print, has an entry', (field) => {
  expect(findEntry(field)).toBeDefined()
})

test('every state that a timeline shows has an entry', () => {
  for (let state = 0; state < 11; state++) {
    const name = stateName(state as Parameters<typeof stateName>[0])
    expect(findEntry(name)?.term).toBe(name)
  }
})

/** All of them: a cause that is new is no `Record` without it. */
const causes: Readonly<Record<Cause, true>> = {
  timeout: true,
  'fast retransmit': true,
  'path MTU': true,
  'tail loss probe': true,
  'zero window': true,
  'keep-alive': true,
  'SYN again': true,
  'FIN again': true,
}
const verdicts: Readonly<Record<Exclude<Verdict, ''>, true>> = {
  retransmission: true,
  'out-of-order': true,
  duplicate: true,
}

test.each([...Object.keys(causes), ...Object.keys(verdicts)])('%s, which a verdict says, has an entry', (name) => {
  expect(findEntry(name)).toBeDefined()
})

test.each([
  ...['handshake', 'teardown', 'segment', 'datagram', 'sequence number', 'acknowledgment number', 'ISN', 'MSS', 'SACK'],
  ...['window scale', 'timestamps', 'RTT', 'EstimatedRTT', 'DevRTT', 'RTO', 'throughput', 'goodput', 'bytes in flight'],
  ...['slow start', 'congestion avoidance', 'delayed ACK', 'Nagle', 'TIME_WAIT', 'half closed', 'keep-alive probe'],
  ...['zero window probe', 'IP identification', 'PAWS', 'DSACK', 'checksum', 'silence', 'vantage', 'completeness'],
  ...['conn_state', 'history'],
])('%s, which a story speaks of, has an entry', (name) => {
  expect(findEntry(name)).toBeDefined()
})

test.each(['dup ACK', 'duplicate-ack', 'Duplicate_ACKs', 'tcp.analysis.duplicate_ack'])('%s is found', (name) => {
  expect(findEntry(name)?.term).toBe('dup ACK')
})
