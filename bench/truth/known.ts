/**
 * What really happened to each data segment of a transfer: what its sender's capture has of it, joined with what the wire did
 * to that very frame, and with what the sender's kernel counted.
 */
import { readFileSync } from 'node:fs'
import { sequenceBefore, sequenceDifference } from '../../src/bytes/sequence.js'
import { ChecksumStatus } from '../../src/decode/checksums.js'
import { type Node, otherNode } from '../../src/labs/virtual/names.js'
import { FIN, RST, SYN } from '../../src/packet.js'
import type { Verdict } from '../../src/sessions/tcp/truth/result.js'
import { causesAt, type Growth, type KernelCause } from './counters.js'
import { eachSegment } from './judge.js'
import { isServerPort } from './play.js'

/** What is right of one frame of a capture. */
export interface Known {
  readonly verdict: Verdict
  /** of what is not in order: the latest frame before it without which nothing would show that it is not */
  readonly shownBy: number
  /** of a retransmission */
  readonly cause?: KernelCause
  /**
   * of a retransmission: false when every byte of it came, or was to come, by an earlier transmission. Absent where its receiver had
   * done with the session before it came: that says nothing any more
   */
  readonly needed?: boolean
}

/** By frame of either capture. What its receiver could not read, since it was damaged, is not there. */
export type KnownFrames = Readonly<Record<'sender' | 'receiver', ReadonlyMap<number, Known>>>

interface Segment {
  /** its session, by the client's port */
  readonly session: number
  readonly frame: number
  /** seconds since 1970 */
  readonly time: number
  readonly sequence: number
  readonly end: number
  readonly length: number
  readonly size: number
  readonly isBad: boolean
  /** its receiver had reset the session before it came */
  readonly isOver: boolean
  /** its receiver did not take it, though it came whole: its timestamp was too old */
  readonly isStale: boolean
}

/** A line of the wire's log. */
interface OnWire {
  readonly to: Node
  readonly frame: number
  readonly kinds: readonly string[]
  readonly length: number
  readonly arrived: readonly string[]
  readonly did: readonly string[]
}

interface Transmission extends Omit<Segment, 'isOver'> {
  isOver: boolean
  readonly isAgain: boolean
  readonly arrivals: readonly number[]
  readonly isDamaged: boolean
  /** when it first arrived and was not too old to be taken, and when it last arrived */
  taken: number
  last: number
  needed?: boolean
  cause?: KernelCause
}

/** @throws Error when the wire's log and the captures are not of the same frames */
export async function known(
  sender: Node,
  captures: Readonly<Record<Node, string>>,
  wireLog: string,
  growths: readonly Growth[],
): Promise<KnownFrames> {
  const receiver = otherNode(sender)
  const sent = await segmentsFrom(sender, captures[sender])
  const came = await segmentsFrom(sender, captures[receiver])
  const wire = readWire(wireLog, receiver)
  const transmissions = join(sent, wire)
  const arrivals = transmissions
    .flatMap((one, order) => one.arrivals.map((time, copy) => ({ one, order, time, copy })))
    .sort((a, b) => a.time - b.time || a.order - b.order)
  const seen = whichHas('the receiver', came, arrivals, ({ one }) => one.size)
  for (const [index, { one, time }] of arrivals.entries()) {
    if (one.isDamaged) continue
    one.last = time
    if (seen[index]?.isStale === false) one.taken = Math.min(one.taken, time)
    one.isOver = seen[index]?.isOver === true
  }
  for (const [index, one] of transmissions.entries()) {
    if (one.isAgain && one.length > 0 && !one.isOver) one.needed = !isCovered(one, transmissions.slice(0, index))
  }
  explain(transmissions, growths)

  const atSender = new Map<number, Known>()
  for (const [index, one] of transmissions.entries()) {
    const shownBy = one.isAgain ? latestBeyond(one, index, (at) => transmissions[at]) : 0
    if (one.length > 0) add(atSender, one.frame, knownOf(one, one.isAgain ? 'retransmission' : '', shownBy))
  }
  const arrivedAt = (index: number): Transmission | undefined => {
    const one = arrivals[index]?.one
    return one && { ...one, frame: seen[index]?.frame ?? 0 }
  }
  const atReceiver = new Map<number, Known>()
  const mixed = new Set<number>()
  const tops = new Tops()
  for (const [index, { one, copy }] of arrivals.entries()) {
    const frame = seen[index]?.frame ?? 0
    if (one.isDamaged) continue
    const isLate = tops.isBefore(one)
    const verdict = copy > 0 ? 'duplicate' : one.isAgain ? 'retransmission' : isLate ? 'out-of-order' : ''
    const other = atReceiver.get(frame)
    if (other !== undefined && other.verdict !== verdict) mixed.add(frame)
    const shownBy = isLate ? latestBeyond(one, index, (at) => arrivedAt(at)) : 0
    if (one.length > 0) add(atReceiver, frame, knownOf(one, verdict, shownBy))
    if (one.sequence !== one.end) tops.reach(one)
  }
  // what a network card put together, may be of two kinds
  for (const frame of mixed) atReceiver.delete(frame)
  return { sender: atSender, receiver: atReceiver }
}

/** Of what was cut up or put together, the whole was needed if any part was. */
function add(frames: Map<number, Known>, frame: number, known: Known): void {
  const before = frames.get(frame)
  frames.set(frame, before?.needed === true ? { ...known, needed: true } : known)
}

/** The latest frame before it with bytes behind its first. `at`: what is before it, from the latest back. */
function latestBeyond(
  { session, sequence }: Transmission,
  index: number,
  at: (index: number) => Transmission | undefined,
): number {
  for (let before = index - 1; before >= 0; before--) {
    const other = at(before)
    if (other === undefined || other.session !== session || other.length === 0 || other.isDamaged) continue
    if (sequenceBefore(sequence, other.end)) return other.frame
  }
  return 0
}

function knownOf({ cause, needed }: Transmission, verdict: Verdict, shownBy: number): Known {
  if (verdict !== 'retransmission') return { verdict, shownBy }
  return { verdict, shownBy, ...(cause && { cause }), ...(needed !== undefined && { needed }) }
}

/** The segments that a node sent, as a capture has them. */
async function segmentsFrom(sender: Node, capture: string): Promise<Segment[]> {
  const segments: Segment[] = []
  /** of each session the timestamp that the receiver has taken last, as it echoes it; and those that it has reset */
  const recents = new Map<number, number | undefined>()
  const over = new Set<number>()
  await eachSegment(capture, (packet) => {
    const { tcp } = packet
    const isFromServer = isServerPort(tcp.sourcePort)
    const session = isFromServer ? tcp.destinationPort : tcp.sourcePort
    if (isFromServer !== (sender === 'server')) {
      recents.set(session, tcp.hasTimestamps ? tcp.timestampEcho | 0 : undefined)
      if ((tcp.flags & RST) !== 0) over.add(session)
      return
    }
    const span = tcp.length + ((tcp.flags & SYN) !== 0 ? 1 : 0) + ((tcp.flags & FIN) !== 0 ? 1 : 0)
    const isBad = packet.transportChecksum === ChecksumStatus.bad
    const recent = recents.get(session)
    segments.push({
      session,
      frame: packet.number,
      time: packet.seconds + packet.nanoseconds / 1e9,
      sequence: tcp.sequence,
      end: (tcp.sequence + span) | 0,
      length: tcp.length,
      size: packet.originalLength,
      isBad,
      isOver: over.has(session),
      // PAWS (RFC 7323 §5.3), for which Linux allows one tick
      isStale: recent !== undefined && sequenceDifference(recent, tcp.timestampValue | 0) > 1,
    })
  })
  return segments
}

const TCP_KINDS: ReadonlySet<string> = new Set(['syn', 'syn-ack', 'ack', 'data', 'fin', 'rst'])

function readWire(file: string, to: Node): OnWire[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n')
  const all = lines.map((line) => JSON.parse(line) as OnWire)
  return all
    .filter((one) => one.to === to && one.kinds.some((kind) => TCP_KINDS.has(kind)))
    .sort((a, b) => a.frame - b.frame)
}

/** The sequence number after the highest byte so far, of each session. */
class Tops {
  readonly #tops = new Map<number, number>()

  isBefore({ session, sequence }: Pick<Segment, 'session' | 'sequence'>): boolean {
    const top = this.#tops.get(session)
    return top !== undefined && sequenceBefore(sequence, top)
  }

  reach({ session, end }: Pick<Segment, 'session' | 'end'>): void {
    const top = this.#tops.get(session)
    if (top === undefined || sequenceBefore(top, end)) this.#tops.set(session, end)
  }
}

/** One for each frame on the wire: several are of one segment, where the sender's network card cut it up. */
function join(sent: readonly Segment[], wire: readonly OnWire[]): Transmission[] {
  const segments = whichHas('the sender', sent, wire, ({ length }) => length)
  const tops = new Tops()
  let from = 0
  return wire.map(({ length: size, arrived, did }, index) => {
    const segment = segments[index]
    if (segment === undefined) throw new Error('a frame of the wire is of no segment')
    if (segment !== segments[index - 1]) from = segment.sequence
    const length = size - headersOf(segment)
    const sequence = from
    const end = segment === segments[index + 1] ? (from + length) | 0 : segment.end
    from = end
    const part = { session: segment.session, sequence, end }
    const isAgain = sequence !== end && tops.isBefore(part)
    tops.reach(part)
    const isDamaged = did.includes('corrupt')
    return {
      ...{ ...segment, sequence, end, length, size, isAgain, isDamaged },
      ...{ arrivals: arrived.map(Number), taken: Number.POSITIVE_INFINITY, last: -1 },
    }
  })
}

function headersOf({ size, length }: Segment): number {
  return size - length
}

/**
 * The captured segment that each of these frames is, or is a part of. The wire and a capture must tell of the same frames.
 * @throws Error where they do not
 */
function whichHas<T>(
  who: string,
  captured: readonly Segment[],
  frames: readonly T[],
  sizeOf: (one: T) => number,
): Segment[] {
  const which: Segment[] = []
  for (const segment of captured) {
    const headers = headersOf(segment)
    let left = segment.length
    do {
      const frame = frames[which.length]
      const length = frame === undefined ? -1 : sizeOf(frame) - headers
      left -= length
      if (length < 0 || left < 0 || (length === 0 && left > 0)) {
        throw new Error(
          `${who}'s capture is not what the wire carried: ${frames.length} frames, the first other one is ${which.length}`,
        )
      }
      which.push(segment)
    } while (left > 0)
  }
  if (which.length < frames.length) throw new Error(`${who}'s capture lacks the wire's last frames`)
  return which
}

/** Did each of its bytes arrive by one of the earlier transmissions? */
function isCovered({ session, sequence, end, taken }: Transmission, earlier: readonly Transmission[]): boolean {
  let missing: [number, number][] = [[sequence, end]]
  for (const one of earlier) {
    // what is too old once it has been sent again and has come would have been taken without that
    const hasArrived = one.taken < Number.POSITIVE_INFINITY || one.last > taken
    if (one.session !== session || !hasArrived || one.sequence === one.end) continue
    missing = missing.flatMap(([from, to]): [number, number][] => {
      if (!sequenceBefore(one.sequence, to) || !sequenceBefore(from, one.end)) return [[from, to]]
      const rest: [number, number][] = []
      if (sequenceBefore(from, one.sequence)) rest.push([from, one.sequence])
      if (sequenceBefore(one.end, to)) rest.push([one.end, to])
      return rest
    })
    if (missing.length === 0) return true
  }
  return false
}

function explain(transmissions: readonly Transmission[], growths: readonly Growth[]): void {
  const again = transmissions.filter(({ isAgain }) => isAgain)
  const causes = causesAt(
    again.map(({ time }) => time),
    growths,
  )
  for (const [index, one] of again.entries()) {
    const cause = causes[index]
    if (cause !== undefined && one.length > 0) one.cause = cause
  }
}
