/** What a call said and the program did not hear: the other end's reset, an interruption, a failure. */
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import { isAccept, isRead, isWrite, wayOf } from '../../calls/transfers.js'
import { otherRole } from '../../sessions/roles.js'
import { evidence, type Finding } from './mistake.js'
import { isBefore, type Scene } from './scene.js'

/**
 * The process dies of SIGPIPE, or it goes on writing after a call has told that the connection is gone. One write that
 * fails with EPIPE and is taken note of is how a program learns it, and no mistake.
 */
export function writeAfterReset(scene: Scene): Finding[] {
  const found = new Map<number, Finding>()
  for (const socket of scene.sockets) {
    if (socket.transport !== 'tcp' || socket.calls.some(closesOwnSide) || neverConnected(socket)) continue
    const fatal = socket.calls.find((call) => isWrite(call) && call.errno === 'EPIPE' && diesOf(scene, call))
    const told = socket.calls.find(
      ({ errno, call }) => call !== 'connect' && (errno === 'EPIPE' || errno === 'ECONNRESET'),
    )
    const again = told && socket.calls.find((call) => isWrite(call) && isBefore(told.entered, call.entered))
    const write = fatal ?? again
    if (write === undefined || found.has(write.pid)) continue
    const text =
      fatal === undefined
        ? `${told?.call ?? ''} of ${scene.name(write.pid)} failed with ${told?.errno ?? ''}, and it wrote again all the same`
        : `${write.call} of ${scene.name(write.pid)} failed with EPIPE, and SIGPIPE ended the process`
    found.set(write.pid, {
      name: 'write-after-reset',
      pid: write.pid,
      evidence: [...resetOf(scene, socket), evidence(text, fatal ? [fatal] : [told, again])],
    })
  }
  return [...found.values()]
}

/** After shutdown of its own side a write fails with EPIPE too: that is no reset. */
function closesOwnSide({ call, arguments: given }: FollowedCall): boolean {
  return call === 'shutdown' && given[1] !== 'SHUT_RD' && given[1] !== '0'
}

function neverConnected({ opened, calls }: Socket): boolean {
  return (
    opened?.call === 'socket' &&
    calls.some(({ call, errno }) => call === 'connect' && isFinal(errno)) &&
    !calls.some(({ call, result }) => call === 'connect' && result === 0)
  )
}

function isFinal(errno: string | undefined): boolean {
  return errno !== undefined && !['EINPROGRESS', 'EALREADY', 'EINTR', 'EISCONN', 'EAGAIN'].includes(errno)
}

function diesOf(scene: Scene, { pid, entered }: FollowedCall): boolean {
  const process = scene.process(pid)
  const status = process?.status
  return (
    status !== undefined &&
    'signal' in status &&
    status.signal === 'SIGPIPE' &&
    scene.callsOf(pid).findLast(isWrite)?.entered === entered
  )
}

function resetOf(scene: Scene, socket: Socket) {
  const connection = scene.connectionOf(socket)
  const reset = connection?.first(otherRole(connection.role), 'RST')
  return reset === undefined
    ? []
    : [evidence(`${socket.peer ?? 'the other end'} had reset the connection (#${reset.frame})`, [], [reset.frame])]
}

/** Signals by which programs end themselves, or a wait: what follows them is meant. */
const MEANT: ReadonlySet<string> = new Set(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGALRM', 'SIGUSR1', 'SIGUSR2'])
const SELECTS: ReadonlySet<string> = new Set(['select', 'pselect', 'poll', 'ppoll', 'epoll_wait', 'epoll_pwait'])

/** A blocked call ended with EINTR, and the program took that for a failure: it never made the call again, and gave up. */
export function interruptedCall(scene: Scene): Finding[] {
  const found = new Map<number, Finding>()
  for (const call of scene.calls) {
    if (call.errno !== 'EINTR' || call.returned === undefined || found.has(call.pid)) continue
    if (call.isLibrarys === true || (call.descriptor === undefined && !SELECTS.has(call.call)) || call.call === 'close')
      continue
    const signals = signalsDuring(scene, call)
    if (signals.length === 0 || signals.some((signal) => isMeant(scene, signal))) continue
    const later = scene.callsOf(call.pid).filter((one) => isBefore(call.entered, one.entered) && one !== call)
    if (later.some((one) => isAgain(call, one))) continue
    const end = later.find((one) => one.call === 'exit' || (one.call === 'close' && one.descriptor === call.descriptor))
    if (end === undefined) continue
    const [signal] = signals
    const text = `${signal?.arguments[0] ?? 'a signal'} interrupted ${call.call} of ${scene.name(call.pid)}, which returned EINTR; it was not called again: ${end.call === 'exit' ? 'the process ended' : 'the socket was closed'}`
    found.set(call.pid, { name: 'interrupted-call', pid: call.pid, evidence: [evidence(text, [call, signal, end])] })
  }
  return [...found.values()]
}

function signalsDuring(scene: Scene, { pid, thread, entered, returned = entered }: FollowedCall): FollowedCall[] {
  return scene
    .callsOf(pid)
    .filter(
      (one) =>
        one.call === 'signal' &&
        one.thread === thread &&
        !isBefore(one.entered, entered) &&
        !isBefore(returned, one.entered),
    )
}

function isMeant(scene: Scene, { pid, arguments: [name = ''] }: FollowedCall): boolean {
  // one alarm is a time-out; several are a clock, which is to interrupt nothing
  if (name === 'SIGALRM')
    return scene.callsOf(pid).filter((one) => one.call === 'signal' && one.arguments[0] === name).length < 2
  if (name !== 'SIGUSR1' && name !== 'SIGUSR2') return MEANT.has(name)
  // which are for the program's own ends: to stop by, among others
  const status = scene.process(pid)?.status
  return status === undefined || !('exited' in status) || status.exited === 0
}

function isAgain(call: FollowedCall, again: FollowedCall): boolean {
  if (SELECTS.has(call.call)) return SELECTS.has(again.call)
  if (again.descriptor !== call.descriptor) return SELECTS.has(again.call)
  if (isAccept(call)) return isAccept(again)
  return again.call !== 'close' && again.call !== 'shutdown' && again.call !== 'exit'
}

/** A call failed, and what the program did next makes sense only if it had not. */
export function ignoredFailure(scene: Scene): Finding[] {
  const found = new Map<number, Finding>()
  for (const [failed, used, text] of [
    ...ignoredOnSockets(scene),
    ...badDescriptors(scene),
    ...badLengths(scene),
    ...failingLoops(scene),
    ...unsentDatagrams(scene),
  ]) {
    if (found.has(used.pid)) continue
    const said = `${failed.call} of ${scene.name(failed.pid)} failed with ${failed.errno ?? ''}, and ${text}`
    found.set(used.pid, { name: 'ignored-failure', pid: used.pid, evidence: [evidence(said, [failed, used])] })
  }
  return [...found.values()]
}

type Ignored = readonly [failed: FollowedCall, used: FollowedCall, text: string]

function ignoredOnSockets(scene: Scene): Ignored[] {
  return scene.sockets.flatMap(({ calls, isLibrarys, transport }): Ignored[] => {
    if (isLibrarys) return []
    const failed = calls.find(
      ({ call, errno }) => (call === 'connect' || call === 'bind' || call === 'listen') && isFinal(errno),
    )
    if (failed === undefined) return []
    const later = calls.filter((call) => isBefore(failed.entered, call.entered) && call.closesLast === undefined)
    const mended = later.find(
      ({ call, result, errno }) => call === failed.call && (result === 0 || errno === 'EINPROGRESS'),
    )
    const used = later.find((call) => takesForDone(failed.call, call, transport))
    if (used === undefined || (mended !== undefined && isBefore(mended.entered, used.entered))) return []
    const port =
      used.call === 'listen' && used.result === 0
        ? calls.findLast(({ local }) => local !== undefined)?.local
        : undefined
    const where =
      port === undefined || failed.call !== 'bind' ? '' : `: it listens at ${port}, a port that the kernel chose`
    return [[failed, used, `${used.call} was called on the same socket all the same${outcome(used)}${where}`]]
  })
}

function takesForDone(failed: string, call: FollowedCall, transport: string): boolean {
  if (failed === 'connect') return wayOf(call) !== undefined && (transport !== 'udp' || call.errno === 'EDESTADDRREQ')
  if (failed === 'listen') return isAccept(call)
  return call.call === 'listen' || isAccept(call) || (isRead(call) && transport !== 'tcp')
}

function outcome({ result, errno }: FollowedCall): string {
  return errno === undefined
    ? result === undefined
      ? ''
      : `, which returned ${result}`
    : `, which failed with ${errno}`
}

const MAKES_DESCRIPTOR: ReadonlySet<string> = new Set(['socket', 'accept', 'accept4', 'dup'])

/** -1 used as a descriptor. */
function badDescriptors(scene: Scene): Ignored[] {
  return scene.processes.flatMap(({ pid }): Ignored[] => {
    const calls = scene.callsOf(pid)
    const used = calls.find(
      ({ arguments: [first], errno, call }) =>
        first === '-1' && (errno === 'EBADF' || errno === 'ENOTSOCK') && call !== 'close' && !call.startsWith('epoll'),
    )
    const failed =
      used &&
      calls.findLast(
        (call) => MAKES_DESCRIPTOR.has(call.call) && call.errno !== undefined && isBefore(call.entered, used.entered),
      )
    return used === undefined || failed === undefined
      ? []
      : [[failed, used, `${used.call} was called with the descriptor -1${outcome(used)}`]]
  })
}

/** -1 used as a length: as an unsigned number it is the largest there is. */
const MINUS_ONE: ReadonlySet<string> = new Set(['18446744073709551615', '4294967295'])

function badLengths(scene: Scene): Ignored[] {
  return scene.processes.flatMap(({ pid }): Ignored[] => {
    const calls = scene.callsOf(pid)
    const used = calls.find((call) => isWrite(call) && MINUS_ONE.has(call.arguments[2] ?? ''))
    const failed =
      used && calls.findLast((call) => isRead(call) && call.errno !== undefined && isBefore(call.entered, used.entered))
    return used === undefined || failed === undefined
      ? []
      : [[failed, used, `${used.call} was given -1 bytes${outcome(used)}`]]
  })
}

/** So often in a row the same call fails in the same way, that nobody can have looked. */
const ROW = 10

function failingLoops(scene: Scene): Ignored[] {
  return scene.sockets.flatMap(({ calls, isLibrarys }): Ignored[] => {
    const accepts = calls.filter((call) => isAccept(call) && call.returned !== undefined)
    let row = 0
    for (const [index, call] of accepts.entries()) {
      const isSame = call.errno !== undefined && !PASSING.has(call.errno) && call.errno === accepts[index - 1]?.errno
      row = isSame ? row + 1 : 0
      const first = accepts[index - row]
      if (row >= ROW && first !== undefined && !isLibrarys)
        return [
          [first, call, `was called again and again, ${row + 1} times at least, without anything being done about it`],
        ]
    }
    return []
  })
}

const UNSENT: ReadonlySet<string> = new Set([
  'EMSGSIZE',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'EACCES',
  'EINVAL',
  'EDESTADDRREQ',
  'EAFNOSUPPORT',
])

/** A datagram was not sent, and the program waits for its answer all the same. */
function unsentDatagrams(scene: Scene): Ignored[] {
  return scene.sockets.flatMap((socket): Ignored[] => {
    if (socket.transport !== 'udp' || socket.isLibrarys) return []
    const transfers = scene.transfers(socket)
    for (const [index, { way, call }] of transfers.entries()) {
      const next = transfers[index + 1]
      if (way !== 'write' || call.errno === undefined || !UNSENT.has(call.errno)) continue
      if (next?.way === 'read' && next.done === 0 && next.call.thread === call.thread)
        return [[call, next.call, `${next.call.call} waited for an answer to what was not sent`]]
    }
    return []
  })
}

/** Failures that pass by themselves. */
const PASSING: ReadonlySet<string> = new Set(['EAGAIN', 'EINTR', 'ECONNABORTED', 'EPROTO'])
