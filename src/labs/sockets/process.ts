/**
 * Processes: what fork, exec and wait do in C. A running Node cannot be forked (only the calling thread would go on in the
 * child), so a child is spawned: posix_spawn forks, carries out the descriptor actions and executes, all in C. The child
 * inherits every descriptor that the sockets API made, exactly as after fork, since none of them is close-on-exec.
 */
import { constants } from 'node:os'
import { logCall, now } from '../call-log.js'
import { callError } from './errno.js'
import { bound } from './library.js'
import { quoted } from './notation.js'

type Actions = Buffer
const posix_spawn = bound<
  (
    pid: Buffer,
    path: string,
    actions: Actions,
    attributes: Buffer,
    argv: (string | null)[],
    env: (string | null)[],
  ) => number
>('int posix_spawnp(void *, const char *, const void *, const void *, const char **, const char **)')
const actionsInit = bound<(actions: Actions) => number>('int posix_spawn_file_actions_init(void *)')
const actionsDup2 = bound<(actions: Actions, from: number, to: number) => number>(
  'int posix_spawn_file_actions_adddup2(void *, int, int)',
)
const actionsClose = bound<(actions: Actions, descriptor: number) => number>(
  'int posix_spawn_file_actions_addclose(void *, int)',
)
const actionsDestroy = bound<(actions: Actions) => number>('int posix_spawn_file_actions_destroy(void *)')
const attributesInit = bound<(attributes: Buffer) => number>('int posix_spawnattr_init(void *)')
const setFlags = bound<(attributes: Buffer, flags: number) => number>('int posix_spawnattr_setflags(void *, short)')
const setDefault = bound<(attributes: Buffer, signals: Buffer) => number>(
  'int posix_spawnattr_setsigdefault(void *, const void *)',
)
const attributesDestroy = bound<(attributes: Buffer) => number>('int posix_spawnattr_destroy(void *)')
const sigemptyset = bound<(signals: Buffer) => number>('int sigemptyset(void *)')
const sigaddset = bound<(signals: Buffer, signal: number) => number>('int sigaddset(void *, int)')
const nativeWaitpid = bound<(pid: number, status: Buffer, options: number) => number>('int waitpid(int, void *, int)')
const nativeExit = bound<(status: number) => void>('void _exit(int)')
const fcntl =
  bound<(descriptor: number, command: number, type: 'int', flags: number) => number>('int fcntl(int, int, ...)')
const prctl = bound<(option: number, type: 'ulong', value: number) => number>('int prctl(int, ...)')

/** Larger than posix_spawn_file_actions_t and posix_spawnattr_t (80 and 336 bytes in glibc, a pointer on macOS). */
const OPAQUE_SIZE = 512
const SIGSET_SIZE = 128
const POSIX_SPAWN_SETSIGDEF = 4
const WNOHANG = 1
const F_SETFD = 2
const PR_SET_PDEATHSIG = 1
const { SIGPIPE, SIGTERM } = constants.signals

export interface Spawn {
  /** a program, looked up in PATH unless it has a slash, and its arguments, argv[0] first */
  readonly program: string
  readonly argv: readonly string[]
  /** descriptor actions between fork and exec, in this order: dup2(from, to), then close */
  readonly dup2?: readonly (readonly [from: number, to: number])[]
  readonly close?: readonly number[]
}

/** fork and exec in one. Returns the child's process id; throws CallError (`execve`) when the program cannot be started. */
export function spawn(child: Spawn): number {
  const actions = Buffer.alloc(OPAQUE_SIZE)
  const attributes = Buffer.alloc(OPAQUE_SIZE)
  const signals = Buffer.alloc(SIGSET_SIZE)
  actionsInit(actions)
  for (const [from, to] of child.dup2 ?? []) actionsDup2(actions, from, to)
  for (const descriptor of child.close ?? []) actionsClose(actions, descriptor)
  // Node ignores SIGPIPE; the child should meet it as any program does
  attributesInit(attributes)
  sigemptyset(signals)
  sigaddset(signals, SIGPIPE)
  setDefault(attributes, signals)
  setFlags(attributes, POSIX_SPAWN_SETSIGDEF)
  // Node marks its standard descriptors close-on-exec when it starts; a child shares them, as after fork
  for (const descriptor of [0, 1, 2]) fcntl(descriptor, F_SETFD, 'int', 0)
  const pid = Buffer.alloc(4)
  const environment = Object.entries(process.env).map(([name, value]) => `${name}=${value}`)
  const entered = now()
  const errno = posix_spawn(pid, child.program, actions, attributes, [...child.argv, null], [...environment, null])
  const returned = now()
  actionsDestroy(actions)
  attributesDestroy(attributes)
  if (errno !== 0) throw callError('execve', errno)
  const id = pid.readInt32LE(0)
  const times = { by: 'posix_spawn', entered, returned }
  const inChild = { pid: id, thread: id, ...times }
  logCall({ call: 'fork', arguments: [], result: id, ...times })
  for (const [from, to] of child.dup2 ?? []) {
    logCall({ ...inChild, call: 'dup2', arguments: [String(from), String(to)], result: to, descriptor: from })
  }
  for (const descriptor of child.close ?? []) {
    logCall({ ...inChild, call: 'close', arguments: [String(descriptor)], result: 0, descriptor })
  }
  logCall({
    ...inChild,
    call: 'execve',
    arguments: [
      quoted(Buffer.from(child.program)),
      `[${child.argv.map((word) => quoted(Buffer.from(word))).join(', ')}]`,
    ],
    result: 0,
  })
  return id
}

export type Ended = { readonly exited: number } | { readonly signal: string }

/** waitpid(-1, &status, WNOHANG): a child that has ended, or undefined when none has. */
export function waitForAnyChild(): { pid: number; status: Ended } | undefined {
  const status = Buffer.alloc(4)
  const entered = now()
  const pid = nativeWaitpid(-1, status, WNOHANG)
  // 0: none has ended; -1: there is none
  if (pid <= 0) return undefined
  const ended = decodeStatus(status.readInt32LE(0))
  logCall({
    call: 'waitpid',
    arguments: ['-1', `[${describeEnd(ended)}]`, 'WNOHANG'],
    result: pid,
    status: ended,
    entered,
    returned: now(),
  })
  return { pid, status: ended }
}

/** How a child ended, in words: `exited with 0`, `killed by SIGTERM`. */
export function describeEnd(status: Ended): string {
  return 'exited' in status ? `exited with ${status.exited}` : `killed by ${status.signal}`
}

/**
 * Ends the process at once, as C's main does, also while other threads are blocked in calls: process.exit would wait for
 * them.
 */
export function exit(status: number): never {
  logCall({ call: 'exit', by: 'exit_group', arguments: [String(status)], entered: now() })
  nativeExit(status)
  throw new Error('_exit returned')
}

/** pause(2): sleeps until a signal is delivered to this thread. */
export const pause = bound<() => number>('int pause()')

/** Linux: this process gets SIGTERM when its parent dies, also by SIGKILL. Elsewhere it lives on. */
export function dieWithParent(parent: number): void {
  if (process.platform === 'linux') prctl(PR_SET_PDEATHSIG, 'ulong', SIGTERM)
  // it may have died before that was said
  if (process.ppid !== parent) exit(1)
}

/** WIFEXITED, WEXITSTATUS and WTERMSIG, which are the same bits on both systems. */
function decodeStatus(status: number): Ended {
  const signal = status & 0x7f
  return signal === 0 ? { exited: (status >> 8) & 0xff } : { signal: signalName(signal) }
}

function signalName(signal: number): string {
  return Object.entries(constants.signals).find(([, number]) => number === signal)?.[0] ?? `signal ${signal}`
}
