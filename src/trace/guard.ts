/**
 * Starts strace so that nothing is left behind, whatever becomes of us: a shell that waits beside it for a word from us. If we
 * end without one (kill -9, say), it ends what is traced, or has strace let go of what ran before; then it tidies up.
 */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import type { Writable } from 'node:stream'
import { TraceError } from './errors.js'

/**
 * `$1`: what to do to the traced processes, `end` or `leave`; `$2`: our temporary directory; the rest is strace's. The
 * shell becomes strace, so that `$$` is strace's process; the one that waits is nobody's child, since strace ends only when it
 * has none left. Descriptor 3 is ours; its other end is closed when we end.
 */
const SCRIPT = `
how=$1 folder=$2; shift 2
traced() {
  for status in /proc/[0-9]*/status; do
    while read -r key value rest; do
      [ "$key" = Pid: ] && pid=$value
      [ "$key" = TracerPid: ] && { [ "$value" = $$ ] && kill "-$1" "$pid"; break; }
    done <"$status"
  done
}
(
(
  trap '' INT QUIT HUP TERM TSTP TTIN TTOU
  exec </dev/null >/dev/null 2>&1
  while read -r word <&3; do
    case $word in
      done) exit ;;
      *) [ $how = leave ] && kill -INT $$ || traced "$word" ;;
    esac
  done
  if [ $how = leave ]; then kill -INT $$
  else traced TERM; sleep 1; traced KILL; fi
  sleep 1
  kill -KILL $$
  rm -rf "$folder"
) &
)
exec strace "$@" 3<&-
`

export interface Guarded {
  readonly process: ChildProcess
  /** Sends a signal (its name without SIG) to what is traced; has strace let go of what ran before. */
  signal(name: 'TERM' | 'INT' | 'HUP' | 'KILL'): void
  /** strace has ended: nothing is left to guard. */
  release(): void
}

export interface GuardOptions {
  /** `end`: the traced processes end with us; `leave`: they go on as they did before */
  readonly onDeath: 'end' | 'leave'
  readonly folder: string
  /** standard input, output and error of the program */
  readonly stdio: readonly [StdioOption, StdioOption, StdioOption]
}

export type StdioOption = 'inherit' | 'ignore' | 'pipe' | number

export function startGuarded(strace: readonly string[], { onDeath, folder, stdio }: GuardOptions): Guarded {
  const streams: StdioOptions = [...stdio, 'pipe']
  const child = spawn('/bin/sh', ['-c', SCRIPT, 'synopsis', onDeath, folder, ...strace], { stdio: streams })
  const line = child.stdio[3] as Writable | null | undefined
  if (!line) throw new TraceError('NOT_TRACED', 'strace cannot be started')
  // that the guard has gone is no error
  line.on('error', () => {})
  return {
    process: child,
    signal: (name) => line.write(`${name}\n`),
    release: () => line.end('done\n'),
  }
}
