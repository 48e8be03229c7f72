/** docs/schema.md and what is printed must not drift apart. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { packetFieldNames } from '../../src/render/packet-fields.js'
import type { TcpSummary } from '../../src/sessions/summary.js'
import { dns, dnsSummary, lossy, lossyTruth, messageSummary } from './timelines.js'

const schema = readFileSync(new URL('../../docs/schema.md', import.meta.url), 'utf8')

function keysOf(value: unknown, found = new Set<string>()): Set<string> {
  if (Array.isArray(value)) for (const item of value) keysOf(item, found)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      found.add(key)
      keysOf(inner, found)
    }
  }
  return found
}

test('our own fields of a packet are described', () => {
  const own = packetFieldNames.filter((name) => name.startsWith('synopsis.'))
  expect(own.filter((name) => !schema.includes(`\`${name}\``))).toEqual([])
})

test('every key of a session and of a timeline is described', () => {
  const summary: TcpSummary = { ...messageSummary, truth: lossyTruth }
  const keys = keysOf([summary, dnsSummary, lossy, dns])
  // a run is how a picture folds packets; JSON has them all
  for (const key of keysOf(lossy.events.filter((event) => event.kind === 'run'))) {
    if (!keysOf([summary, lossy.events.filter((event) => event.kind !== 'run')]).has(key)) keys.delete(key)
  }
  expect([...keys].filter((key) => !schema.includes(`\`${key}\``))).toEqual([])
})
