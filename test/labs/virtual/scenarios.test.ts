/**
 * Every scenario, played with a seed and on a port that were never used for it before: its capture shows what it is named
 * after, the states that are inferred from what each node saw are those that its kernel was in, and with every comment
 * taken out of the capture `sessions --problems` still names the cause; where nothing went wrong, it names none.
 *
 * RUNS=10 plays them all ten times. A run's seed is printed, and SEED=… plays that one again.
 */
import { randomInt } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { NODES } from '../../../src/labs/virtual/names.js'
import { SCENARIOS } from '../../../src/labs/virtual/scenarios/index.js'
import { disagreements, readSamples } from './agreement.js'
import { causesOf } from './diagnosis.js'
import { PHENOMENA } from './phenomena.js'
import { missing, play, problemsOf, timelinesOf } from './virtual.js'

/** Sessions that end at one node without a packet: it gave up, and had nobody to tell. */
const END_UNSEEN = ['host-silent', 'alarm', 'server-crashes', 'client-crashes']

/** ms: a scenario that waits in vain gives up before, and says for what. */
const PATIENCE = 150_000

const { RUNS = '1', SEED } = process.env
const seeds = Array.from({ length: Number(RUNS) }, (_, run) =>
  SEED === undefined ? randomInt(1, 2 ** 31) : Number(SEED) + run,
)

describe.skipIf(missing).each(seeds)(`scenarios${missing ? ` (skipped: ${missing})` : ''}, seed %i`, (seed) => {
  test.concurrent.each(SCENARIOS.map((scenario, index) => [scenario.name, scenario, portOf(seed, index)] as const))(
    '%s',
    async (name, scenario, port) => {
      const kept = await play(scenario, { seed, port })
      PHENOMENA[name]?.({ all: await timelinesOf(kept.capture), kept })
      const samples = readSamples(kept.samples)
      for (const node of NODES) {
        const timelines = await timelinesOf(kept.captures[node])
        expect(disagreements(node, timelines, samples, END_UNSEEN.includes(name))).toEqual([])
      }
      const problems = await problemsOf(kept.capture)
      const causes = causesOf(name, kept.wire)
      const found = problems.map(([worst]) => worst?.name ?? '')
      expect(found, JSON.stringify(problems)).toHaveLength(causes.length)
      for (const [index, cause] of causes.entries()) expect(found[index]).toMatch(cause)
    },
    PATIENCE,
  )
})

/** Above the ports that need rights, below those that a kernel gives to clients. */
function portOf(seed: number, index: number): number {
  return 1024 + ((seed + 577 * index) % 31_000)
}

test('every scenario has a phenomenon to show', () => {
  expect(Object.keys(PHENOMENA).sort()).toEqual(SCENARIOS.map(({ name }) => name).sort())
})
