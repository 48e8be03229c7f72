/** What went wrong around the sessions, so that there are perhaps none. */
import type { Neighbourhood } from '../../sessions/neighbourhood.js'
import { leaseProblems } from './leases.js'
import { lookupProblems } from './lookups.js'
import { neighbourProblems } from './neighbours.js'
import type { Problem } from './problem.js'

export function problemsAround(neighbourhood: Neighbourhood): Problem[] {
  return [
    ...leaseProblems(neighbourhood.leases.unanswered()),
    ...neighbourProblems(neighbourhood.oddNeighbours()),
    ...lookupProblems(neighbourhood.lookups.failed()),
  ]
}
