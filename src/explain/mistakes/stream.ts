/** What came in on a TCP connection, and what of it was read: from the capture, and from the other end's calls. */
import { lastUpTo } from '../../bytes/lists.js'
import type { Moment } from '../../calls/call.js'
import { compareMoments } from '../../calls/moment.js'
import type { FollowedCall, Reference, Socket } from '../../calls/processes/model.js'
import type { Transfer } from '../../calls/transfers.js'
import { otherRole } from '../../sessions/roles.js'
import { type Connection, isBefore, momentOf, type Scene } from './scene.js'

export interface Incoming {
  /** bytes that the other end sent in all */
  readonly sent: number
  /** bytes that had come before a moment */
  readonly before: (moment: Moment) => number
  /** writes of the other end, with the position of their first byte in the stream; absent where its calls are not in the log */
  readonly writes?: readonly { readonly from: number; readonly to: number; readonly call: FollowedCall }[]
  /** frames that brought the bytes from a position on */
  readonly framesFrom: (position: number) => number[]
}

/** Undefined where neither the capture nor the log tells. */
export function incoming(scene: Scene, socket: Socket): Incoming | undefined {
  const peer = scene.peerOf(socket)
  const writes = peer && peer.opened !== undefined ? positioned(scene, peer) : undefined
  const connection = scene.connectionOf(socket)
  const captured = connection === undefined ? undefined : capturedOf(connection)
  if (captured !== undefined) return { ...captured, ...(writes && { writes }) }
  if (writes === undefined) return undefined
  return {
    sent: writes.at(-1)?.to ?? 0,
    before: (moment) => writes.findLast(({ call }) => isBefore(call.returned ?? call.entered, moment))?.to ?? 0,
    writes,
    framesFrom: () => [],
  }
}

function positioned(scene: Scene, peer: Socket) {
  let at = 0
  return scene
    .transfers(peer)
    .filter(({ way, done, call }) => way === 'write' && (done > 0 || isCutShort(call)))
    .map(({ call, done, asked = done }) => {
      const from = at
      at += done > 0 ? done : asked
      return { from, to: at, call }
    })
}

/** A write that a reset ended, or that never returned: of its bytes some may have been sent. */
function isCutShort({ returned, errno }: FollowedCall): boolean {
  return returned === undefined || errno === 'ECONNRESET'
}

/** Many sockets may have a connection's names, one after the other: it is counted once. */
const CAPTURED = new WeakMap<Connection, Incoming | 'uncounted'>()

function capturedOf(connection: Connection): Incoming | undefined {
  const captured = CAPTURED.get(connection) ?? capturedBytes(connection) ?? 'uncounted'
  CAPTURED.set(connection, captured)
  return captured === 'uncounted' ? undefined : captured
}

/** Relative numbers: the first byte after the SYN is 1. A stream whose beginning is not in the capture cannot be counted. */
function capturedBytes(connection: Connection): Incoming | undefined {
  const { summary, packets, role } = connection
  if (summary.protocol !== 'tcp' || summary.handshake.syn === undefined || summary.handshake.synAck === undefined)
    return undefined
  const from = otherRole(role)
  if (summary.data[from].uniqueBytes > 2 ** 31) return undefined
  const segments = packets
    .filter((packet) => packet.from === from && packet.length > 0 && packet.received && packet.tcp !== undefined)
    .map((packet) => ({
      end: (packet.tcp?.sequence ?? 1) - 1 + packet.length,
      at: momentOf(connection, packet),
      frame: packet.frame,
    }))
  let most = 0
  const counted = segments
    .toSorted((a, b) => compareMoments(a.at, b.at))
    .map(({ end, at }) => {
      most = Math.max(most, end)
      return { at, most }
    })
  return {
    sent: most,
    before: (moment) => lastUpTo(counted, -1, ({ at }) => compareMoments(at, moment))?.most ?? 0,
    framesFrom: (position) => segments.filter(({ end }) => end > position).map(({ frame }) => frame),
  }
}

export interface Reading {
  /** reads that returned data, in the order in which they returned */
  readonly reads: readonly Transfer<FollowedCall>[]
  readonly total: number
}

export function reading(scene: Scene, socket: Socket): Reading {
  const reads = scene.transfers(socket).filter(({ way, done, isPeek }) => way === 'read' && done > 0 && !isPeek)
  return { reads, total: reads.reduce((sum, { done }) => sum + done, 0) }
}

/** How a program itself ended a connection that was in order until then: by close, or by its own exit. */
export function ownEnd(
  scene: Scene,
  socket: Socket,
): { moment: Moment; reference: Reference; call: FollowedCall } | undefined {
  const { references, calls } = socket
  if (socket.opened === undefined || socket.isPassedOn || references.some(({ until }) => until === undefined))
    return undefined
  const call = calls.find(({ closesLast }) => closesLast === true)
  const last = references.findLast(
    ({ until }) => until !== undefined && call !== undefined && !isBefore(until, call.entered),
  )
  if (call === undefined || last?.until === undefined || last.end === 'ended') return undefined
  if (
    scene.process(last.pid)?.status !== undefined &&
    'signal' in (scene.process(last.pid)?.status ?? {}) &&
    last.end !== 'close'
  )
    return undefined
  if (calls.some(({ errno }) => errno !== undefined && BROKEN.has(errno))) return undefined
  if (calls.some(resetsOnPurpose)) return undefined
  return { moment: last.until, reference: last, call }
}

const BROKEN: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ECONNABORTED'])

/** SO_LINGER with no time: close is to send a RST (socket(7)). Or it has said that it will read no more. */
function resetsOnPurpose({ call, arguments: given }: FollowedCall): boolean {
  if (call === 'shutdown') return given[1] !== 'SHUT_WR' && given[1] !== '1'
  return call === 'setsockopt' && given[2] === 'SO_LINGER' && /l_onoff=1, l_linger=0/.test(given[3] ?? '')
}

/** TLS sends records that no program reads (tickets, close_notify): what is left unread there is no program's message. */
export function isEncrypted(scene: Scene, socket: Socket): boolean {
  return scene.transfers(socket).some(({ text }) => text !== undefined && /^[\x14-\x17]\x03[\x00-\x04]/.test(text))
}
