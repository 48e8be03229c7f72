/**
 * What was really sent, written beside the capture: FILE.truth.ndjson. One line a session, in the order in which they ended,
 * and a summary as the last line. Counts are of what the capture saw, unless the name says otherwise.
 */
import { closeSync, openSync, writeSync } from 'node:fs'

export type TcpEnding =
  | 'client-first'
  | 'server-first'
  | 'half-closed'
  | 'simultaneous'
  | 'reset-by-client'
  | 'reset-by-server'
  | 'refused'
  | 'unanswered'
  | 'silent'

export type UdpEnding = 'answered' | 'unanswered' | 'unreachable'

export type Endings = Partial<Record<TcpEnding | UdpEnding, number>>

export interface UdpSide {
  readonly address: string
  readonly port: number
  frames: number
  /** whole frames, Ethernet's padding included */
  frameBytes: number
  /** application bytes, those sent again counted again */
  payloadBytes: number
}

export interface TcpSide extends UdpSide {
  /** application bytes, each counted once */
  uniqueBytes: number
  /** segments that the sender sent again, SYN and FIN among them, and the application bytes in them */
  retransmissions: number
  retransmittedBytes: number
  /** segments that the network delivered before the capture behind later ones */
  outOfOrder: number
  /** second copies that the network made */
  duplicates: number
  /** ACKs sent because a segment came out of order or twice */
  duplicateAcks: number
  /** segments lost on the way to the capture, which never saw them, and after it */
  lostBefore: number
  lostAfter: number
}

export interface TcpTruth {
  readonly protocol: 'tcp'
  /** Wireshark's tcp.stream */
  stream: number
  readonly client: TcpSide
  readonly server: TcpSide
  readonly ending: TcpEnding
}

export interface UdpTruth {
  readonly protocol: 'udp'
  /** Wireshark's udp.stream */
  stream: number
  readonly client: UdpSide
  readonly server: UdpSide
  readonly ending: UdpEnding
}

export interface Summary {
  readonly protocol: 'summary'
  readonly profile: string
  readonly seed: number
  readonly scale: number
  packets: number
  bytes: number
  tcpSessions: number
  udpSessions: number
  /** how many sessions ended in which way, over both protocols */
  readonly endings: Endings
}

export type TruthLine = TcpTruth | UdpTruth | Summary

export class TruthWriter {
  readonly #file: number
  #pending = ''

  constructor(path: string) {
    this.#file = openSync(path, 'w')
  }

  write(line: TruthLine): void {
    this.#pending += JSON.stringify(line) + '\n'
    if (this.#pending.length > 1 << 20) this.#flush()
  }

  close(): void {
    this.#flush()
    closeSync(this.#file)
  }

  #flush(): void {
    const bytes = Buffer.from(this.#pending)
    for (let written = 0; written < bytes.length; ) written += writeSync(this.#file, bytes, written)
    this.#pending = ''
  }
}
