/**
 * Exceptions are for I/O, usage and bugs; what is wrong with a packet is data (packet.ts, Problem). Each class has a `code`
 * for programs and the exit status the command line ends with.
 */
export class SynopsisError extends Error {
  readonly code: string
  /** 1: usage, interface, filter or permission; 2: a file that cannot be read */
  readonly exitStatus: number

  constructor(code: string, message: string, exitStatus = 1, options?: ErrorOptions) {
    super(message, options)
    this.name = new.target.name
    this.code = code
    this.exitStatus = exitStatus
  }
}

/** The user asked for something that cannot be: an unknown option value, a session that is not there. */
export class UsageError extends SynopsisError {
  constructor(message: string) {
    super('USAGE', message, 1)
  }
}

/** A file that cannot be opened, read or understood. */
export class FileError extends SynopsisError {
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(code, message, 2, options)
  }
}
