/** What the operating system says about a file, in a line that says what to do next. */
import { FileError } from '../errors.js'

const REASONS: Record<string, readonly [code: string, reason: string]> = {
  ENOENT: ['MISSING', 'there is no such file or directory: check the name'],
  ENOTDIR: ['MISSING', 'there is no such file: part of its path is not a directory'],
  EISDIR: ['DIRECTORY', 'it is a directory: give a file in it'],
  EACCES: ['DENIED', 'you may not: ask its owner, or try sudo'],
  EPERM: ['DENIED', 'you may not: ask its owner, or try sudo'],
  EROFS: ['DENIED', 'the file system is read-only: choose another place'],
  ENOSPC: ['FULL', 'the disk is full: make room, or choose another place'],
  ENXIO: ['UNREADABLE', 'it is a socket or a device, not a file'],
}

/** The FileError for `error`; what is no operating system's error comes back as it is. */
export function asFileError(name: string, error: unknown, doing = 'open'): unknown {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error
  const [code, reason] = REASONS[String(error.code)] ?? ['UNREADABLE', error.message]
  return new FileError(code, `cannot ${doing} ${name}: ${reason}`, { cause: error })
}
