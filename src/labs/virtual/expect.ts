/** What a scenario expects to go wrong. */
import { LabError } from '../errors.js'
import { CallFailed } from './program.js'

/** Waits for a call that is to fail with `errno` (KILLED: that ends with its program). @throws LabError when it does not */
export async function fails(errno: string, call: Promise<unknown>): Promise<void> {
  try {
    await call
  } catch (error) {
    if (error instanceof CallFailed && error.code === errno) return
    throw error
  }
  throw new LabError('UNEXPECTED', `a call succeeded that was to fail with ${errno}`, 'the scenario went another way')
}
