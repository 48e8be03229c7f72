/**
 * Sessions written down as a table, a packet a line, and what is found out about them:
 *
 *     12.5 > 1:1000 ack 1 id 7 ts 100/50    = retransmission: later identification (3)
 *
 * Time in ms; `>` from the client, `<` from the server; `SYN`, `SYN/ACK`, `FIN`, `ACK`, or `first:length` of its data.
 * Then, as needed: `ack`, `id` (IP identification), `ts TSval/TSecr`, `sack left-right,…`, `win`, `ttl`, `mss`, `out`
 * or `in` (the capture's own word on the direction), `unfilled`, `bad` (checksums).
 * After `=` comes what the table expects; a line without it expects nothing of note.
 */
import { ChecksumStatus } from '../../../../src/decode/checksums.js'
import { ACK, Direction, FIN, Packet, RST, SYN } from '../../../../src/packet.js'
import type { JudgedSegment } from '../../../../src/sessions/tcp/truth/judged.js'
import type { TruthOfSession } from '../../../../src/sessions/tcp/truth/result.js'
import { TcpTruth } from '../../../../src/sessions/tcp/truth/truth.js'

/** A handshake as captured at the client, and at the server: the round trip, 20 ms, lies on the far side of the one who captures. */
export const AT_CLIENT = `
   0    > SYN      id 9  seq 0 ack 0 ts 100/0
  20    < SYN/ACK  id 0  seq 0 ack 1 ts 510/100
  20.05 > ACK      id 10 seq 1 ack 1 ts 120/510
`
export const AT_SERVER = `
   0    > SYN      id 9  seq 0 ack 0 ts 100/0
   0.05 < SYN/ACK  id 0  seq 0 ack 1 ts 500/100
  20.05 > ACK      id 10 seq 1 ack 1 ts 120/500
`

export interface Shift {
  /** added to all sequence numbers of the client, and of the server */
  readonly client?: number
  readonly server?: number
  /** added to all TSvals, and what echoes them */
  readonly timestamps?: number
  /** added to all IP identifications that are not 0 */
  readonly identification?: number
  /** added to all times, ms */
  readonly time?: number
  /** of all packets, instead of what their lines say */
  readonly checksum?: ChecksumStatus
}

const FLAGS: Readonly<Record<string, number>> = { SYN, 'SYN/ACK': SYN | ACK, FIN: FIN | ACK, ACK, RST: RST | ACK }

export function lines(table: string): string[] {
  return table
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

/** What the lines expect, in the words that `found` uses: one for each line that expects something. */
export function expected(table: string): string[] {
  return lines(table).flatMap((line, index) => {
    const note = line.split(' = ')[1]
    return note === undefined ? [] : [`${index + 1} ${note.trim()}`]
  })
}

export function observe(table: string, shift: Shift = {}): TruthOfSession {
  const truth = new TcpTruth()
  truth.reset()
  const packet = new Packet()
  packet.frame = new DataView(new ArrayBuffer(64))
  packet.end = 64
  // an Ethernet frame that is not of a loopback
  packet.frame.setUint32(0, 0x02000001)
  packet.linkType = 1
  lines(table).forEach((line, index) => {
    const [time = '0', arrow = '>'] = line.split(/\s+/)
    fill(packet, line, index + 1, shift)
    truth.observe(packet, arrow === '>' ? 0 : 1, Math.round((Number(time) + (shift.time ?? 0)) * 1e6))
  })
  return truth.finish()
}

function fill(packet: Packet, line: string, number: number, shift: Shift): void {
  const [, arrow, what = '', ...rest] = (line.split(' = ')[0] ?? '').trim().split(/\s+/)
  const [own = 0, others = 0] = arrow === '>' ? [shift.client, shift.server] : [shift.server, shift.client]
  const field = (name: string): string | undefined => {
    const at = rest.indexOf(name)
    return at < 0 ? undefined : rest[at + 1]
  }
  const { tcp } = packet
  const [first = '0', length = '0'] = what.includes(':') ? what.split(':') : [field('seq') ?? '0', '0']
  packet.number = number
  packet.transportProtocol = 6
  packet.networkVersion = field('id') === undefined ? 6 : 4
  const id = Number(field('id') ?? 0)
  packet.identification = id === 0 ? 0 : (id + (shift.identification ?? 0)) & 0xffff
  packet.timeToLive = Number(field('ttl') ?? 64)
  packet.direction = rest.includes('out')
    ? Direction.outbound
    : rest.includes('in')
      ? Direction.inbound
      : Direction.unknown
  packet.transportChecksum = shift.checksum ?? checksumOf(rest)
  tcp.flags = FLAGS[what] ?? ACK
  tcp.sequence = (Number(first) + own) | 0
  tcp.length = Number(length)
  tcp.acknowledgment = (Number(field('ack') ?? 1) + others) | 0
  tcp.window = Number(field('win') ?? 64240)
  tcp.mss = Number(field('mss') ?? ((tcp.flags & SYN) !== 0 ? 1460 : -1))
  tcp.sackPermitted = (tcp.flags & SYN) !== 0
  const stamps = field('ts')
    ?.split('/')
    .map((stamp) => (Number(stamp) + (shift.timestamps ?? 0)) >>> 0)
  tcp.hasTimestamps = stamps !== undefined
  tcp.timestampValue = stamps?.[0] ?? 0
  tcp.timestampEcho = stamps?.[1] ?? 0
  const edges = field('sack')?.split(/[-,]/) ?? []
  edges.forEach((edge, i) => {
    tcp.sack[i] = (Number(edge) + others) | 0
  })
  tcp.sackBlocks = edges.length / 2
}

function checksumOf(words: readonly string[]): ChecksumStatus {
  if (words.includes('unfilled')) return ChecksumStatus.unfilled
  return words.includes('bad') ? ChecksumStatus.bad : ChecksumStatus.good
}

/** The segments that are listed: `frame verdict: ground (other frame)`, and what is known of retransmissions. */
export function found(truth: TruthOfSession): string[] {
  return truth.segments.map((segment) => {
    const { frame, verdict, other, cause, needed, ground } = segment as JudgedSegment
    const parts = [`${frame} ${verdict}: ${ground}`]
    if (other !== 0) parts.push(`(${other})`)
    if (cause !== undefined) parts.push(`${cause}${needed === undefined ? '' : needed ? ', needed' : ', needless'}`)
    return parts.join(' ')
  })
}

/** Of each retransmission: its frame, cause and need, and what they rest on. */
export function retransmissions(table: string): string[] {
  return observe(table)
    .segments.filter(({ verdict }) => verdict === 'retransmission')
    .map((segment) => {
      const { frame, cause, causeFrames, needed, needGround, needFrame } = segment as JudgedSegment
      const need = needed === undefined ? 'who knows' : needed ? 'needed' : 'needless'
      return `${frame} ${cause} (${causeFrames.at(-1) ?? 0}) ${need}: ${needGround} (${needFrame})`
    })
}
