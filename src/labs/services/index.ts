/** All services, by name. */
import { didYouMean } from '../../bytes/suggest.js'
import { UsageError } from '../../errors.js'
import { chargen } from './chargen.js'
import { datagram } from './datagram.js'
import { daytime } from './daytime.js'
import { discard } from './discard.js'
import { echo } from './echo.js'
import { http } from './http.js'
import { message } from './message.js'
import type { Service } from './service.js'
import { time } from './time.js'

export const SERVICES: readonly Service[] = [message, datagram, echo, daytime, time, http, discard, chargen]

/** Throws UsageError for a name that is none. */
export function serviceNamed(name: string): Service {
  const service = SERVICES.find((candidate) => candidate.name === name)
  if (service) return service
  const names = SERVICES.map((known) => known.name)
  throw new UsageError(`no service is called ${name}: ${didYouMean(name, names, names.join(', '))}`)
}
