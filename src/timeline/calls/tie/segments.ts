/**
 * TCP: bytes are counted. What the n-th byte written is, is the n-th byte of the stream, and so of a segment; the same with
 * what is read. The rest are the segments that say something by themselves: SYN, the third one of the handshake, FIN, RST.
 */
import { isAccept, isRead, isWrite } from '../../../calls/transfers.js'
import { otherRole } from '../../../sessions/roles.js'
import type { Role, TcpSummary } from '../../../sessions/summary.js'
import { has } from '../../flags.js'
import type { IcmpEvent, PacketEvent } from '../../model.js'
import type { ObservedCall } from '../observe.js'
import { ByTime } from './by-time.js'
import { ByteStream, type Piece } from './byte-stream.js'
import { closerOf, resetterOf } from './closing.js'
import { bytesOf, isPeek } from './families.js'

/** Sequence number of the first byte, relative to the SYN's. */
const FIRST_BYTE = 1

export type Ties = Map<ObservedCall, { sends: readonly number[]; takes: readonly number[] }>

export function tieSegments(
  summary: TcpSummary,
  role: Role,
  packets: readonly PacketEvent[],
  errors: readonly IcmpEvent[],
  own: readonly ObservedCall[],
): Ties {
  const peer = otherRole(role)
  const lost = new Set(summary.truth?.lost)
  const sent = new ByteStream()
  const arrived = new ByteStream()
  for (const packet of packets) {
    if (packet.from === role) sent.add(packet)
    else if (packet.received && !lost.has(packet.frame)) arrived.add(packet)
  }
  const first = (from: Role, flag: string) => packets.find((packet) => packet.from === from && has(packet, flag))
  const peerFin = packets.find((packet) => packet.from === peer && has(packet, 'FIN') && !lost.has(packet.frame))
  const peerReset = first(peer, 'RST')
  const syns = packets.filter((packet) => packet.from === role && has(packet, 'SYN'))
  const came = new ByTime(packets.filter(({ from }) => from === peer))
  const fromBeginning = own.some((call) => call.call === 'connect' || (isAccept(call) && (call.result ?? -1) >= 0))
  const writing = new Cursor(sent, fromBeginning)
  const reading = new Cursor(arrived, fromBeginning)
  const connecting = own.find(({ call, errno }) => call === 'connect' && errno === 'EINPROGRESS')
  // a socket that does not wait in connect is waited for: it can be written when it is connected, or has failed
  const opening = connecting && own.find(({ found, entered }) => found !== undefined && entered >= connecting.entered)
  const ties: Ties = new Map()
  // what several threads read or write, was read or written when the call returned, or began
  for (const call of own) if (isWrite(call)) ties.set(call, { sends: writing.take(call), takes: failure(call) })
  for (const call of own.toSorted((a, b) => (a.returned ?? a.entered) - (b.returned ?? b.entered))) {
    if (isRead(call)) ties.set(call, { sends: [], takes: taken(call) })
    else if (call.call === 'connect') ties.set(call, connected(call))
    else if (isAccept(call) && (call.result ?? -1) >= 0) {
      const { ack } = summary.handshake
      ties.set(call, { sends: [], takes: ack === undefined ? [] : [ack.frame] })
    } else if (call.found !== undefined) ties.set(call, { sends: [], takes: awaited(call) })
  }
  const fin = first(role, 'FIN')
  const reset = first(role, 'RST')
  tieSent(fin === undefined ? undefined : closerOf(own, fin.time), fin)
  tieSent(reset === undefined ? undefined : resetterOf(own, reset.time, fin?.time), reset)
  return ties

  function tieSent(call: ObservedCall | undefined, packet: PacketEvent | undefined): void {
    if (call === undefined || packet === undefined) return
    const before = ties.get(call) ?? { sends: [], takes: [] }
    ties.set(call, { ...before, sends: [...before.sends, packet.frame] })
  }

  function taken(call: ObservedCall): readonly number[] {
    const { result = -1, returned } = call
    if (result > 0) return reading.take(call)
    if (result === 0 && returned !== undefined && peerFin !== undefined) return [peerFin.frame]
    return failure(call)
  }

  /** What lets a wait return: the first byte that is unread, or the end; for one who wants to write, room, or the connection. */
  function awaited(wait: ObservedCall): readonly number[] {
    const { found, entered, returned = entered } = wait
    if (wait === opening) return framesOf(summary.handshake.synAck ?? peerReset ?? errors.at(0))
    if (found === 'readable') return framesOf(reading.next(returned) ?? peerFin ?? peerReset)
    if (found === 'error') return framesOf(peerReset ?? peerFin)
    const last = came.last(returned)
    return last !== undefined && last.time > entered ? [last.frame] : []
  }

  function failure({ errno }: ObservedCall): readonly number[] {
    return peerReset !== undefined && (errno === 'ECONNRESET' || errno === 'EPIPE') ? [peerReset.frame] : []
  }

  function connected({ errno, result, entered }: ObservedCall): { sends: readonly number[]; takes: readonly number[] } {
    const sends = framesOf(syns.find(({ time }) => entered <= time || !fromBeginning))
    const answer =
      result === 0
        ? summary.handshake.synAck
        : errno === 'EINPROGRESS' || errno === 'EINTR'
          ? undefined
          : (peerReset ?? errors.at(0))
    return { sends, takes: framesOf(answer) }
  }
}

function framesOf(packet: { readonly frame: number } | undefined): readonly number[] {
  return packet === undefined ? [] : [packet.frame]
}

/** How far one end has written, or read, in the stream. */
class Cursor {
  readonly #stream: ByteStream
  #at: number | undefined
  #byTime: ByTime<Piece> | undefined

  /** @param fromBeginning the log has this end's calls from the first on; else where it comes in is found by the time */
  constructor(stream: ByteStream, fromBeginning: boolean) {
    this.#stream = stream
    if (fromBeginning) this.#at = FIRST_BYTE
  }

  /** The frames of the bytes that a call has written, or read. */
  take(call: ObservedCall): readonly number[] {
    const bytes = bytesOf(call)
    if (bytes <= 0) return []
    this.#at ??= this.#begin(call, bytes)
    const at = this.#at
    if (at === undefined) return []
    if (!isPeek(call)) this.#at = at + bytes
    const frames = this.#stream.between(at, at + bytes).map(({ frame }) => frame)
    return [...new Set(frames)]
  }

  /** What is to be read next. */
  next(until: number): Piece | undefined {
    const at = this.#at
    if (at === undefined) return this.#last(until)
    return this.#stream.between(at, at + 1)[0]
  }

  /** What the first write sends comes after it was entered; what the first read brings, came before it returned. */
  #begin(call: ObservedCall, bytes: number): number | undefined {
    if (isWrite(call)) return this.#stream.pieces.find(({ time }) => time >= call.entered)?.from
    const last = this.#last(call.returned ?? call.entered)
    return last && Math.max(last.from, last.to - bytes)
  }

  /** The last piece that had come by a moment; the stream is whole by now. */
  #last(until: number): Piece | undefined {
    this.#byTime ??= new ByTime(this.#stream.pieces)
    return this.#byTime.last(until)
  }
}
