/**
 * The system calls that are followed, and what a C program called to make them: the library's `fork` is the kernel's
 * `clone`, `recv` is `recvfrom` without an address. A student finds in the log what stands in the source.
 */

/** What `strace -e trace=` is to be given: every call that `StraceReader` makes a record of. */
const TRACED_CALLS: readonly string[] = [
  ...['socket', 'socketpair', 'bind', 'listen', 'accept', 'accept4', 'connect', 'shutdown', 'close', 'close_range'],
  ...['read', 'write', 'readv', 'writev', 'sendfile', 'splice'],
  ...['send', 'recv', 'sendto', 'recvfrom', 'sendmsg', 'recvmsg', 'sendmmsg', 'recvmmsg'],
  ...['setsockopt', 'getsockopt', 'getsockname', 'getpeername'],
  ...['select', 'pselect6', 'poll', 'ppoll', 'epoll_create', 'epoll_create1', 'epoll_ctl', 'epoll_wait', 'epoll_pwait'],
  ...['dup', 'dup2', 'dup3', 'fcntl', 'ioctl', 'pipe', 'pipe2'],
  ...['fork', 'vfork', 'clone', 'clone3', 'execve', 'execveat', 'waitpid', 'wait4', 'waitid', 'exit', 'exit_group'],
  ...['rt_sigaction', 'rt_sigreturn', 'restart_syscall', 'alarm', 'pause', 'io_uring_setup'],
]

/**
 * Not every machine has every call (`select` is absent on arm64), and strace refuses a name that its kernel lacks unless it
 * is told not to: `?name`. With this, `-e` gets one argument that every strace takes.
 */
export const TRACE_EXPRESSION = `trace=${TRACED_CALLS.map((name) => `?${name}`).join(',')}`

/** Calls that tell the reader something, and are no record of their own. */
export const ONLY_READ: ReadonlySet<string> = new Set(['rt_sigreturn', 'restart_syscall'])

/** The calls whose first argument is no descriptor. */
const WITHOUT_DESCRIPTOR: ReadonlySet<string> = new Set([
  ...['socket', 'socketpair', 'select', 'pselect6', 'poll', 'ppoll', 'epoll_create', 'epoll_create1', 'pipe', 'pipe2'],
  ...[
    'fork',
    'vfork',
    'clone',
    'clone3',
    'execve',
    'execveat',
    'waitpid',
    'wait4',
    'waitid',
    'exit',
    'exit_group',
    'close_range',
  ],
  ...['rt_sigaction', 'rt_sigreturn', 'restart_syscall', 'alarm', 'pause', 'io_uring_setup'],
])

const KNOWN: ReadonlySet<string> = new Set(TRACED_CALLS)

export function isFollowed(name: string, first: string): boolean {
  // ioctl is for terminals mostly; of a socket's, FIONBIO makes it non-blocking and FIONREAD asks what waits
  return KNOWN.has(name) && (name !== 'ioctl' || /\bFION(?:BIO|READ)\b/.test(first))
}

/** Which of its arguments is the descriptor that a call is made on; undefined for a call on none. */
export function descriptorArgument(name: string): number | undefined {
  return WITHOUT_DESCRIPTOR.has(name) ? undefined : 0
}

export interface Spelled {
  readonly call: string
  readonly arguments: readonly string[]
  /** the system call, where its name is another */
  readonly by?: string
}

/** A system call as the C function that makes it. */
export function spell(name: string, given: readonly string[]): Spelled {
  const as = (call: string, keep: number): Spelled => ({ call, arguments: given.slice(0, keep), by: name })
  switch (name) {
    case 'clone':
    case 'clone3':
      return cloned(name, given)
    case 'recvfrom':
      return given[4] === 'NULL' ? as('recv', 4) : same(name, given)
    case 'sendto':
      return given[4] === 'NULL' ? as('send', 4) : same(name, given)
    case 'wait4':
      return given[3] === 'NULL' ? as('waitpid', 3) : as('wait4', 4)
    case 'pselect6':
      return given[5] === undefined || given[5] === 'NULL' ? as('select', 5) : as('pselect', 6)
    case 'epoll_pwait':
      return given[4] === 'NULL' ? as('epoll_wait', 4) : same(name, given)
    case 'rt_sigaction':
      return as('sigaction', 3)
    case 'exit_group':
      return as('exit', 1)
    default:
      return same(name, given)
  }
}

function same(name: string, given: readonly string[]): Spelled {
  return { call: name, arguments: given }
}

/** clone(2): a thread shares everything; a child that shares the memory until it execs is vfork's; rare others stay clone. */
function cloned(name: string, given: readonly string[]): Spelled {
  const flags = given.join(', ')
  if (isThread(flags)) return { call: 'pthread_create', arguments: [], by: name }
  if (flags.includes('CLONE_VFORK')) return { call: 'vfork', arguments: [], by: name }
  if (flags.includes('CLONE_VM') || flags.includes('CLONE_FILES')) return { call: 'clone', arguments: given, by: name }
  return { call: 'fork', arguments: [], by: name }
}

export function isThread(flags: string): boolean {
  return flags.includes('CLONE_THREAD')
}

export function makesProcess(name: string): boolean {
  return name === 'fork' || name === 'vfork' || name === 'clone' || name === 'clone3'
}
