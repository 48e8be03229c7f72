/** Messages on a stream that has none: a part taken for the whole, two for one, the rest left behind. */
import { countOf, formatCount } from '../../bytes/units.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import { isRead, isWrite, type Transfer } from '../../calls/transfers.js'
import { evidence, type Finding } from './mistake.js'
import { isBefore, momentOf, type Scene } from './scene.js'
import { type Incoming, incoming, isEncrypted, ownEnd, type Reading, reading } from './stream.js'

/** What is left when a program has given up a connection that was in order. */
interface Rest {
  readonly socket: Socket
  readonly came: Incoming
  readonly read: Reading
  readonly closed: FollowedCall
  /** bytes that nobody read, and how many of them were there when the socket was closed */
  readonly unread: number
  readonly waiting: number
}

function restOf(scene: Scene, socket: Socket): Rest | undefined {
  if (socket.transport !== 'tcp' || socket.isLibrarys || socket.listened !== undefined) return undefined
  const end = ownEnd(scene, socket)
  const came = end && incoming(scene, socket)
  if (end === undefined || came === undefined || isEncrypted(scene, socket)) return undefined
  const read = reading(scene, socket)
  const unread = came.sent - read.total
  if (unread <= 0 || isStream(scene, socket, came, read, end.call)) return undefined
  return {
    socket,
    came,
    read,
    closed: end.call,
    unread,
    waiting: came.before(end.moment) - read.total,
  }
}

/** The other end sends on and on (chargen, a large file): who has had enough of it closes, and makes no mistake. */
const A_LOT = 32_768

function isStream(scene: Scene, socket: Socket, came: Incoming, { total }: Reading, closed: FollowedCall): boolean {
  if (came.writes !== undefined) {
    const before = came.writes.findLast(({ call }) => isBefore(call.entered, closed.entered))
    const peer = scene.peerOf(socket)
    const next = peer?.calls.find(
      (call) => before !== undefined && isBefore(before.call.entered, call.entered) && call.call !== 'close',
    )
    const isBlocked = before?.call.returned === undefined || isBefore(closed.entered, before.call.returned)
    return came.writes.length > 2 && (isBlocked || next?.call === before.call.call)
  }
  const sends = scene.transfers(socket).some(({ way }) => way === 'write')
  return !sends && came.sent - total > A_LOT
}

/**
 * read returned a part of a message, and the program went without the rest. That it was a part is shown by one write of
 * the other end, cut in two; by the room, which is exactly what came in all; or by the other end, which wrote on without
 * waiting for an answer, and waited for it then.
 */
export function partialRead(scene: Scene): Finding[] {
  return scene.sockets.flatMap((socket): Finding[] => {
    const rest = restOf(scene, socket)
    const last = rest?.read.reads.at(-1)
    if (rest === undefined || last === undefined || !isShort(last)) return []
    const { came, read, closed } = rest
    const cut = came.writes?.find(({ from, to }) => from < read.total && read.total < to)
    const isExact = last.asked === came.sent - (read.total - last.done)
    const following = came.writes?.find(({ from }) => from >= read.total)
    if (cut === undefined && !isExact && !(following !== undefined && isOneRequest(scene, socket, following.call)))
      return []
    const got = cut === undefined ? read.total : read.total - cut.from
    const size = cut === undefined ? came.sent : cut.to - cut.from
    const whole =
      cut === undefined
        ? `the other end wrote ${countOf(size, 'byte')} in all`
        : `the other end wrote ${countOf(size, 'byte')} at once`
    const text = `${whole}; ${scene.name(last.call.pid)} asked for ${formatCount(last.asked ?? 0)}, got ${formatCount(last.done)}, had ${formatCount(got)} of them, and did not read again: the other ${formatCount(size - got)} are lost`
    const calls = [cut?.call ?? following?.call, last.call, closed]
    return [{ name: 'partial-read', pid: last.call.pid, evidence: [evidence(text, calls, framesOf(rest))] }]
  })
}

function isShort({ asked, done }: Transfer): boolean {
  return asked !== undefined && done < asked
}

/** All writes of the other end, this one included, were made in a row, without a look at what came back; then it read. */
function isOneRequest(scene: Scene, socket: Socket, write: FollowedCall): boolean {
  const peer = scene.peerOf(socket)
  if (peer === undefined) return false
  const own = peer.calls.filter(({ thread, call }) => thread === write.thread && !ASIDE.test(call))
  const first = own.findIndex(isWrite)
  const last = own.findLastIndex((call) => isWrite(call) && (call.result ?? -1) > 0)
  const after = own[last + 1]
  if (own.slice(first, last + 1).some((call) => !isWrite(call)) || own.indexOf(write) > last) return false
  const polls = scene.callsOf(write.pid).some(({ call, thread }) => POLLS.test(call) && thread === write.thread)
  return !polls && after !== undefined && isRead(after)
}

const POLLS = /^(?:p?select|p?poll|epoll_)/
const ASIDE = /^(?:setsockopt|getsockopt|getsockname|getpeername|fcntl|ioctl|shutdown)$/

/** Closed with data in the socket: the kernel sends a RST. Where no RST is seen, nothing is said. */
export function unreadAtClose(scene: Scene): Finding[] {
  const told = partialRead(scene).map(({ pid }) => pid)
  return scene.sockets.flatMap((socket): Finding[] => {
    const rest = restOf(scene, socket)
    if (rest === undefined || rest.waiting <= 0 || told.includes(rest.closed.pid)) return []
    const reset = resetBy(scene, rest)
    if (reset === undefined) return []
    const { pid } = rest.closed
    const text = `${scene.name(pid)} read ${formatCount(rest.read.total)} of the ${countOf(rest.came.sent, 'byte')} that had come from ${socket.peer ?? 'the other end'}, and closed with ${formatCount(rest.waiting)} unread: ${reset.text}`
    const last = rest.read.reads.at(-1)
    return [
      {
        name: 'unread-at-close',
        pid,
        evidence: [evidence(text, [last?.call, rest.closed, reset.call], [...framesOf(rest), ...reset.frames])],
      },
    ]
  })
}

function framesOf({ came, read }: Rest): number[] {
  return came.framesFrom(read.total).slice(0, 3)
}

function resetBy(
  scene: Scene,
  { socket, closed }: Rest,
): { text: string; frames: number[]; call?: FollowedCall } | undefined {
  const connection = scene.connectionOf(socket)
  if (connection !== undefined) {
    const own = connection.packets.filter((packet) => packet.from === connection.role)
    const reset = own.find((packet) => packet.tcp?.flags.includes('RST'))
    if (
      reset === undefined ||
      isBefore(momentOf(connection, reset), { ...closed.entered, seconds: closed.entered.seconds - 1 })
    )
      return undefined
    if (own.some((packet) => packet.frame < reset.frame && packet.tcp?.flags.includes('FIN'))) return undefined
    return { text: `a RST instead of a FIN (#${reset.frame})`, frames: [reset.frame] }
  }
  const told = scene.peerOf(socket)?.calls.find(({ errno }) => errno === 'ECONNRESET' || errno === 'EPIPE')
  return told && { text: `the other end's ${told.call} failed with ${told.errno ?? ''}`, frames: [], call: told }
}

/** write took less than it was given, and what was written next, if anything, is not the rest. */
export function partialWrite(scene: Scene): Finding[] {
  return scene.sockets.flatMap((socket): Finding[] => {
    if (socket.transport !== 'tcp' && socket.transport !== 'unix') return []
    const writes = scene.transfers(socket).filter(({ way, call }) => way === 'write' && call.call !== 'sendfile')
    for (const [index, write] of writes.entries()) {
      const { asked, done, call } = write
      if (asked === undefined || done === 0 || done >= asked) continue
      const next = writes.slice(index + 1).find((one) => one.done > 0 || one.call.returned === undefined)
      if (next !== undefined && goesOn(write, asked - done, next)) continue
      if (next === undefined && !wentOn(scene, socket, call)) continue
      const after =
        next === undefined
          ? 'nothing more was written'
          : `the next ${next.call.call} was given ${formatCount(next.asked ?? 0)} bytes, and not the rest`
      const text = `${scene.name(call.pid)} gave ${call.call} ${countOf(asked, 'byte')}, it took ${formatCount(done)}, and ${after}: ${countOf(asked - done, 'byte')} never reached the other end`
      return [{ name: 'partial-write', pid: call.pid, evidence: [evidence(text, [call, next?.call])] }]
    }
    return []
  })
}

/** Whether a write is the rest of the one before it, as far as the log can tell. */
function goesOn({ text, done, isClipped }: Transfer, rest: number, next: Transfer): boolean {
  if (next.asked === rest) return true
  const remaining = text?.slice(done) ?? ''
  if (remaining !== '' && next.text !== undefined && next.text !== '') {
    const length = Math.min(remaining.length, next.text.length)
    return remaining.slice(0, length) === next.text.slice(0, length)
  }
  // what is not shown cannot be compared: one as long as the rest, or longer, may be it
  return isClipped || text === undefined
    ? next.asked === undefined || next.asked >= rest || rest > next.asked
    : next.asked === undefined || next.asked >= rest
}

/** The connection was in order after it, and the program ended it by itself. */
function wentOn(scene: Scene, socket: Socket, write: FollowedCall): boolean {
  const end = ownEnd(scene, socket)
  return end !== undefined && isBefore(write.entered, end.moment)
}

/**
 * Two writes of one end came with one read of the other, which took them for one message: it answered once, and now both
 * wait for each other. Anything less than that standstill could be meant.
 */
export function segmentBoundaries(scene: Scene): Finding[] {
  return scene.sockets.flatMap((socket): Finding[] => {
    const peer = socket.transport === 'tcp' ? scene.peerOf(socket) : undefined
    const came = peer && incoming(scene, socket)
    if (peer === undefined || came?.writes === undefined || came.writes.length < 2) return []
    const { reads, total } = reading(scene, socket)
    const answers = scene.transfers(socket).filter(({ way, done }) => way === 'write' && done > 0)
    if (total < came.sent || answers.length === 0 || answers.length >= came.writes.length) return []
    const glued = gluedRead(reads, came.writes)
    if (glued === undefined) return []
    const harm = standstill(scene, socket, answers.at(-1)?.call, peer, came.writes.at(-1)?.call)
    if (harm === undefined) return []
    const { pid } = glued.read.call
    const text = `${scene.name(peer.opened?.pid ?? 0)} wrote ${countOf(came.writes.length, 'message')}; one ${glued.read.call.call} of ${scene.name(pid)} returned ${glued.writes.length} of them at once (${countOf(glued.read.done, 'byte')})`
    return [
      {
        name: 'segment-boundaries',
        pid,
        evidence: [
          evidence(text, [...glued.writes.map(({ call }) => call), glued.read.call]),
          evidence(`${countOf(answers.length, 'answer')} went back, and then ${harm.text}`, harm.calls),
        ],
      },
    ]
  })
}

/** What came of it: both wait for each other, or the other end was told that nothing more comes, and complained. */
function standstill(
  scene: Scene,
  socket: Socket,
  answer: FollowedCall | undefined,
  peer: Socket,
  write: FollowedCall | undefined,
) {
  const peerWaits = lastWait(peer, write)
  if (peerWaits === undefined || peerWaits.thread !== write?.thread) return undefined
  const waits = lastWait(socket, answer)
  const isStuck = (call: FollowedCall) => call.returned === undefined || call.errno !== undefined
  if (waits !== undefined && (isStuck(waits) || isStuck(peerWaits)))
    return { text: 'both ends waited for each other', calls: [waits, peerWaits] }
  const status = scene.process(peerWaits.pid)?.status
  if (peerWaits.result !== 0 || status === undefined || !('exited' in status) || status.exited === 0) return undefined
  return {
    text: `${scene.name(peerWaits.pid)} read the end of file where it wanted another, and exited with ${status.exited}`,
    calls: [peerWaits],
  }
}

function gluedRead(reads: readonly Transfer<FollowedCall>[], writes: NonNullable<Incoming['writes']>) {
  let at = 0
  for (const read of reads) {
    const inside = writes.filter(({ from, to }) => from < at + read.done && to > at)
    at += read.done
    if (inside.length > 1) return { read, writes: inside }
  }
  return undefined
}

/** The last call of a socket, when it is a read that got nothing: it never returned, was interrupted, timed out, or was given up. */
function lastWait({ calls }: Socket, after: FollowedCall | undefined): FollowedCall | undefined {
  const own = calls.filter(
    ({ call, closesLast }) => call !== 'close' && call !== 'shutdown' && closesLast === undefined,
  )
  const last = own.at(-1)
  if (last === undefined || after === undefined || !isBefore(after.entered, last.entered)) return undefined
  return isRead(last) && (last.result ?? 0) <= 0 ? last : undefined
}
