/** A datagram that did not fit: the kernel says so (MSG_TRUNC), or what was sent was longer than what was read. */

import { parseStart } from '../../bytes/time.js'
import { countOf } from '../../bytes/units.js'
import { nanosecondsBetween } from '../../calls/moment.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import type { Transfer } from '../../calls/transfers.js'
import { socketName } from '../../timeline/calls/socket-name.js'
import type { Timeline } from '../../timeline/model.js'
import { evidence, type Finding } from './mistake.js'
import { isBefore, type Scene } from './scene.js'

interface Sent {
  readonly length: number
  readonly frame?: number
  readonly call?: FollowedCall
}

export function cutDatagram(scene: Scene): Finding[] {
  const found = new Map<number, Finding>()
  for (const socket of scene.sockets) {
    if ((socket.transport !== 'udp' && socket.transport !== 'unix-datagram') || socket.isLibrarys) continue
    for (const read of scene.transfers(socket)) {
      if (read.way !== 'read' || read.isPeek || read.done === 0 || found.has(read.call.pid)) continue
      const cut = cutOf(scene, socket, read)
      if (cut === undefined) continue
      const { call, asked = read.done } = read
      const length = cut.length > 0 ? `was ${countOf(cut.length, 'byte')} long` : 'was longer (MSG_TRUNC)'
      const lost = cut.length > 0 ? `, and ${cut.length - asked} are lost` : ''
      const text = `the datagram${call.peer === undefined ? '' : ` from ${call.peer}`} ${length}; ${call.call} of ${scene.name(call.pid)} had room for ${asked}${lost}`
      found.set(call.pid, {
        name: 'cut-datagram',
        pid: call.pid,
        evidence: [evidence(text, [cut.call, call], cut.frame === undefined ? [] : [cut.frame])],
      })
    }
  }
  return [...found.values()]
}

function cutOf(scene: Scene, socket: Socket, read: Transfer<FollowedCall>): Sent | undefined {
  const { call, asked, done } = read
  const isFull = asked !== undefined && done === asked
  const longer = isFull ? (inCapture(scene, socket, read) ?? inLog(scene, socket, read)) : undefined
  if (longer !== undefined) return longer
  const isTold =
    (call.call === 'recvmsg' || call.call === 'recvmmsg') && /msg_flags=[^,}]*MSG_TRUNC/.test(call.arguments[1] ?? '')
  return isTold ? { length: 0 } : undefined
}

/** The datagrams of the session, in turn: the one that this read took. */
function inCapture(scene: Scene, socket: Socket, read: Transfer<FollowedCall>): Sent | undefined {
  const from = read.call.peer ?? socket.peer
  const port = portOf(socket.local)
  if (from === undefined || port === undefined) return undefined
  for (const timeline of scene.timelines) {
    const arrived = datagramsTo(timeline, port, from, read.call)
    if (arrived === undefined) continue
    const reads = scene
      .transfers(socket)
      .filter((one) => one.way === 'read' && !one.isPeek && one.done > 0 && (one.call.peer ?? socket.peer) === from)
    let next = 0
    for (const one of reads) {
      const at = arrived.findIndex(
        (packet, index) =>
          index >= next && (packet.length === one.done || (packet.length > one.done && one.done === one.asked)),
      )
      const packet = arrived[at]
      if (packet === undefined) continue
      next = at + 1
      if (one === read) return packet.length > one.done ? packet : undefined
    }
  }
  return undefined
}

function datagramsTo({ summary, events }: Timeline, port: number, from: string, { returned, entered }: FollowedCall) {
  const { client, server } = summary
  const role =
    socketName(client) === from && server.port === port
      ? 'client'
      : socketName(server) === from && client.port === port
        ? 'server'
        : undefined
  if (summary.protocol !== 'udp' || role === undefined) return undefined
  const [seconds, nanoseconds] = parseStart(summary.start)
  const until = nanosecondsBetween({ seconds, nanoseconds }, returned ?? entered) + 1e6
  return events
    .filter((event) => event.kind === 'packet')
    .filter((packet) => packet.from === role && packet.time <= until)
    .map(({ length, frame }) => ({ length, frame }))
}

/** A datagram that somebody in the log sent here, that begins with what was read and is longer. */
function inLog(scene: Scene, socket: Socket, { call, done, text }: Transfer<FollowedCall>): Sent | undefined {
  const port = portOf(socket.local)
  for (const sender of scene.sockets) {
    if (sender === socket || sender.transport !== socket.transport) continue
    for (const write of scene.transfers(sender)) {
      if (write.way !== 'write' || write.done <= done || !isBefore(write.call.entered, call.returned ?? call.entered))
        continue
      const goesHere =
        socket.transport === 'udp'
          ? port !== undefined && portOf(write.call.peer) === port
          : write.call.peer === socket.local || sender.peerInode === socket.inode
      if (goesHere && text !== undefined && text !== '' && write.text?.startsWith(text.slice(0, 16)) === true)
        return { length: write.done, call: write.call }
    }
  }
  return undefined
}

function portOf(name: string | undefined): number | undefined {
  const match = /:(\d{1,5})$/.exec(name ?? '')
  return match === null ? undefined : Number(match[1])
}
