/**
 * A Unix-domain connection as text: there are no packets, so it is drawn from the calls of both ends alone. What is written at
 * one end is what the other reads: an arrow for each write, at the time of the call.
 */

import { printable } from '../bytes/printable.js'
import { formatSeconds } from '../bytes/time.js'
import { countOf } from '../bytes/units.js'
import type { Moment } from '../calls/call.js'
import { nanosecondsBetween } from '../calls/moment.js'
import type { FollowedCall, Processes, Socket } from '../calls/processes/model.js'
import { transferOf } from '../calls/transfers.js'
import type { Theme } from './style.js'
import { padEnd, padStart, truncate, wrap } from './width.js'

/** Calls of one connection that are drawn; the rest is counted. */
const MOST = 400
const TIME = 11
const LANE = 26
const DIGITS = 6

interface Pair {
  readonly client: Socket
  readonly server: Socket | undefined
}

/** The connections between Unix-domain sockets that the log has at least one end of, each as a small ladder. */
export function* unixConnections(processes: Processes, width: number, theme: Theme): Generator<string> {
  for (const { client, server } of pairsOf(processes.sockets)) {
    const path = server?.local || client.peer || client.local || 'a pair without a name'
    yield ''
    yield theme.strong(truncate(printable(`Unix-domain socket ${path}`), width))
    const why = 'there is nothing to capture: its bytes never leave the kernel, so this is drawn from the calls alone'
    for (const line of wrap(why, width)) yield theme.faint(line)
    if (server === undefined) yield theme.faint("the other end's process was not traced")
    yield* draw(client, server, width, theme)
  }
}

function pairsOf(sockets: readonly Socket[]): Pair[] {
  const own = sockets.filter(({ transport, isLibrarys }) => transport === 'unix' && !isLibrarys)
  const accepted = own.filter(({ acceptedFrom }) => acceptedFrom !== undefined)
  const connecting = own.filter(({ calls }) => calls.some(({ call, result }) => call === 'connect' && result === 0))
  const pairs: Pair[] = connecting.map((client) => ({
    client,
    server: accepted.find(
      (server) =>
        (client.inode !== undefined && server.peerInode === client.inode) ||
        (server.inode !== undefined && client.peerInode === server.inode),
    ),
  }))
  const known = new Set(pairs.map(({ server }) => server))
  // where the log has no inodes, they come in the order in which they connected
  const left = accepted.filter((server) => !known.has(server))
  return pairs.map((pair) => (pair.server === undefined ? { ...pair, server: left.shift() } : pair))
}

function* draw(client: Socket, server: Socket | undefined, width: number, theme: Theme): Generator<string> {
  const side = Math.max(18, Math.floor((width - TIME - LANE - 4) / 2))
  const all = [
    ...client.calls.map((call) => ({ call, isClient: true })),
    ...(server?.calls ?? []).map((call) => ({ call, isClient: false })),
  ].sort((a, b) => nanosecondsBetween(b.call.entered, a.call.entered))
  const start: Moment | undefined = all[0]?.call.entered
  if (start === undefined) return
  yield theme.faint(`${padStart('time', TIME)} ${padStart('client', side)} │${' '.repeat(LANE)}│ server`)
  for (const { call, isClient } of all.slice(0, MOST)) {
    const time = padStart(formatSeconds(nanosecondsBetween(start, call.entered), DIGITS), TIME)
    const text = truncate(printable(describe(call)), side)
    const lane = laneOf(call, isClient, theme)
    yield `${time} ${isClient ? padStart(text, side) : ' '.repeat(side)} │${lane}│${isClient ? '' : ` ${text}`}`
  }
  if (all.length > MOST) yield theme.faint(` and ${countOf(all.length - MOST, 'call')} more`)
}

function describe(made: FollowedCall): string {
  const { call, descriptor, arguments: given, result, errno, entered, returned, pid } = made
  // 0 is what most calls return; of a read it is the end of file
  const isTold = result !== undefined && (result !== 0 || transferOf(made)?.way === 'read')
  const outcome = errno !== undefined ? ` = -1 ${errno}` : isTold ? ` = ${result}` : ''
  const took = returned === undefined ? 0 : nanosecondsBetween(entered, returned)
  const waited = took > 1e6 ? `, ${(took / 1e6).toFixed(0)} ms` : ''
  return `${pid} ${call}(${descriptor ?? given[0] ?? ''})${outcome}${waited}`
}

function laneOf(call: FollowedCall, isClient: boolean, theme: Theme): string {
  const transfer = transferOf(call)
  if (transfer?.way !== 'write' || transfer.done === 0) return ' '.repeat(LANE)
  const label = ` ${truncate(`${transfer.done} B ${printable(JSON.stringify(transfer.text ?? ''))}`, LANE - 6)} `
  const shaft = padEnd(`─${label}`, LANE - 1, '─')
  return theme.data(isClient ? `${shaft}▶` : `◀${shaft}`)
}
