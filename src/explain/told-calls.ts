/** What a log of calls adds to a session's story: who made it, where they waited, and which call sent what. */
import { formatDuration } from '../bytes/units.js'
import { isWait } from '../calls/waits.js'
import type { SessionProcess } from '../timeline/calls/observe.js'
import type { TiedCall } from '../timeline/calls/tie/tie.js'
import type { PacketEvent, Timeline } from '../timeline/model.js'
import { framesOf } from './frames.js'

/** ns of waiting that are worth a sentence, and how many of the longest get one. */
const WORTH_TELLING = 1e6
const MOST_WAITS = 6

export function tellCalls({ observed = [], processes = [], events }: Timeline): string[] {
  if (observed.length === 0) return []
  const packets = new Map(events.flatMap((event) => (event.kind === 'packet' ? [[event.frame, event] as const] : [])))
  return [...processes.map(tellProcess), ...waits(observed, packets), ...sent(observed, packets), ...failures(observed)]
}

function tellProcess({ by, pid, parent, name, status }: SessionProcess): string {
  const child = parent === undefined ? '' : `, child of ${parent}`
  const end =
    status === undefined ? '' : 'exited' in status ? `; it exited with ${status.exited}` : `; ${status.signal} ended it`
  return `the ${by} is ${name ?? 'a program'}, process ${pid}${child}${end}`
}

/** The longest, in the order of time. */
function waits(observed: readonly TiedCall[], packets: ReadonlyMap<number, PacketEvent>): string[] {
  const long = observed.filter(({ waited = 0 }) => waited >= WORTH_TELLING)
  const longest = new Set(long.toSorted((a, b) => (b.waited ?? 0) - (a.waited ?? 0)).slice(0, MOST_WAITS))
  return long
    .filter((call) => longest.has(call))
    .map((call) => {
      const what = meaningOf(packets.get(call.takes[0] ?? 0), call)
      return `${nameOf(call)} was blocked for ${formatDuration(call.waited ?? 0)}, until ${what} came${framesOf(call.takes)}`
    })
}

function meaningOf(packet: PacketEvent | undefined, { call, on }: TiedCall): string {
  const flags = packet?.tcp?.flags ?? []
  if (flags.includes('RST')) return 'the reset'
  if (flags.includes('SYN')) return 'the SYN/ACK'
  if (call.startsWith('accept') || (isWait(call) && on === 'listener')) return 'the third segment of the handshake'
  if (packet === undefined) return 'the answer'
  if (packet.length > 0) return packet.tcp === undefined ? 'the datagram' : 'the data'
  return flags.includes('FIN') ? "the other end's FIN" : 'the ACK'
}

/** Which calls opened and closed it; what carried data is in the timeline. */
function sent(observed: readonly TiedCall[], packets: ReadonlyMap<number, PacketEvent>): string[] {
  return observed.flatMap((call) => {
    const marks = call.sends.flatMap((frame) => {
      const flags = packets.get(frame)?.tcp?.flags ?? []
      return ['SYN', 'FIN', 'RST'].flatMap((flag) => (flags.includes(flag) ? [`the ${flag} (#${frame})`] : []))
    })
    return marks.length === 0 ? [] : [`${nameOf(call)} sent ${marks.join(' and ')}`]
  })
}

function failures(observed: readonly TiedCall[]): string[] {
  const isUsual = ({ errno }: TiedCall) => errno === 'EAGAIN' || errno === 'EINPROGRESS'
  return observed
    .filter((call) => call.errno !== undefined && !isUsual(call) && call.on !== 'process')
    .slice(0, MOST_WAITS)
    .map((call) => `${nameOf(call)} failed with ${call.errno}${framesOf(call.takes)}`)
}

function nameOf({ by, pid, call, descriptor }: TiedCall): string {
  if (call === 'exit' || call === 'ended') return `the end of process ${pid}, the ${by}'s,`
  return `the ${by}'s ${call}(${descriptor ?? ''})`
}
