/** The glossary knows what the other outputs speak of. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { connectionStates } from '../../src/explain/completeness.js'
import { findingName } from '../../src/explain/findings.js'
import { findEntry, glossary, relatedTerms } from '../../src/explain/glossary/glossary.js'
import { ADVICE } from '../../src/explain/mistakes/advice.js'
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
    for (const name of [...(entry.also ?? []), ...(entry.printedAs ?? [])]) expect(findEntry(name), name).toBe(entry)
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
  'fast open': true,
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

/** What the documentation says that `sessions --problems` prints. */
function problemNames(): string[] {
  const schema = readFileSync(new URL('../../docs/schema.md', import.meta.url), 'utf8')
  const paragraph = /^The names, worst first\..*?\n\n/ms.exec(schema)?.[0] ?? ''
  return [...paragraph.matchAll(/`([^`]+)`/g)].map(([, name]) => name ?? '')
}

test('the paragraph that lists the problems is there', () => expect(problemNames().length).toBeGreaterThan(25))

/** Every field of Wireshark's analysis, and every flag. */
const fields = readFileSync(new URL('../../docs/fields.md', import.meta.url), 'utf8').matchAll(
  /`(tcp\.(?:analysis|flags)\.(?!flags|res`)[^`]+)`/g,
)

test.each([
  ...problemNames(),
  ...Object.keys(connectionStates),
  ...Object.keys(ADVICE),
  ...Array.from(analysisFields.keys(), (field) => findingName(field.replace('tcp.analysis.', ''))),
  ...[findingName('bad_checksum'), findingName('malformed')],
  ...Array.from(fields, ([, field]) => field ?? ''),
  ...['tcp.seq', 'tcp.ack', 'tcp.len', 'tcp.stream', 'tcp.window_size', 'tcp.options.mss_val', 'udp.length', 'ip.ttl'],
  ...['SYN·ACK', 'SYN/ACK', 'FIN·ACK', 'PSH·ACK', 'win', 'ts', 'one host', 'EADDRINUSE', 'timestamp'],
])('%s, which outputs print, has an entry', (name) => {
  expect(findEntry(name)).toBeDefined()
})

test('what RFC 9293 has made obsolete is not cited', () => {
  const cited = entries.map(({ source }) => source).join()
  expect(cited.match(/RFC (?:793|879|2873|6093|6429|6528|6691)\b/g)).toBeNull()
})

test.each([
  ['three way', 'three-way handshake'],
  ['TCP window', 'window'],
  ['lost', 'lost segment'],
  ['connection refused error', 'ECONNREFUSED'],
])('%s: %s is related', (name, related) => {
  expect(findEntry(name)).toBeUndefined()
  expect(relatedTerms(name)).toContain(related)
})

test('what shares no word is not related', () => expect(relatedTerms('of the')).toEqual([]))

test.each(['dup ACK', 'duplicate-ack', 'Duplicate_ACKs', 'tcp.analysis.duplicate_ack'])('%s is found', (name) => {
  expect(findEntry(name)?.term).toBe('dup ACK')
})
