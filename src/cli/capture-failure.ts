/** What keeps a capture from starting, said with what to do about it; for programs as one JSON object. */
import { printable } from '../bytes/printable.js'
import { CaptureError } from '../capture/errors.js'
import { HostOnlyError } from '../capture/interfaces.js'
import { SynopsisError } from '../errors.js'
import { TraceError } from '../trace/errors.js'
import type { Run } from './run.js'
import { complain } from './screen.js'

/** Does `work`. A CaptureError or TraceError is explained, and sets the exit status; with `json`, every SynopsisError is. */
export async function explaining(run: Run, json: boolean, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    if (json && error instanceof SynopsisError) printFailure(error, run)
    else if (error instanceof CaptureError || error instanceof TraceError) explainFailure(error, run)
    else throw error
  }
}

function explainFailure(error: CaptureError | TraceError, run: Run): void {
  run.warn(error.message, error.exitStatus)
  if (error instanceof HostOnlyError) {
    for (const one of error.candidates) {
      const addresses = one.addresses.map(({ address }) => address).join(', ')
      const state = `${one.up ? 'up' : 'down'}${addresses && `, ${addresses}`}`
      complain(`  ${printable(one.alias ?? one.name)} (${state}): ${printable(one.reason)}`)
    }
  }
  for (const step of error.remedy) complain(`  → ${printable(step)}`)
}

function printFailure(error: SynopsisError, { screen }: Run): void {
  const { code, message, exitStatus } = error
  process.exitCode = exitStatus
  const failure = {
    code,
    message,
    ...(error instanceof CaptureError && { remedy: error.remedy }),
    ...(error instanceof HostOnlyError && { candidates: error.candidates }),
  }
  screen.json({ error: failure })
}
