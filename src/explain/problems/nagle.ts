/** Small writes that waited for an acknowledgment. */
import { countOf, formatDuration, formatSize } from '../../bytes/units.js'
import type { Role } from '../../sessions/summary.js'
import { roundTripTo } from '../../timeline/measures/away.js'
import { fullSegment } from '../../timeline/measures/full-segment.js'
import { isNagleOff } from '../../timeline/measures/nagle-off.js'
import type { PacketEvent } from '../../timeline/model.js'
import { endOf, ROLES, type TcpCase, type TcpRule } from './problem.js'

/** A delayed ACK waits 40 ms at least on Linux, 200 ms elsewhere. */
const DELAYED = 30e6
/** ns from an ACK to a segment that it lets go, where the sender is; elsewhere the way there and back comes to it, more or less */
const AT_ONCE = 500e3
const UNEVEN = 1 / 4
/** the same where it does not show how far the sender is */
const SOON = 2e6
/** A program that writes when the ACK is due by chance writes as often a little later, within so many ns. */
const NEARLY = 10e6
/** Without a delayed ACK, one coincidence is none. */
const OFTEN = 2

/** A small write that waited for the ACK of the one before. */
interface HeldBack {
  readonly first: PacketEvent
  readonly ack: PacketEvent
  readonly next: PacketEvent
  /** the ACK came later than the round trip takes: it waited for its own timer (RFC 9293 §3.8.6.3) */
  readonly delayed: boolean
}

/** Nagle's algorithm (RFC 896): an application cannot see a bare ACK, so what goes right behind one was kept by the kernel. */
export const nagle: TcpRule = (session) => {
  for (const sender of ROLES) {
    const held = heldBack(session, sender)
    const delayed = held.filter((one) => one.delayed)
    const shown = delayed.length > 0 ? delayed : held
    const [example] = shown
    if (example === undefined || (delayed.length === 0 && held.length < OFTEN)) continue
    const { first, ack, next } = example
    const waited = formatDuration(shown.reduce((sum, one) => sum + (one.ack.acknowledgesAfter ?? 0), 0))
    const times = countOf(shown.length, 'time')
    const what =
      delayed.length > 0
        ? `Nagle's algorithm and the delayed ACK waited for each other ${times}, ${waited} in all`
        : `Nagle's algorithm made small writes wait for a round trip ${times}, ${waited} in all`
    return {
      name: delayed.length > 0 ? 'Nagle and delayed ACK' : 'Nagle',
      diagnosis: `${what}: the ${sender} kept #${next.frame} (${formatSize(next.length)}) until #${ack.frame} acknowledged #${first.frame}; TCP_NODELAY, or fewer and larger writes, would help`,
      frames: [...new Set(shown.flatMap((one) => [one.first.frame, one.ack.frame, one.next.frame]))],
    }
  }
  return undefined
}

/** Small segment, its ACK after a while, and at once the next small segment, for which the receiver had had room before. */
function heldBack({ packets, measures, summary }: TcpCase, sender: Role): HeldBack[] {
  const plain = packets.filter((packet) => packet.truth === undefined)
  const kept = perhapsKept(plain, packets, sender)
  if (kept.length === 0 || isNagleOff(packets, sender, fullSegment(packets, sender, summary))) return []
  const { roundTrips, flight, acknowledgments } = measures[sender]
  const fastest = roundTrips.statistics?.minimum ?? 0
  const away = roundTripTo(sender, summary)
  const late = new Set(acknowledgments.delayed.map(({ frame }) => frame))
  const found: HeldBack[] = []
  let nearly = 0
  for (const { index, first, ack, next } of kept) {
    if (flight.isScaleKnown && endOf(first) + next.length > edgeBefore(index, plain, sender)) continue
    const delayed = late.has(ack.frame)
    const after = next.time - ack.time
    const longest = away < Number.POSITIVE_INFINITY ? AT_ONCE + (1 + UNEVEN) * away : SOON + (delayed ? fastest : 0)
    if (after <= longest) found.push({ first, ack, next, delayed })
    else if (after <= longest + NEARLY) nearly++
  }
  return nearly > found.length ? [] : found
}

interface PerhapsKept {
  /** of the ACK, among the packets */
  readonly index: number
  readonly first: PacketEvent
  readonly ack: PacketEvent
  readonly next: PacketEvent
}

function perhapsKept(plain: readonly PacketEvent[], packets: readonly PacketEvent[], sender: Role): PerhapsKept[] {
  const mss = packets.find((packet) => packet.from !== sender && packet.tcp?.mss !== undefined)?.tcp?.mss ?? 1460
  const kept: PerhapsKept[] = []
  for (const [index, ack] of plain.entries()) {
    if (ack.from === sender || ack.length > 0 || (ack.acknowledgesAfter ?? 0) < DELAYED) continue
    const first = plain[index - 1]
    const next = plain[index + 1]
    if (first?.from !== sender || next?.from !== sender || ack.tcp?.acknowledgment !== endOf(first)) continue
    if (first.length === 0 || first.length >= mss / 2 || next.length === 0 || next.length >= mss) continue
    kept.push({ index, first, ack, next })
  }
  return kept
}

/** The edge of the receiver's window as the sender knew it before the small segment. */
function edgeBefore(index: number, plain: readonly PacketEvent[], sender: Role): number {
  for (let i = index - 2; i >= 0; i--) {
    const told = plain[i]
    if (told?.tcp !== undefined && told.from !== sender) return told.tcp.acknowledgment + told.tcp.window
  }
  return Number.POSITIVE_INFINITY
}
