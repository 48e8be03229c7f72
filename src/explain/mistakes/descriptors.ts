/** Descriptors that somebody keeps: the parent, the child, or the program itself. */
import { countOf } from '../../bytes/units.js'
import type { Moment } from '../../calls/call.js'
import { nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Reference, Socket } from '../../calls/processes/model.js'
import { isAccept, isRead, isWrite, wayOf } from '../../calls/transfers.js'
import { otherRole } from '../../sessions/roles.js'
import { type Evidence, evidence, type Finding } from './mistake.js'
import { isBefore, momentOf, type Scene, wasClosed } from './scene.js'

/** ns: a descriptor that is given up so long after all had an end of the connection was forgotten, not slow. */
const HELD_LONG = 500e6
/** ns that a program may take to close a connection that is over. */
const TIDY = 50e6

/** Evidence of one kind beyond this many sockets adds nothing. */
const SHOWN = 3

/**
 * The parent accepted the connection and a child served and gave it up, but the parent keeps its own descriptor and turns
 * to the next connection. A parent that uses the connection too, or ends with it, is no such server.
 */
export function parentKeepsConnection(scene: Scene): Finding[] {
  const byParent = new Map<number, Evidence[]>()
  for (const socket of scene.sockets) {
    const found = keptByParent(scene, socket)
    if (found === undefined) continue
    const list = byParent.get(found.parent) ?? []
    list.push(found.evidence)
    byParent.set(found.parent, list)
  }
  return [...byParent].map(([pid, all]) => ({
    name: 'parent-keeps-connection',
    pid,
    evidence: [...some(all, 'connection'), ...ranOut(scene, pid)],
  }))
}

function keptByParent(scene: Scene, socket: Socket): { parent: number; evidence: Evidence } | undefined {
  const { opened, acceptedFrom, references } = socket
  if (opened === undefined || acceptedFrom === undefined || socket.isPassedOn) return undefined
  const parent = opened.pid
  const own = references.filter(({ pid }) => pid === parent)
  const inherited = references.filter(({ pid, by }) => pid !== parent && by === 'fork')
  const forked = inherited[0]?.from
  const user = inherited.find(({ pid }) => isUsedBy(socket, pid))
  if (forked === undefined || user === undefined) return undefined
  if (isUsedBy(socket, parent, forked)) return undefined
  const left = latest(inherited.map(({ until }) => until))
  if (left === undefined) return undefined
  const kept = own.find(({ until, from }) => isBefore(from, left) && (until === undefined || isBefore(left, until)))
  if (kept === undefined || isPolledBy(scene, own, parent, forked)) return undefined
  const next = nextAccept(scene, parent, acceptedFrom, forked)
  const isLong = nanosecondsBetween(left, kept.until ?? scene.until) > HELD_LONG
  if (next === undefined && !isLong) return undefined
  // one that is closed late, but before the next connection, was only slow
  if (
    wasClosed(kept) &&
    !isLong &&
    !(next !== undefined && (next.result ?? -1) >= 0 && isWithin(next, left, kept.until))
  )
    return undefined
  const fin = finOf(scene, socket, left)
  const text = `${scene.name(user.pid)} gave up the connection with ${socket.peer ?? 'its client'}; ${scene.name(parent)} still holds it as descriptor ${kept.descriptor} ${endOf(kept)}${fin.text}`
  const given = socket.calls.find((call) => call.pid === user.pid && call.closesLast !== undefined)
  return { parent, evidence: evidence(text, [opened, given, next], fin.frames) }
}

function endOf({ until, end }: Reference): string {
  if (until === undefined) return 'when the log ends'
  return end === 'close' ? 'until after the next accept' : 'until it ends itself'
}

function isWithin({ returned }: FollowedCall, from: Moment, until: Moment | undefined): boolean {
  return returned !== undefined && isBefore(from, returned) && (until === undefined || isBefore(returned, until))
}

/** The FIN that the child's close did not send. */
function finOf(scene: Scene, socket: Socket, left: Moment): { text: string; frames: number[] } {
  const connection = scene.connectionOf(socket)
  if (connection === undefined) return { text: ': so no FIN is sent', frames: [] }
  const fin = connection.first(connection.role, 'FIN')
  if (fin === undefined) return { text: ': no FIN was sent', frames: [] }
  return isBefore(left, momentOf(connection, fin))
    ? { text: ': the FIN (#' + fin.frame + ') came only then', frames: [fin.frame] }
    : { text: '', frames: [] }
}

/** Reads, writes, shuts down: more than holding it. */
function isUsedBy(socket: Socket, pid: number, from?: Moment): boolean {
  return socket.calls.some(
    (call) =>
      call.pid === pid &&
      !isAccept(call) &&
      call.closesLast === undefined &&
      !NO_USE.has(call.call) &&
      (from === undefined || isBefore(from, call.entered)),
  )
}

/** Calls that say nothing about whether a process has to do with the connection. */
const NO_USE: ReadonlySet<string> = new Set([
  'close',
  'dup',
  'dup2',
  'dup3',
  'fcntl',
  'getsockname',
  'getpeername',
  'setsockopt',
  'getsockopt',
])

function isPolledBy(scene: Scene, references: readonly Reference[], pid: number, from: Moment): boolean {
  return references.some(({ descriptor }) =>
    scene.pollsOf(pid).some((call) => isBefore(from, call.entered) && namesDescriptor(call, descriptor)),
  )
}

/** `[{fd=4, events=POLLIN}]`, `[3 4]`, `epoll_ctl(5, EPOLL_CTL_ADD, 4, …)`. */
function namesDescriptor({ call, arguments: given }: FollowedCall, descriptor: number): boolean {
  if (call === 'epoll_ctl') return given[2] === String(descriptor)
  if (call === 'poll' || call === 'ppoll') return new RegExp(`fd=${descriptor}\\b`).test(given[0] ?? '')
  return given.slice(1, 4).some((set) => new RegExp(`[[ ]${descriptor}[\\] ]`).test(set))
}

/** The first `accept` after a moment; of one that returned a connection rather than one that waits. */
function nextAccept(scene: Scene, pid: number, listening: number, from: Moment): FollowedCall | undefined {
  const accepts = scene.accepts(listening, pid)
  let low = 0
  let high = accepts.length
  while (low < high) {
    const middle = (low + high) >> 1
    const call = accepts[middle]
    if (call !== undefined && isBefore(from, call.entered)) high = middle
    else low = middle + 1
  }
  for (let index = low; index < accepts.length; index++) if ((accepts[index]?.result ?? -1) >= 0) return accepts[index]
  return accepts[low]
}

function ranOut(scene: Scene, pid: number): Evidence[] {
  const failed = scene.callsOf(pid).find(({ errno }) => errno === 'EMFILE' || errno === 'ENFILE')
  return failed === undefined
    ? []
    : [evidence(`descriptors ran out: ${failed.call} failed with ${failed.errno ?? ''}`, [failed])]
}

/**
 * A child that serves a connection and holds the listening socket, on which it never accepts, to its end. Children that
 * accept themselves (prefork) hold it rightly, and one that runs another program gave up control over it.
 */
export function childKeepsListener(scene: Scene): Finding[] {
  const byParent = new Map<number, Evidence[]>()
  for (const listening of scene.sockets) {
    if (listening.listened === undefined || listening.isPassedOn) continue
    for (const reference of listening.references) {
      const child = scene.process(reference.pid)
      if (reference.by !== 'fork' || wasClosed(reference) || child?.parent === undefined) continue
      if (isAcceptor(scene, listening, reference)) continue
      const served = scene.sockets.find(
        (one) => one.acceptedFrom === listening.number && !one.isPassedOn && isUsedBy(one, child.pid),
      )
      if (served === undefined || served.opened?.pid === child.pid) continue
      if (isCloseOnExec(listening) && !outlivesParent(listening, reference)) continue
      const list = byParent.get(child.parent) ?? []
      list.push(keptByChild(scene, listening, reference, served))
      byParent.set(child.parent, list)
    }
  }
  return [...byParent].map(([pid, all]) => ({
    name: 'child-keeps-listener',
    pid,
    evidence: some(all, 'child', 'children'),
  }))
}

function isAcceptor(scene: Scene, listening: Socket, reference: Reference): boolean {
  return (
    scene.accepts(listening.number, reference.pid).length > 0 ||
    isPolledBy(scene, [reference], reference.pid, reference.from)
  )
}

function outlivesParent({ listened, references }: Socket, { until }: Reference): boolean {
  const parents = references.filter(({ pid }) => pid === listened?.pid)
  const left = latest(parents.map((one) => one.until))
  return left !== undefined && (until === undefined || isBefore(left, until))
}

/** Runtimes open their sockets so (Python's, Node's): what their forked children keep then, nobody wrote. */
function isCloseOnExec({ opened }: Socket): boolean {
  return opened?.arguments[1]?.includes('SOCK_CLOEXEC') === true
}

function keptByChild(scene: Scene, listening: Socket, reference: Reference, served: Socket): Evidence {
  const { pid, descriptor, until } = reference
  const harm = outlivesParent(listening, reference)
    ? '; it outlived its parent, and the port stayed taken with nobody to accept'
    : '; it did no harm in this run, since the parent outlived it'
  const text = `${scene.name(pid)} serves ${served.peer ?? 'its client'} and holds the listening socket${listening.local === undefined ? '' : ` ${listening.local}`} as descriptor ${descriptor} ${until === undefined ? 'when the log ends' : 'to its end'}${harm}`
  const first = served.calls.find((call) => call.pid === pid)
  return evidence(text, [listening.listened, first])
}

/**
 * A connection that is over, for the other end has closed it or it never came to be, and whose descriptor the program keeps
 * while it goes on to others, never touching it again.
 */
export function leakedDescriptor(scene: Scene): Finding[] {
  const byProcess = new Map<number, Evidence[]>()
  for (const socket of scene.sockets) {
    const leak = leakOf(scene, socket)
    if (leak === undefined) continue
    const list = byProcess.get(leak.pid) ?? []
    list.push(leak.evidence)
    byProcess.set(leak.pid, list)
  }
  return [...byProcess].map(([pid, all]) => ({
    name: 'leaked-descriptor',
    pid,
    evidence: [...some(all, 'descriptor'), ...ranOut(scene, pid)],
  }))
}

function leakOf(scene: Scene, socket: Socket): { pid: number; evidence: Evidence } | undefined {
  const { opened, references } = socket
  if (opened === undefined || socket.transport !== 'tcp' || socket.isLibrarys || socket.isPassedOn) return undefined
  const [reference] = references
  // with several processes the question is which of them keeps it: the rules above
  if (reference === undefined || references.some(({ pid }) => pid !== opened.pid)) return undefined
  if (references.some(wasClosed) || socket.listened !== undefined) return undefined
  const own = socket.calls.filter((call) => call.pid === opened.pid && call.closesLast === undefined)
  const last = own.at(-1)
  const over = last === undefined ? undefined : overAt(scene, socket, own)
  if (last === undefined || over === undefined) return undefined
  // it is still at it, or had no time to close what had just ended
  if (last.returned === undefined || nanosecondsBetween(over.at, reference.until ?? scene.until) < TIDY)
    return undefined
  if (isPolledBy(scene, references, opened.pid, last.entered)) return undefined
  const next = scene
    .callsOf(opened.pid)
    .find(
      (call) => isLater(call, last, over.at) && goesOn(call, socket) && (over.isTold || call.thread === last.thread),
    )
  if (next === undefined) return undefined
  const text = `${scene.name(opened.pid)} keeps descriptor ${reference.descriptor}${socket.peer === undefined ? '' : ` (the connection with ${socket.peer})`} open ${reference.until === undefined ? 'when the log ends' : 'to its end'}, though ${over.text}, and goes on to ${next.call}`
  return { pid: opened.pid, evidence: evidence(text, [opened, over.call ?? last, next], over.frames) }
}

/** A call that the program turned to after its last one on the socket, and that it is in, or made, when the connection is over. */
function isLater(call: FollowedCall, last: FollowedCall, over: Moment): boolean {
  if (call.isLibrarys === true || !isBefore(last.entered, call.entered)) return false
  return isBefore(over, call.entered) || call.returned === undefined || isBefore(over, call.returned)
}

interface Over {
  readonly at: Moment
  /** a call has said so */
  readonly isTold: boolean
  readonly text: string
  readonly call?: FollowedCall
  readonly frames: readonly number[]
}

/** That the connection is over: the program was told so, or the other end's FIN or RST shows it. */
function overAt(scene: Scene, socket: Socket, own: readonly FollowedCall[]): Over | undefined {
  const told = own.find(
    (call) =>
      (call.call === 'connect' && isFinal(call.errno)) ||
      (isRead(call) && (call.result === 0 || call.errno === 'ECONNRESET')) ||
      (isWrite(call) && (call.errno === 'EPIPE' || call.errno === 'ECONNRESET')),
  )
  if (told !== undefined) {
    // a program that has something to say after the end of file has only half a connection, and the last word
    const last = own.at(-1) ?? told
    const said =
      told.errno === undefined ? `${told.call} returned 0, the end of file` : `${told.call} failed with ${told.errno}`
    return { at: last.returned ?? last.entered, isTold: true, text: said, call: told, frames: [] }
  }
  const connection = scene.connectionOf(socket)
  if (connection === undefined || !own.some((call) => wayOf(call) !== undefined)) return undefined
  const peer = otherRole(connection.role)
  const [fin, reset] = [connection.first(peer, 'FIN'), connection.first(peer, 'RST')]
  const end = fin && reset ? (fin.frame < reset.frame ? fin : reset) : (fin ?? reset)
  if (end === undefined) return undefined
  const flag = end.tcp?.flags.includes('RST') ? 'RST' : 'FIN'
  const at = momentOf(connection, end)
  const last = own.at(-1)
  // who may still read it will find it: only a program that has turned away for good has forgotten it
  return last === undefined
    ? undefined
    : {
        at: isBefore(at, last.entered) ? last.entered : at,
        isTold: false,
        text: `the other end's ${flag} came in #${end.frame}`,
        frames: [end.frame],
      }
}

function isFinal(errno: string | undefined): boolean {
  return errno !== undefined && !['EINPROGRESS', 'EALREADY', 'EINTR', 'EISCONN', 'EAGAIN'].includes(errno)
}

/** The program turns to another connection: it waits for the next one, or makes one. */
function goesOn(call: FollowedCall, socket: Socket): boolean {
  if (call.socket === socket.number) return false
  if (isAccept(call)) return call.errno !== 'EAGAIN'
  return call.call === 'connect' && call.transport === 'tcp'
}

function some(all: readonly Evidence[], noun: string, plural?: string): Evidence[] {
  if (all.length <= SHOWN) return [...all]
  const more = all.length - SHOWN
  return [...all.slice(0, SHOWN), evidence(`and ${countOf(more, `more ${noun}`, `more ${plural ?? `${noun}s`}`)}`, [])]
}

function latest(moments: readonly (Moment | undefined)[]): Moment | undefined {
  let last: Moment | undefined
  for (const moment of moments) {
    if (moment === undefined) return undefined
    if (last === undefined || isBefore(last, moment)) last = moment
  }
  return last
}
