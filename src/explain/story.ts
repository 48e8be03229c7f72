/** A session told from its first packet to its last: what was asked, what came back, how long it took, how it ended. */
import { rangeOf } from '../bytes/lists.js'
import { printable } from '../bytes/printable.js'
import { formatDate, parseStart } from '../bytes/time.js'
import { countOf, formatCount, formatDuration, formatDurations, formatSize } from '../bytes/units.js'
import type { Role, SessionSummary, TcpSummary } from '../sessions/summary.js'
import { type DirectionMeasures, type Measures, measure } from '../timeline/measures.js'
import type { PacketEvent, Timeline } from '../timeline/model.js'
import { saidIn } from '../timeline/said.js'
import { explainData } from './data.js'
import { explainEcn } from './ecn.js'
import { formatEndpoint, otherRole } from './endpoints.js'
import { explainHandshake } from './handshake.js'
import { explainProbes } from './probes.js'
import { named } from './problems/problem.js'
import { formatRate } from './questions/transfer.js'
import { explainTeardown } from './teardown.js'
import { tellCalls } from './told-calls.js'
import { explainVantage } from './truth.js'
import { explainUdp } from './udp.js'

export interface Chapter {
  readonly topic: string
  /** without the full stop */
  readonly sentences: readonly string[]
}

/** Turns of a conversation that are told one by one. */
const TURNS = 12
/** ns between two turns that are worth a word. */
const PAUSE = 100e6

/** The timeline must not be folded. */
export function tell(timeline: Timeline): Chapter[] {
  const { summary, events } = timeline
  const packets = events.filter((event) => event.kind === 'packet')
  const chapters: Chapter[] = [{ topic: 'who', sentences: who(summary, timeline.timeDigits) }]
  if (summary.protocol === 'udp') {
    chapters.push(
      { topic: 'exchange', sentences: [...turns(packets, 'datagrams'), ...explainUdp(summary)] },
      { topic: 'calls', sentences: tellCalls(timeline) },
    )
    return chapters.filter(({ sentences }) => sentences.length > 0)
  }
  const measures = measure(timeline)
  chapters.push(
    { topic: 'handshake', sentences: explainHandshake(summary) },
    {
      topic: 'exchange',
      sentences: [
        ...turns(packets, 'segments'),
        ...amounts(summary),
        ...explainProbes(packets),
        ...explainEcn(packets),
      ],
    },
    { topic: 'timing', sentences: measures === undefined ? [] : timing(summary, measures) },
    { topic: 'teardown', sentences: explainTeardown(summary) },
    { topic: 'calls', sentences: tellCalls(timeline) },
    { topic: 'capture', sentences: summary.truth ? [explainVantage(summary.truth)] : [] },
  )
  return chapters.filter(({ sentences }) => sentences.length > 0)
}

function who(
  { client, server, start, duration, packets, protocol, assumed, data }: SessionSummary,
  digits: number,
): string[] {
  const [seconds, nanoseconds] = parseStart(start)
  const what = protocol === 'tcp' ? 'opened a TCP connection to' : 'sent UDP datagrams to'
  const [from, to] = protocol === 'udp' && data.client.packets === 0 ? [server, client] : [client, server]
  const began = assumed
    ? `${formatEndpoint(client)} and ${formatEndpoint(server)} speak ${protocol.toUpperCase()}; the capture begins in the middle, at`
    : `${formatEndpoint(from)} ${what} ${formatEndpoint(to)}, at`
  return [
    `${began} ${formatDate(seconds, nanoseconds, digits)}`,
    `the capture has ${countOf(packets, 'packet')} of it, in ${formatDuration(duration)}`,
  ]
}

/** Data that one end sent without the other sending any in between. */
interface Turn {
  readonly by: Role
  readonly packets: PacketEvent[]
  /** ns since the turn before ended */
  readonly pause: number
}

/** @param units what several packets are called */
function turns(packets: readonly PacketEvent[], units: 'segments' | 'datagrams'): string[] {
  const all: Turn[] = []
  let before: PacketEvent | undefined
  for (const packet of packets) {
    const verdict = packet.truth?.verdict
    if (packet.length === 0 || verdict === 'retransmission' || verdict === 'duplicate') continue
    const last = all.at(-1)
    if (last?.by === packet.from) last.packets.push(packet)
    else all.push({ by: packet.from, packets: [packet], pause: before === undefined ? 0 : packet.time - before.time })
    before = packet
  }
  const sentences = all.slice(0, TURNS).map((turn) => tellTurn(turn, units))
  if (all.length > TURNS) sentences.push(`and so on, ${countOf(all.length - TURNS, 'more turn')}`)
  return sentences
}

function tellTurn({ by, packets, pause }: Turn, units: string): string {
  const [first] = packets
  const last = packets.at(-1)
  if (first === undefined || last === undefined) return ''
  const bytes = packets.reduce((sum, { length }) => sum + length, 0)
  const said = saidIn(first)
  const what = said === undefined ? '' : `, ${printable(said)}`
  const which =
    packets.length === 1 ? `#${first.frame}` : `${packets.length} ${units}, #${first.frame} to #${last.frame}`
  const after = pause >= PAUSE ? `${formatDuration(pause)} later ` : ''
  const took = last.time > first.time ? ` in ${formatDuration(last.time - first.time)}` : ''
  const ack = last.acknowledgedBy === undefined ? '' : `; #${last.acknowledgedBy} acknowledged it`
  return `${after}the ${by} sent ${formatSize(bytes)}${took} (${which})${what}${ack}`
}

function amounts(summary: TcpSummary): string[] {
  const sentences = explainData(summary)
  return sentences.length === 1 && sentences[0] === 'none' ? ['no data was sent'] : sentences
}

function timing(summary: TcpSummary, measures: Measures): string[] {
  return (['client', 'server'] as const).flatMap((role) => timingOf(role, measures[role], summary))
}

function timingOf(sender: Role, measures: DirectionMeasures, { data, truth }: TcpSummary): string[] {
  const { flight, held, acknowledgments, throughput, goodput } = measures
  const sentences: string[] = []
  if (data[sender].bytes === 0) return sentences
  const place = truth?.vantage.place
  const elsewhere = place === undefined || place === sender || place === 'one host' ? undefined : place
  sentences.push(...roundTripsOf(sender, measures, elsewhere))
  // of what the receiver has not said, nothing was acknowledged that the capture knows of
  if (flight.largest > 0 && flight.smallestWindow !== undefined) {
    const scale = flight.isScaleKnown ? '' : ', or more: by how much windows are scaled was not captured'
    sentences.push(
      `at most ${formatSize(flight.largest)} of the ${sender} were in flight${elsewhere === undefined ? '' : `, as seen ${where(elsewhere)}`}; the smallest window offered for it was ${formatCount(flight.smallestWindow)}${scale}`,
    )
  }
  const limits = limitsOf(held)
  if (limits !== '') sentences.push(`the ${sender} was held back ${limits}`)
  const { delayed } = acknowledgments
  const [, longest] = rangeOf(delayed.map(({ by }) => by))
  if (delayed.length > 0)
    sentences.push(
      `the ${otherRole(sender)} delayed ${countOf(delayed.length, 'ACK')} (${named(delayed.map(({ frame }) => frame))}), by up to ${formatDuration(longest)}`,
    )
  if (throughput !== undefined && goodput !== undefined && data[sender].segments > 1) {
    const again =
      throughput <= goodput ? '' : `, ${formatRate(throughput)} with what was sent again or not acknowledged`
    sentences.push(`the throughput of the ${sender}'s data was ${formatRate(goodput)}${again}`)
  }
  return sentences
}

type Elsewhere = Role | 'between' | 'unknown'

/** Where the capture was not taken at the sender, its estimate and its timeout are not those of these times. */
function roundTripsOf(sender: Role, { roundTrips }: DirectionMeasures, elsewhere: Elsewhere | undefined): string[] {
  const { statistics } = roundTrips
  const last = roundTrips.samples.at(-1)
  if (statistics === undefined || last === undefined) return []
  const { minimum, maximum, median, count } = statistics
  const times = `what the ${sender} sent was acknowledged after ${formatDurations(minimum, maximum)} (median ${formatDuration(Math.round(median))} of ${countOf(count, 'sample')})`
  if (elsewhere === undefined)
    return [
      `${times}; EstimatedRTT is ${formatDuration(Math.round(last.estimated))} in the end, DevRTT ${formatDuration(Math.round(last.deviation))}, so the timeout is ${formatDuration(Math.round(last.timeout))}`,
    ]
  const longer =
    elsewhere === 'unknown' ? `: unless that is at the ${sender}, its round trips` : `: the ${sender}'s round trips`
  return [`${times}, as seen ${where(elsewhere)}${longer} take longer`]
}

function where(elsewhere: Elsewhere): string {
  if (elsewhere === 'between') return 'between the two'
  return elsewhere === 'unknown' ? 'where the capture was taken' : `at the ${elsewhere}`
}

const BY = {
  application: 'by its application',
  receiver: "by the receiver's window",
  Nagle: "by Nagle's algorithm (a short segment waits for the ACK of the one before)",
  network: 'by the network (waiting for ACKs: congestion window or send buffer full, or a loss)',
} as const

/** `61 % of the time by its application, 30 % of the time by the network; for 9 % it does not show`; empty where nothing does */
function limitsOf(held: DirectionMeasures['held']): string {
  const total = held.reduce((sum, { from, until }) => sum + until - from, 0)
  if (total === 0) return ''
  const parts: string[] = []
  for (const by of ['application', 'Nagle', 'receiver', 'network'] as const) {
    const time = held.filter((stretch) => stretch.by === by).reduce((sum, { from, until }) => sum + until - from, 0)
    const share = Math.round((100 * time) / total)
    if (share > 0) parts.push(`${share} % of the time ${BY[by]}`)
  }
  const unknown = held.filter(({ by }) => by === 'unknown').reduce((sum, { from, until }) => sum + until - from, 0)
  const hidden = Math.round((100 * unknown) / total)
  if (parts.length === 0) return ''
  return `${parts.join(', ')}${hidden > 0 ? `; for ${hidden} % it does not show` : ''}`
}
