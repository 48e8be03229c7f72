/** What keeps a program from being traced. */
import { SynopsisError } from '../errors.js'

export type TraceErrorCode = 'NO_STRACE' | 'NO_PROGRAM' | 'NOT_TRACED' | 'NO_PROCESS'

export class TraceError extends SynopsisError {
  /** what to do about it, a step each */
  readonly remedy: readonly string[]

  constructor(code: TraceErrorCode, message: string, remedy: readonly string[] = [], options?: ErrorOptions) {
    super(code, message, 1, options)
    this.remedy = remedy
  }
}
