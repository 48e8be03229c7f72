/** Why a capture ended. */
export const STOP_REASONS = [
  /** asked to: `stop()`, a signal */
  'stopped',
  /** asked to stop at once: `close()`, a second signal */
  'closed',
  /** the limits that the user set */
  'packets',
  'duration',
  'file-size',
  /** the last interface is no more, or can't be read */
  'interface-gone',
  'disk-full',
  /** whoever read the pipe that is written to is gone */
  'reader-gone',
  /** the file cannot be written for another reason */
  'output-failed',
] as const
export type StopReason = (typeof STOP_REASONS)[number]
