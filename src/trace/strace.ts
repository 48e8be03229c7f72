/** strace as it is installed here: whether it is there, what it can do, and how it is to be called. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { TRACE_EXPRESSION } from '../calls/strace/system-calls.js'
import { TraceError } from './errors.js'

export interface Strace {
  /** times with nanoseconds (5.6) */
  readonly nanoseconds: boolean
  /** the kernel stops the program only where it makes a call that is followed (5.3) */
  readonly filtersInKernel: boolean
}

/** Bytes of a string that are logged: more than a frame or a usual buffer has, and no more than can be read in time. */
const STRING_LIMIT = 65_536

/** @throws TraceError where there is no strace, or no Linux */
export async function findStrace(): Promise<Strace> {
  if (process.platform !== 'linux') {
    throw new TraceError('NO_STRACE', 'system calls are traced with strace, which is for Linux alone', [
      'trace in a Linux virtual machine, and bring its log here: synopsis replay FILE --calls trace.log',
    ])
  }
  try {
    const { stdout } = await promisify(execFile)('strace', ['--help'])
    return {
      nanoseconds: stdout.includes('--absolute-timestamps'),
      filtersInKernel: stdout.includes('--seccomp-bpf'),
    }
  } catch (cause) {
    throw new TraceError(
      'NO_STRACE',
      'there is no strace, which this needs to see system calls',
      ['Debian, Ubuntu: sudo apt install strace', 'Fedora: sudo dnf install strace', 'Alpine: sudo apk add strace'],
      { cause },
    )
  }
}

/** What is traced: a program with its arguments, or processes that run already. */
export type Target = { readonly command: readonly string[] } | { readonly pids: readonly number[] }

/** The arguments that have strace write what `StraceReader` reads to `log`. */
export function straceArguments(strace: Strace, target: Target, log: string): string[] {
  const common = [
    '-f',
    '-yy',
    ...['-s', String(STRING_LIMIT)],
    ...(strace.nanoseconds ? ['--absolute-timestamps=unix,ns', '--syscall-times=ns'] : ['-ttt', '-T']),
    ...['-e', TRACE_EXPRESSION],
    ...['-o', log],
  ]
  // that it is attached is said, and waited for
  if ('pids' in target) return [...common, ...target.pids.flatMap((pid) => ['-p', String(pid)])]
  // what the terminal sends is for the program alone (-I 4), as it would be without strace
  const filter = strace.filtersInKernel ? ['--seccomp-bpf'] : []
  return [...common, '-q', '-I', '4', ...filter, '--', ...target.command]
}
