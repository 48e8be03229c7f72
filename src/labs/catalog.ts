/** Which service, model and transport go together: `lab list`, and what `lab serve` accepts. */
import { UsageError } from '../errors.js'
import { MODEL_INFO } from './models/index.js'
import { SERVICES, serviceNamed } from './services/index.js'
import { MODELS, type Model, type Transport } from './task.js'

export interface Cell {
  readonly service: string
  readonly model: Model
  readonly transport: Transport
  readonly does: string
  readonly serves: string
  /** what there is to learn: from the service, and from the model */
  readonly teaches: readonly string[]
}

/** Every combination that makes sense. A datagram has no connection to give away: its servers are iterative. */
export function catalog(): Cell[] {
  return SERVICES.flatMap((service) =>
    MODELS.flatMap((model) =>
      transportsOf(service.name, model).map((transport) => ({
        service: service.name,
        model,
        transport,
        does: service.summary,
        serves: MODEL_INFO[model].summary,
        teaches: [service.teaches, MODEL_INFO[model].teaches],
      })),
    ),
  )
}

/** The transports of a service under a model; none when they do not go together. Throws UsageError for no such service. */
export function transportsOf(name: string, model: Model): Transport[] {
  const service = serviceNamed(name)
  const transports: Transport[] = []
  if (service.stream) transports.push('tcp', 'unix')
  if (service.datagram && model === 'iterative') transports.push('udp', 'unix-datagram')
  return transports
}

/** Throws UsageError, with what would do instead, unless the three go together. */
export function checkCombination(service: string, model: Model, transport: Transport): void {
  const transports = transportsOf(service, model)
  if (transports.includes(transport)) return
  const instead = MODELS.filter((other) => transportsOf(service, other).includes(transport))
  throw new UsageError(
    instead.length > 0
      ? `${service} over ${transport} goes with --model ${instead.join(', ')}, not ${model}: ${WHY}`
      : `there is no ${service} over ${transport}: it goes over ${[...new Set(MODELS.flatMap((m) => transportsOf(service, m)))].join(', ')}`,
  )
}

const WHY = 'a datagram is answered at once, and there is no connection to give away'
