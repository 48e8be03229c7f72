/** The glossary knows what the other outputs speak of. */
import { describe, expect, test } from 'vitest'
import { findEntry, glossary } from '../../src/explain/glossary/glossary.js'
import { stateName } from '../../src/sessions/tcp/states.js'
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

test.each(['dup ACK', 'duplicate-ack', 'Duplicate_ACKs', 'tcp.analysis.duplicate_ack'])('%s is found', (name) => {
  expect(findEntry(name)?.term).toBe('dup ACK')
})
