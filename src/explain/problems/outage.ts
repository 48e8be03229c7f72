/** The network was down for a while, and the connection lived on: seen from the sender, and from the receiver. */
import { lastUpTo, push } from '../../bytes/lists.js'
import { formatDuration } from '../../bytes/units.js'
import { isNotDelivered, isTooBig } from '../../sessions/icmp.js'
import type { Role } from '../../sessions/summary.js'
import type { Cause } from '../../sessions/tcp/truth/result.js'
import { takesSequence } from '../../timeline/measures/round-trips.js'
import type { IcmpEvent, PacketEvent } from '../../timeline/model.js'
import { saidBy } from './icmp-says.js'
import { endOf, framesIn, named, ROLES, startOf, type TcpCase, type TcpRule } from './problem.js'

/** ns from the first transmission to what got through, for an outage rather than a loss. */
const OUTAGE = 1e9

interface Outage {
  readonly first: PacketEvent
  readonly again: readonly PacketEvent[]
  readonly answer: PacketEvent
}

/** The same bytes several times in vain, then an answer. */
export const outage: TcpRule = (session) => {
  for (const sender of ROLES) {
    // what was sent again most often was sent all the while
    const [longest] = outagesOf(session.packets, sender).sort((a, b) => b.again.length - a.again.length)
    if (longest === undefined) continue
    const { first, again, answer } = longest
    const { why, frames } = causeOf(session, longest)
    return {
      name: 'outage',
      diagnosis: `nothing got through for ${formatDuration(answer.time - first.time)}: the ${sender} sent #${first.frame} again ${again.length} times (${named(framesIn(again))}) until #${answer.frame} answered: ${why}`,
      frames: [first.frame, ...framesIn(again), ...frames, answer.frame].sort((a, b) => a - b),
    }
  }
  return undefined
}

function outagesOf(packets: readonly PacketEvent[], sender: Role): Outage[] {
  const tries = new Map<number, PacketEvent[]>()
  for (const packet of packets) {
    const sequence = packet.tcp?.sequence
    if (packet.from !== sender || sequence === undefined || !isTimeout(packet)) continue
    // what came through was no part of the outage: only its answer was lost
    if (packet.truth?.needed === false) continue
    push(tries, sequence, packet)
  }
  const inVain = [...tries].filter(([, again]) => again.length > 1)
  if (inVain.length === 0) return []
  const byFrame = new Map(packets.map((packet) => [packet.frame, packet]))
  const firsts = firstTransmissions(packets, sender)
  return inVain.flatMap(([sequence, again]) => {
    const first = lastUpTo(firsts, sequence, startOf)
    const answer = byFrame.get(again.at(-1)?.acknowledgedBy ?? 0)
    if (first === undefined || answer === undefined || answer.time - first.time < OUTAGE) return []
    return [{ first, again, answer }]
  })
}

/** What a router says of it, or that the packets came back. */
function causeOf({ packets, errors, summary }: TcpCase, { first, again, answer }: Outage) {
  const told = errors.filter(
    (error) =>
      error.about === first.from && error.frame > first.frame && error.frame < answer.frame && isLossTold(error),
  )
  const said = saidBy(told, summary)
  if (said !== undefined) return { why: `${said.text}${said.meaning}`, frames: said.frames }
  const twice = packets.filter(({ from, seenAgain }) => from === first.from && seenAgain !== undefined)
  const isMeanwhile = twice.every(({ frame }) => frame >= first.frame && frame < answer.frame)
  const back = [...new Set([first, ...again])].flatMap(({ seenAgain = [] }) => seenAgain)
  // a capture that has every packet twice shows nothing of the kind
  if (back.length > 1 && isMeanwhile)
    return { why: `${named(back)} are the same packets, which came back, as in a routing loop`, frames: back }
  return { why: 'the network was down', frames: [] }
}

/** One that is too big is no outage: it comes again in smaller packets. */
function isLossTold(error: IcmpEvent): boolean {
  return isNotDelivered(error) && !isTooBig(error)
}

/** Seen from the receiver: nothing comes for long, and then what was sent meanwhile, once more. */
export const silentOutage: TcpRule = ({ packets }) => {
  const top = { client: Number.NEGATIVE_INFINITY, server: Number.NEGATIVE_INFINITY }
  for (const [index, packet] of packets.entries()) {
    const isNew = startOf(packet) >= top[packet.from]
    top[packet.from] = Math.max(top[packet.from], endOf(packet))
    const before = packets[index - 1]
    if (before === undefined || !isNew || packet.time - before.time < OUTAGE || !isAgain(packet, packet)) continue
    const silence = packet.time - before.time
    const again: PacketEvent[] = []
    for (let at = index; (packets[at]?.time ?? Number.POSITIVE_INFINITY) < packet.time + OUTAGE; at++) {
      const one = packets[at]
      if (one !== undefined && isAgain(one, packet)) again.push(one)
    }
    // of one segment alone, only a timer was long
    if (again.length === 1) continue
    return {
      name: 'outage',
      diagnosis: `nothing came for ${formatDuration(silence)}, from #${before.frame} to #${packet.frame}, and then what the ${packet.from} had sent meanwhile, once more (${named(framesIn(again))}): it was lost before it came here, as where the network is down`,
      frames: [before.frame, ...framesIn(again)],
    }
  }
  return undefined
}

function isAgain(one: PacketEvent, { from }: PacketEvent): boolean {
  return one.from === from && one.length > 0 && isTimeout(one) && one.truth?.needed === true
}

/** Those that began where none had before: in order of sequence. A long one is the first of all that the network card makes of it. */
function firstTransmissions(packets: readonly PacketEvent[], sender: Role): PacketEvent[] {
  const firsts: PacketEvent[] = []
  let top = Number.NEGATIVE_INFINITY
  for (const packet of packets) {
    if (packet.from !== sender || !takesSequence(packet) || startOf(packet) < top) continue
    firsts.push(packet)
    top = endOf(packet)
  }
  return firsts
}

export function isTimeout({ truth }: PacketEvent): boolean {
  return truth?.verdict === 'retransmission' && !NO_LOSS.has(truth.cause)
}

/** Of a SYN other rules tell; the rest is sent on purpose, or because packets must be dropped to find out how large they may be. */
const NO_LOSS: ReadonlySet<Cause | undefined> = new Set([
  'keep-alive',
  'zero window',
  'SYN again',
  'path MTU',
  'fast open',
])
