/** What went wrong around the sessions, so that there are perhaps none. */
import type { HostTimesToLive } from '../../sessions/host-times-to-live.js'
import type { Neighbourhood } from '../../sessions/neighbourhood.js'
import type { Observations } from '../../sessions/observations.js'
import { fragmentProblems } from './fragments.js'
import { leaseProblems } from './leases.js'
import { lookupProblems } from './lookups.js'
import { neighbourProblems } from './neighbours.js'
import type { Problem } from './problem.js'

interface Around {
  readonly neighbourhood: Neighbourhood
  readonly observations: Observations
  readonly timesToLive: HostTimesToLive
}

export function problemsAround({ neighbourhood, observations, timesToLive }: Around): Problem[] {
  return [
    ...leaseProblems(neighbourhood.leases.unanswered()),
    ...neighbourProblems(neighbourhood.oddNeighbours(), (address) => timesToLive.spokeIn(address)),
    ...lookupProblems(neighbourhood.lookups.failed()),
    ...fragmentProblems(observations),
  ]
}
