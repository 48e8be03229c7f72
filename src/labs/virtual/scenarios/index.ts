/** All scenarios, in the order of a course. */
import { didYouMean } from '../../../bytes/suggest.js'
import { UsageError } from '../../../errors.js'
import type { Scenario } from '../scenario.js'
import closing from './closing.js'
import flow from './flow.js'
import normal from './normal.js'
import wrong from './wrong.js'

export const SCENARIOS: readonly Scenario[] = [
  ...normal.map((one) => ({ ...one, group: 'normal' as const })),
  ...closing.map((one) => ({ ...one, group: 'closing' as const })),
  ...wrong.map((one) => ({ ...one, group: 'going wrong' as const })),
  ...flow.map((one) => ({ ...one, group: 'flow and loss' as const })),
]

/** @throws UsageError */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((one) => one.name === name)
  if (scenario !== undefined) return scenario
  const names = SCENARIOS.map((one) => one.name)
  const hint = didYouMean(name, names, 'synopsis lab list shows them')
  throw new UsageError(`there is no scenario ${JSON.stringify(name)}: ${hint}`)
}
