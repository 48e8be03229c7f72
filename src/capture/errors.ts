/** What keeps a capture from starting or ends it: always with what the user can do about it. */
import { SynopsisError } from '../errors.js'
import { rightsRemedy } from './rights.js'

export type CaptureErrorCode =
  /** koffi, the package that calls C libraries, is not installed for this platform */
  | 'NO_KOFFI'
  /** libpcap, or Npcap, is not installed */
  | 'NO_LIBPCAP'
  /** the operating system does not let this user capture */
  | 'PERMISSION'
  | 'NO_SUCH_INTERFACE'
  | 'INTERFACE_DOWN'
  /** `--host-only` found no host-only adapter, or several */
  | 'NO_HOST_ONLY'
  | 'SEVERAL_HOST_ONLY'
  /** libpcap does not understand the capture filter */
  | 'FILTER'
  /** the interface cannot be captured on for another reason */
  | 'INTERFACE'
  /** the file for the packets cannot be created or written */
  | 'OUTPUT'
  /** the user whose rights the capture should go on with is unknown, or cannot be become */
  | 'USER'
  /** the cap engine is not installed, or ended */
  | 'CAP_ENGINE'

export class CaptureError extends SynopsisError {
  /** what the user can do, one step a line; commands as they are typed */
  readonly remedy: readonly string[]

  constructor(code: CaptureErrorCode, message: string, remedy: readonly string[] = [], options?: ErrorOptions) {
    super(code, message, 1, options)
    this.remedy = remedy
  }
}

/** A capture error on its way from a worker, where classes do not survive the structured clone. */
export interface PlainError {
  readonly code: CaptureErrorCode
  readonly message: string
  readonly remedy: readonly string[]
}

export function toPlain(error: unknown): PlainError {
  if (error instanceof CaptureError) {
    return { code: error.code as CaptureErrorCode, message: error.message, remedy: error.remedy }
  }
  return { code: 'INTERFACE', message: error instanceof Error ? error.message : String(error), remedy: [] }
}

/** Only here is it known which command was started, to be started again with the right to capture. */
export function fromPlain({ code, message, remedy }: PlainError): CaptureError {
  return new CaptureError(code, message, code === 'PERMISSION' ? rightsRemedy(process.platform) : remedy)
}
