/** Small packet lists for the tests of single rules, and what the analysis says of their last packet. */
import { ACK, FIN, Packet, PSH, RST, SYN } from '../../../../src/packet.js'
import { WiresharkAnalysis } from '../../../../src/sessions/tcp/wireshark/analysis.js'
import { Analysis, WiresharkResult } from '../../../../src/sessions/tcp/wireshark/result.js'
import { SegmentPool } from '../../../../src/sessions/tcp/wireshark/segment-pool.js'
import { fillPacket, type Segment } from '../../../support/tcp-segments.js'

/** The first sequence numbers of client and server. */
export const CLIENT_ISN = 1000
export const SERVER_ISN = 5000

/** What a packet of a list has beside who sent it; sequence and acknowledgment numbers are relative. */
export interface Sent {
  flags?: string
  seq?: number
  ack?: number
  length?: number
  window?: number
  /** milliseconds since the start; without it 1 ms after the packet before */
  at?: number
  scale?: number
  sack?: readonly number[]
  cookie?: number
  multipath?: number
}

export type Line = readonly ['c' | 's', Sent]

const LETTERS: Readonly<Record<string, number>> = { F: FIN, S: SYN, R: RST, P: PSH, A: ACK }

/** A three-way handshake of 1 ms each way, then 1 s of silence. Windows of 1000 bytes, not scaled. */
export const HANDSHAKE: readonly Line[] = [
  ['c', { flags: 'S', seq: 0, ack: -SERVER_ISN, at: 0 }],
  ['s', { flags: 'SA', seq: 0, ack: 1, at: 1 }],
  ['c', { seq: 1, ack: 1, at: 2 }],
]

/** `host`: lists with different ones are of different sessions. */
export function segmentsOf(lines: readonly Line[], host = 0): Segment[] {
  let time = 0
  return lines.map(([who, sent]) => {
    time = sent.at ?? time + 1
    const isClient = who === 'c'
    const [own, other] = isClient ? [CLIENT_ISN, SERVER_ISN] : [SERVER_ISN, CLIENT_ISN]
    const { scale, sack, cookie, multipath } = sent
    return {
      time: 1_600_000_000_000_000_000n + BigInt(Math.round(time * 1e6)),
      source: isClient ? 2 * host + 1 : 2 * host + 2,
      sourcePort: isClient ? 40_000 : 80,
      destination: isClient ? 2 * host + 2 : 2 * host + 1,
      destinationPort: isClient ? 80 : 40_000,
      sequence: (own + (sent.seq ?? 1)) >>> 0,
      acknowledgment: (other + (sent.ack ?? 1)) >>> 0,
      flags: [...(sent.flags ?? 'A')].reduce((bits, letter) => bits | (LETTERS[letter] ?? 0), 0),
      window: sent.window ?? 1000,
      length: sent.length ?? 0,
      ...(scale === undefined ? {} : { scale }),
      ...(sack === undefined ? {} : { sack: sack.map((edge) => (other + edge) >>> 0) }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(multipath === undefined ? {} : { multipath }),
    }
  })
}

/** Runs a list through an analysis; `visit` gets each packet's result, which the next one overwrites. */
export function run(
  lines: readonly Line[],
  visit: (result: WiresharkResult, index: number) => void,
  analysis = newAnalysis(),
): WiresharkAnalysis {
  const packet = new Packet()
  const result = new WiresharkResult()
  const segments = segmentsOf(lines)
  segments.forEach((segment, index) => {
    fillPacket(packet, segment, index + 1)
    const time = Number(segment.time - (segments[0]?.time ?? 0n))
    analysis.analyse(packet, segment.source === 1 ? 0 : 1, time, result)
    visit(result, index)
  })
  return analysis
}

export function newAnalysis(): WiresharkAnalysis {
  const analysis = new WiresharkAnalysis(new SegmentPool(2))
  analysis.reset()
  return analysis
}

/** The flags of a result by name, in the order of their bits. */
export function flagsOf(result: WiresharkResult): string {
  return Object.entries(Analysis)
    .filter(([, bit]) => (result.flags & bit) !== 0)
    .map(([name]) => name)
    .join(' ')
}
