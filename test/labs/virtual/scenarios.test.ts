/**
 * Every scenario, played once: its capture shows what it is named after, and the states that are inferred from what each
 * node saw are those that its kernel was in.
 */
import { describe, expect, test } from 'vitest'
import { NODES } from '../../../src/labs/virtual/names.js'
import { SCENARIOS } from '../../../src/labs/virtual/scenarios/index.js'
import { disagreements, readSamples } from './agreement.js'
import { PHENOMENA } from './phenomena.js'
import { missing, play, timelinesOf } from './virtual.js'

/** Sessions that end at one node without a packet: it gave up, and had nobody to tell. */
const END_UNSEEN = ['host-silent', 'alarm', 'server-crashes', 'client-crashes']

describe.skipIf(missing)(`scenarios${missing ? ` (skipped: ${missing})` : ''}`, () => {
  test.concurrent.each(SCENARIOS.map((scenario) => [scenario.name, scenario] as const))(
    '%s',
    async (name, scenario) => {
      const kept = await play(scenario)
      PHENOMENA[name]?.({ all: await timelinesOf(kept.capture), kept })
      const samples = readSamples(kept.samples)
      for (const node of NODES) {
        const timelines = await timelinesOf(kept.captures[node])
        expect(disagreements(node, timelines, samples, END_UNSEEN.includes(name))).toEqual([])
      }
    },
  )
})

test('every scenario has a phenomenon to show', () => {
  expect(Object.keys(PHENOMENA).sort()).toEqual(SCENARIOS.map(({ name }) => name).sort())
})
