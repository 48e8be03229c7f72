import { expect, test } from 'vitest'
import { sessionLine } from '../../src/render/session-json.js'
import type { SessionSummary, TcpSummary } from '../../src/sessions/summary.js'
import { dnsSummary, messageSummary } from './timelines.js'

const full: TcpSummary = {
  ...messageSummary,
  vlans: [5, 6],
  icmpErrors: [{ frame: 9, version: 4, type: 3, code: 4, about: 'client' }],
  lookup: { time: -5, queryFrame: 1, answerFrame: 2, name: 'a "quoted" name\u0007' },
  resolutions: [{ time: -9, requests: 2, requestFrame: 1, replyFrame: 0, address: '10.0.0.1', hardware: '' }],
  resumed: true,
  teardown: { ending: 'reset', first: 'client', reset: { frame: 8, time: 5, by: 'client' }, halfClosedFor: 0 },
}

const bare: TcpSummary = {
  ...messageSummary,
  handshake: {},
  teardown: { ending: 'none' },
}

const cases: [string, SessionSummary][] = [
  ['a whole session', messageSummary],
  ['one with everything that is optional', full],
  ['one with nothing that is optional', bare],
  ['UDP', dnsSummary],
]

test.each(cases)('%s: the line built by hand is what JSON.stringify gives', (_, summary) => {
  expect(JSON.parse(sessionLine(summary))).toEqual(summary)
  expect(sessionLine(summary)).not.toMatch(/[\n\x00-\x1f]/)
})
