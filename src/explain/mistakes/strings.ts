/** The NUL behind a C string: sent to who does not expect it, or missing where the reader takes what came for a string. */
import { printable } from '../../bytes/printable.js'
import { countOf } from '../../bytes/units.js'
import type { FollowedCall, Socket } from '../../calls/processes/model.js'
import { type Transfer, transferOf } from '../../calls/transfers.js'
import { evidence, type Finding } from './mistake.js'
import { isBefore, type Scene } from './scene.js'

const TEXT = '[\\t\\n\\r\\x20-\\x7e\\x80-\\xff]'
const PLAIN = new RegExp(`^${TEXT}{2,}$`)
const TERMINATED = new RegExp(`^(?:${TEXT}{2,}\\0+)+$`)

export function stringTerminator(scene: Scene): Finding[] {
  const found = new Map<number, Finding>()
  const add = (finding: Finding | undefined) => {
    if (finding !== undefined && !found.has(finding.pid)) found.set(finding.pid, finding)
  }
  for (const socket of scene.sockets) {
    if (!socket.isLibrarys && socket.listened === undefined) add(sentWith(scene, socket))
  }
  for (const { pid } of scene.processes) add(readWithout(scene, pid))
  return [...found.values()]
}

interface Message {
  readonly call: FollowedCall
  readonly text: string
}

/** Messages of one way that are shown whole. */
function messages(transfers: readonly Transfer<FollowedCall>[], way: 'read' | 'write'): Message[] {
  return transfers
    .filter((transfer) => transfer.way === way && transfer.done > 0 && !transfer.isPeek && transfer.text !== undefined)
    .filter((transfer) => (transfer.text?.length ?? 0) >= transfer.done)
    .map(({ call, text = '', done }) => ({ call, text: text.slice(0, done) }))
}

/** One end's messages all end with NUL, and the other's never do: one of them was not meant to. */
function sentWith(scene: Scene, socket: Socket): Finding | undefined {
  const transfers = scene.transfers(socket)
  const sent = messages(transfers, 'write')
  const came = messages(transfers, 'read')
  const isOwn = allAre(TERMINATED, sent) && allAre(PLAIN, came)
  const isOthers = allAre(TERMINATED, came) && allAre(PLAIN, sent) && scene.peerOf(socket) === undefined
  const [message] = isOwn ? sent : isOthers ? came : []
  if (message === undefined) return undefined
  const { call, text } = message
  const length = text.indexOf('\0')
  const who = isOwn ? scene.name(call.pid) : `the other end of ${scene.name(call.pid)}'s connection`
  const nuls = text.length - text.replaceAll('\0', '').length
  const saw = isOwn ? seen(scene, socket, text) : call
  const told = `${who} sent ${quote(text)}: ${countOf(text.length, 'byte')}, ${nuls === 1 ? 'the last of them the NUL' : `${nuls} of them NUL`} behind the ${length} of the string`
  const answer = `what came the other way has none: ${quote((isOwn ? came : sent)[0]?.text ?? '')}`
  return {
    name: 'string-terminator',
    pid: call.pid,
    evidence: [
      evidence(told, [call]),
      ...(saw === undefined || saw === call
        ? []
        : [evidence(`the other end's ${saw.call} returned ${saw.result ?? 0}, the NUL counted`, [saw])]),
      evidence(answer, [(isOwn ? came : sent)[0]?.call]),
    ],
  }
}

function allAre(pattern: RegExp, all: readonly Message[]): boolean {
  return all.length > 0 && all.every(({ text }) => pattern.test(text))
}

/** What the other end saw of a message: its read that returned these bytes. */
function seen(scene: Scene, socket: Socket, text: string): FollowedCall | undefined {
  const peer = scene.peerOf(socket)
  const transfers = peer === undefined ? [] : scene.transfers(peer)
  return messages(transfers, 'read').find((message) => message.text.startsWith(text))?.call
}

/** How many of a process's earlier messages, and of what it prints next, are looked at. */
const NEAR = 50

/** What a process read from sockets, and what it printed, in order. */
interface Spoken {
  readonly reads: readonly Message[]
  readonly prints: readonly Message[]
}

function spokenBy(scene: Scene, pid: number): Spoken {
  const whole = (isOnSocket: boolean, way: 'read' | 'write') =>
    messages(
      scene
        .callsOf(pid)
        .filter((call) => (call.socket !== undefined) === isOnSocket)
        .map(transferOf)
        .filter((transfer) => transfer !== undefined),
      way,
    )
  return { reads: whole(true, 'read'), prints: whole(false, 'write') }
}

/** What is printed goes on behind the bytes that came: with the rest of an earlier, longer message, or with what lay in memory. */
function readWithout(scene: Scene, pid: number): Finding | undefined {
  const { reads, prints } = spokenBy(scene, pid)
  let next = 0
  for (const [index, { call, text }] of reads.entries()) {
    while (prints[next] !== undefined && isBefore(prints[next]?.call.entered ?? call.entered, call.entered)) next++
    if (text.includes('\0') || !PLAIN.test(text)) continue
    const earlier = reads.slice(Math.max(0, index - NEAR), index)
    for (const print of prints.slice(next, next + NEAR)) {
      const at = print.text.indexOf(text)
      const behind = at < 0 ? '' : print.text.slice(at + text.length)
      const stale = earlier.find(
        (old) => old.text.length > text.length + 1 && behind.startsWith(old.text.slice(text.length)),
      )
      if (stale === undefined && !isGarbage(text, behind)) continue
      const what =
        stale === undefined
          ? 'what lay in memory behind them'
          : `the rest of the ${stale.text.length} bytes that came before`
      const end = stale === undefined ? (/^[^\n]*/.exec(behind)?.[0] ?? '') : stale.text.slice(text.length)
      const told = `${call.call} returned ${countOf(text.length, 'byte')}, ${quote(text)}, without a NUL, and ${scene.name(pid)} printed ${quote(text + end)}: ${what} too`
      return { name: 'string-terminator', pid, evidence: [evidence(told, [stale?.call, call, print.call])] }
    }
  }
  return undefined
}

/** No text goes on so; an escape sequence for the terminal (ESC) does. */
function isGarbage(text: string, behind: string): boolean {
  return /^[\x20-\x7e\n\r\t]+$/.test(text) && /^[\x01-\x08\x0e-\x1a\x1c-\x1f\x7f-\xff]/.test(behind)
}

/** Longer texts are cut: the end is what matters. */
const SHOWN = 40

function quote(text: string): string {
  const shown = text.length > SHOWN ? `…${text.slice(-SHOWN)}` : text
  return `"${printable(shown.replaceAll('\0', '\\0').replaceAll('\n', '\\n').replaceAll('\r', '\\r'))}"`
}
