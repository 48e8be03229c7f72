/**
 * Which socket call made each packet, and which call it lets return, as far as the wire can tell. `connect` sends the SYN
 * and returns on the SYN/ACK; `accept` can return on the third segment; `write` becomes segments, the last one with PSH
 * (RFC 9293 §3.9.1.2); `read` can return their bytes, or 0 on a FIN; `close` and `shutdown` send it. A program may read
 * later, and in other portions: these are the earliest times, and the simplest program.
 */
import { isNotDelivered } from '../../sessions/icmp.js'
import type { Role, TcpSummary } from '../../sessions/summary.js'
import { has } from '../flags.js'
import type { IcmpEvent, PacketEvent, Timeline } from '../model.js'
import { quotedIn } from '../quoted.js'

export interface InferredCall {
  readonly by: Role
  readonly call: 'connect' | 'accept' | 'read' | 'write' | 'close' | 'shutdown' | 'sendto' | 'recvfrom'
  readonly inferred: true
  /** the frames that it sends */
  readonly sends: readonly number[]
  /** bytes that it hands over */
  readonly bytes?: number
  /** what it returns: bytes, 0; -1 with `errno`; absent where the wire does not tell */
  readonly result?: number
  readonly errno?: string
  /** the frame that lets it return; absent when it does not have to wait, or did not return in this capture */
  readonly returnsOn?: number
  readonly note?: string
}

export function inferCalls({ summary, events }: Timeline): InferredCall[] {
  const packets = events.filter((event) => event.kind === 'packet')
  const errors = events.filter((event) => event.kind === 'icmp')
  if (summary.protocol === 'udp') return datagramCalls(packets, errors)
  const fresh = packets.filter(isFresh)
  return inOrder([
    ...opening(packets, errors, summary),
    ...transfers(fresh, 'client'),
    ...transfers(fresh, 'server'),
    ...closing(fresh),
    ...afterReset(packets, summary),
  ])
}

/** Not sent again, and not a copy: those are the kernel's and the network's doing. */
function isFresh({ truth, received }: PacketEvent): boolean {
  return received && truth?.verdict !== 'retransmission' && truth?.verdict !== 'duplicate'
}

/** By the frame that begins them, or that ends them. */
function inOrder(calls: InferredCall[]): InferredCall[] {
  const frame = ({ sends, returnsOn }: InferredCall) => sends[0] ?? returnsOn ?? 0
  return calls.sort((a, b) => frame(a) - frame(b))
}

function opening(packets: readonly PacketEvent[], errors: readonly IcmpEvent[], summary: TcpSummary): InferredCall[] {
  const { syn, synAck, ack } = summary.handshake
  const calls: InferredCall[] = []
  if (syn) {
    const sends = packets.filter((packet) => packet.from === 'client' && has(packet, 'SYN')).map(({ frame }) => frame)
    calls.push({ by: 'client', call: 'connect', inferred: true, sends, ...connectResult(summary, errors) })
  }
  if (synAck && ack) calls.push({ by: 'server', call: 'accept', inferred: true, sends: [], returnsOn: ack.frame })
  return calls
}

function connectResult({ handshake, teardown }: TcpSummary, errors: readonly IcmpEvent[]): Partial<InferredCall> {
  if (handshake.synAck) return { result: 0, returnsOn: handshake.synAck.frame }
  if (teardown.ending === 'refused' && teardown.reset)
    return { result: -1, errno: 'ECONNREFUSED', returnsOn: teardown.reset.frame }
  const [error] = errors
  if (error !== undefined) return { result: -1, errno: errnoOf(error), returnsOn: error.frame }
  return { note: 'it has not returned when the capture ends; without an answer it fails with ETIMEDOUT' }
}

/** As Linux maps ICMP errors (icmp(7), ip(7)). */
function errnoOf({ version, type, code }: IcmpEvent): string {
  if (version === 6)
    return type === 1
      ? (['ENETUNREACH', 'EACCES', 'EHOSTUNREACH', 'EHOSTUNREACH', 'ECONNREFUSED'][code] ?? 'EACCES')
      : 'EPROTO'
  if (type !== 3) return 'EHOSTUNREACH'
  return ['ENETUNREACH', 'EHOSTUNREACH', 'ENOPROTOOPT', 'ECONNREFUSED'][code] ?? 'EHOSTUNREACH'
}

/** Segments up to one with PSH, or with FIN, are one write; the other end can read them when the last has come. */
function transfers(packets: readonly PacketEvent[], sender: Role): InferredCall[] {
  const receiver = sender === 'client' ? 'server' : 'client'
  const calls: InferredCall[] = []
  let sends: number[] = []
  let bytes = 0
  const end = () => {
    const last = sends.at(-1)
    if (last === undefined) return
    calls.push({ by: sender, call: 'write', inferred: true, sends, bytes, result: bytes })
    calls.push({ by: receiver, call: 'read', inferred: true, sends: [], result: bytes, returnsOn: last })
    sends = []
    bytes = 0
  }
  for (const packet of packets) {
    if (packet.length === 0) continue
    if (packet.from !== sender) {
      end()
      continue
    }
    sends.push(packet.frame)
    bytes += packet.length
    if (has(packet, 'PSH') || has(packet, 'FIN')) end()
  }
  end()
  return calls
}

/** FINs: what sent them, and who reads the end of file. Who has closed its socket reads no more. */
function closing(packets: readonly PacketEvent[]): InferredCall[] {
  const calls: InferredCall[] = []
  const closed = new Set<Role>()
  for (const [index, fin] of packets.entries()) {
    if (!has(fin, 'FIN')) continue
    const by = fin.from
    const reader = by === 'client' ? 'server' : 'client'
    const half = readsOn(packets.slice(index + 1), by)
    const note = half ? { note: 'SHUT_WR: it still reads afterwards' } : {}
    if (!half) closed.add(by)
    calls.push({ by, call: half ? 'shutdown' : 'close', inferred: true, sends: [fin.frame], result: 0, ...note })
    if (closed.has(reader)) continue
    calls.push({
      by: reader,
      call: 'read',
      inferred: true,
      sends: [],
      result: 0,
      returnsOn: fin.frame,
      note: 'end of file',
    })
  }
  return calls
}

function readsOn(rest: readonly PacketEvent[], role: Role): boolean {
  const stillReads = rest.some((packet) => packet.from !== role && packet.length > 0)
  return stillReads && !rest.some((packet) => packet.from === role && has(packet, 'RST'))
}

/** A reset that a program caused, and what its peer's next call returns. */
function afterReset(packets: readonly PacketEvent[], { teardown }: TcpSummary): InferredCall[] {
  const { reset } = teardown
  const packet = packets.find(({ frame }) => frame === reset?.frame)
  if (reset === undefined || packet === undefined || teardown.ending === 'refused') return []
  const before = packets.filter(({ frame }) => frame < reset.frame)
  const other = reset.by === 'client' ? 'server' : 'client'
  const hasClosed = before.some((one) => one.from === reset.by && has(one, 'FIN'))
  const calls: InferredCall[] = []
  if (!hasClosed && has(packet, 'ACK')) {
    const note = 'a reset instead of a FIN: data was unread, or SO_LINGER was 0'
    calls.push({ by: reset.by, call: 'close', inferred: true, sends: [reset.frame], result: 0, note })
  }
  const failure = hasClosed
    ? { call: 'write' as const, errno: 'EPIPE', note: 'the next one, with SIGPIPE' }
    : { call: 'read' as const, errno: 'ECONNRESET', note: 'or the next write' }
  calls.push({ by: other, inferred: true, sends: [], result: -1, returnsOn: reset.frame, ...failure })
  return calls
}

function datagramCalls(packets: readonly PacketEvent[], errors: readonly IcmpEvent[]): InferredCall[] {
  const calls = packets.flatMap((packet): InferredCall[] => {
    const receiver = packet.from === 'client' ? 'server' : 'client'
    const bytes = packet.length
    return [
      { by: packet.from, call: 'sendto', inferred: true, sends: [packet.frame], bytes, result: bytes },
      { by: receiver, call: 'recvfrom', inferred: true, sends: [], result: bytes, returnsOn: packet.frame },
    ]
  })
  const undelivered = errors.filter(isNotDelivered)
  const refused = undelivered.map((error): InferredCall => {
    const note = 'if its socket is connected; otherwise it hears nothing and waits'
    const errno = errnoOf(error)
    return {
      by: error.about,
      call: 'recvfrom',
      inferred: true,
      sends: [],
      result: -1,
      errno,
      returnsOn: error.frame,
      note,
    }
  })
  const unheard = new Set(undelivered.map((error) => quotedIn(error, packets)?.frame))
  return inOrder([...calls.filter(({ returnsOn }) => returnsOn === undefined || !unheard.has(returnsOn)), ...refused])
}
