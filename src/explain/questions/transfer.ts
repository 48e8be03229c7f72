/** Questions about the transfer as a whole: window, retransmissions, acknowledgments, throughput, slow start. */
import { formatSeconds } from '../../bytes/time.js'
import { countOf, formatCount, formatDuration } from '../../bytes/units.js'
import type { Role, TcpSummary } from '../../sessions/summary.js'
import { firstSights } from '../../timeline/first-sights.js'
import type { SlowStart } from '../../timeline/measures/slow-start.js'
import type { PacketEvent } from '../../timeline/model.js'
import { otherRole } from '../endpoints.js'
import { framesOf } from '../frames.js'
import { named } from '../problems/problem.js'
import { type Answer, answered, NO_DATA, type TcpSubject, transferOf, unanswerable } from './answer.js'

export function window(subject: TcpSubject): Answer {
  const question =
    'What is the smallest window that the receiver advertised, and did the lack of it ever throttle the sender?'
  const transfer = transferOf(subject)
  if (transfer === undefined) return unanswerable(question, NO_DATA)
  const { receiver, sender, measures } = transfer
  const { flight, held } = measures
  const advertised = subject.packets.filter(
    ({ from, tcp }) => from === receiver && tcp !== undefined && !tcp.flags.includes('RST'),
  )
  const smallest = advertised.reduce<(typeof advertised)[number] | undefined>(
    (least, packet) => ((packet.tcp?.window ?? 0) < (least?.tcp?.window ?? Number.POSITIVE_INFINITY) ? packet : least),
    undefined,
  )
  if (smallest?.tcp === undefined) return unanswerable(question, `no packet of the ${receiver} was captured`)
  const by = held.filter((stretch) => stretch.by === 'receiver')
  const waited = by.reduce((sum, { from, until }) => sum + until - from, 0)
  const { window, rawWindow } = smallest.tcp
  const throttled =
    by.length > 0
      ? `it did, ${countOf(by.length, 'time')} and ${formatDuration(waited)} in all`
      : 'it never throttled the sender'
  return answered(question, `${formatCount(window)} bytes (#${smallest.frame}); ${throttled}`, [
    `#${smallest.frame}: Window ${rawWindow}${window === rawWindow ? '' : ` × ${window / rawWindow} (window scale) = ${window}`}`,
    `at most ${formatCount(flight.largest)} bytes of the ${sender} were in flight at once`,
    ...(flight.zeroWindowTime > 0 ? [`the window was zero for ${formatDuration(flight.zeroWindowTime)}`] : []),
    ...by
      .slice(0, 3)
      .map(
        ({ from, until }) =>
          `between ${formatSeconds(from, 6)} s and ${formatSeconds(until, 6)} s the window had no room for one more full segment`,
      ),
    ...(flight.isScaleKnown || window !== rawWindow
      ? []
      : ['the handshake was not captured whole: whether windows are scaled is not known']),
  ])
}

export function retransmissions({ packets, summary }: TcpSubject): Answer {
  const question = 'Were there retransmissions, and how does one check?'
  if (summary.data.client.bytes + summary.data.server.bytes === 0 && (summary.handshake.syn?.transmissions ?? 0) < 2)
    return unanswerable(question, NO_DATA)
  const all = packets.filter(({ truth }) => truth?.verdict === 'retransmission')
  const again = all.filter(({ truth }) => truth?.cause !== 'keep-alive')
  const probes = all.filter(({ truth }) => truth?.cause === 'keep-alive')
  const check =
    'one looks for a sequence number that a sender uses a second time, with data: in order, they only ever rise'
  const alive =
    probes.length === 0
      ? []
      : [`${named(probes.map(({ frame }) => frame))} repeat an old byte on purpose: keep-alives, and nothing was lost`]
  if (again.length === 0) return answered(question, 'none', [check, ...alive, ...copiesOf(packets), inOrder(summary)])
  const fresh = new Set([...firstSights(packets, 'client'), ...firstSights(packets, 'server')])
  return answered(question, `${again.length}: ${named(again.map(({ frame }) => frame))}`, [
    check,
    ...alive,
    ...again.slice(0, 5).map((packet) => {
      const { frame, tcp, truth } = packet
      const cause = truth?.cause === undefined ? '' : `, ${truth.cause}`
      const [verdict, reason] = truth?.evidence ?? []
      const told = [verdict, truth?.cause === 'fast retransmit' ? reason : undefined].flatMap((one) =>
        one === undefined ? [] : [one.text + framesOf(one.frames)],
      )
      const why = told.length === 0 ? '' : `: ${told.join('; ')}`
      const seen = fresh.has(packet) ? ', which the capture has only this once, was used before' : ' again'
      return `#${frame}: sequence number ${tcp?.rawSequence ?? 0}${seen}${cause}${why}`
    }),
  ])
}

/** What a reader finds twice all the same. */
function copiesOf(packets: readonly PacketEvent[]): string[] {
  const copies = packets.filter(({ truth }) => truth?.verdict === 'duplicate').map(({ frame }) => frame)
  return copies.length === 0
    ? []
    : [`${named(copies)} was not sent again: the network made a copy, with the same IP identification or timestamps`]
}

function inOrder({ truth }: TcpSummary): string {
  const missed = truth !== undefined && truth.client.missedBytes + truth.server.missedBytes > 0
  return missed
    ? 'but the capture has missed some of the data: of that, nothing can be said'
    : 'each data segment begins where the one before ended, or fills a gap that reordering left'
}

export function acknowledgments(subject: TcpSubject): Answer {
  const question =
    'How much does the receiver typically acknowledge in an ACK, and where does an ACK cover every other segment?'
  const transfer = transferOf(subject)
  if (transfer === undefined) return unanswerable(question, NO_DATA)
  const { count, bytes, ofOne, ofTwo, ofMore, pairs } = transfer.measures.acknowledgments
  if (count === 0 || bytes === undefined) return unanswerable(question, 'no acknowledgment of data was captured')
  const other =
    ofTwo === 0
      ? 'none covers exactly two segments'
      : `${ofTwo} of ${count} cover two segments at once: ${named(pairs.map(({ frame }) => frame))}`
  const [example] = pairs
  const acknowledgment = subject.packets.find(({ frame }) => frame === example?.frame)?.tcp?.acknowledgment
  return answered(question, `${formatCount(bytes.median)} bytes (the median of ${countOf(count, 'ACK')}); ${other}`, [
    `smallest ${formatCount(bytes.minimum)}, mean ${formatCount(Math.round(bytes.mean))}, largest ${formatCount(bytes.maximum)} bytes: the difference between two acknowledgment numbers in a row`,
    `of one segment: ${ofOne}, of two: ${ofTwo}, of more: ${ofMore}`,
    ...(example === undefined
      ? []
      : [
          `#${example.frame} (ACK ${acknowledgment ?? 0}) covers ${named(example.segments)}: a receiver acknowledges every second full segment at the latest (RFC 9293 §3.8.6.3)`,
        ]),
  ])
}

export function throughput(subject: TcpSubject): Answer {
  const question = 'What is the throughput (bytes per unit of time), and how was it calculated?'
  const transfer = transferOf(subject)
  const first = transfer?.segments[0]
  if (transfer === undefined || first === undefined) return unanswerable(question, NO_DATA)
  const { sender, measures } = transfer
  const until = measures.acknowledgments.last
  if (until === undefined || until <= first.time)
    return unanswerable(question, 'no acknowledgment of data was captured: when it had all arrived is not known')
  const bytes = measures.acknowledgments.delivered
  const time = until - first.time
  const rate = (bytes * 1e9) / time
  // fewer than arrived, where the capture has missed some: then nothing is said of it
  const sent = subject.packets
    .filter(({ from, time, truth }) => from === sender && time <= until && truth?.verdict !== 'duplicate')
    .reduce((sum, { length }) => sum + length, 0)
  return answered(
    question,
    `${formatCount(Math.round(rate))} bytes per second (${formatRate(rate * 8)}), of the ${sender}'s data`,
    [
      `${formatCount(bytes)} bytes, each counted once, from #${first.frame} at ${formatSeconds(first.time, 9)} s to the last acknowledgment of data at ${formatSeconds(until, 9)} s`,
      `${formatCount(bytes)} B ÷ (${formatSeconds(until, 9)} s − ${formatSeconds(first.time, 9)} s) = ${formatCount(bytes)} B ÷ ${formatSeconds(time, 9)} s = ${formatCount(Math.round(rate))} B/s`,
      ...(sent <= bytes
        ? []
        : [`with all that was sent meanwhile, ${formatCount(sent)} B: ${formatRate((sent * 8e9) / time)}`]),
    ],
  )
}

const UNITS: readonly (readonly [number, string])[] = [
  [1e9, 'Gbit/s'],
  [1e6, 'Mbit/s'],
  [1e3, 'kbit/s'],
]

export function formatRate(bitsPerSecond: number): string {
  for (const [unit, name] of UNITS) if (bitsPerSecond >= unit) return `${(bitsPerSecond / unit).toPrecision(3)} ${name}`
  return `${Math.round(bitsPerSecond)} bit/s`
}

function hidden(by: 'vantage' | 'middle' | 'pace', sender: Role): string {
  switch (by) {
    case 'vantage':
      return `it takes a capture at the ${sender}: there, an ACK is seen when it lets the ${sender} send more`
    case 'middle':
      return 'the capture begins in the middle: slow start may have been before'
    case 'pace':
      return `for most of the time it was not the network that held the ${sender} back: the flight does not show the congestion window`
  }
}

function whatEnded({ endedBy, length, rounds }: SlowStart, sender: Role): string {
  switch (endedBy) {
    case 'loss':
      return 'a loss, which halves the window (RFC 5681 §3.2)'
    case 'slower growth':
      return `the next round is less than half again as large: congestion avoidance, or ${length === rounds.length - 1 ? 'only that no more was left' : 'something else holds the sender back'}`
    case 'end of data':
      return 'the data: it was over before anything else ended it'
    case 'application':
      return `the ${sender}'s program, which had no more to send for the next round: the congestion window may go on growing`
    case 'receiver':
      return `the window of the ${otherRole(sender)}: the congestion window may go on growing, unseen`
  }
}

export function slowStartEnds(subject: TcpSubject): Answer {
  const question = "Where does TCP's slow start end, and congestion avoidance take over?"
  const transfer = transferOf(subject)
  if (transfer === undefined) return unanswerable(question, NO_DATA)
  const { slowStart, held } = transfer.measures
  if (slowStart === undefined)
    return unanswerable(
      question,
      'too little was sent: it takes two round trips with data in flight to see the flight grow',
    )
  const total = held.reduce((sum, { from, until }) => sum + until - from, 0)
  const idle = held.filter(({ by }) => by === 'application').reduce((sum, { from, until }) => sum + until - from, 0)
  if (total > 0 && idle > total / 2)
    return unanswerable(
      question,
      `the ${transfer.sender}'s application held it back for ${Math.round((100 * idle) / total)} % of the time: the flight shows what it wrote, not the congestion window`,
    )
  const { rounds, length, lastFrame, hiddenBy } = slowStart
  if (hiddenBy !== undefined) return unanswerable(question, hidden(hiddenBy, transfer.sender))
  const last = subject.packets.find(({ frame }) => frame === lastFrame)
  return answered(
    question,
    `after ${countOf(length, 'round')}, with #${lastFrame} at ${formatSeconds(last?.time ?? 0, 6)} s; what ended it: ${whatEnded(slowStart, transfer.sender)}`,
    [
      `bytes in each round (what was sent until its first segment was acknowledged): ${rounds
        .slice(0, 12)
        .map((bytes) => formatCount(bytes))
        .join(', ')}${rounds.length > 12 ? ', …' : ''}`,
      'in slow start each round is about twice the one before; the flight is an outer sign of the congestion window, which the packets do not carry',
    ],
  )
}
