/** What every story shares: the time, the randomness, the capture and the truth about it. */
import type { PcapWriter } from './pcap-writer.js'
import type { Random } from './random.js'
import type { Endings, TcpTruth, TruthWriter, UdpTruth } from './truth.js'

/** What the network does to a packet: probabilities. */
export interface Network {
  /** half of the losses happen before the capture, half after it */
  readonly loss: number
  readonly reordering: number
  readonly duplication: number
}

export class World {
  /** microseconds since the capture's start */
  now = 0
  tcpSessions = 0
  udpSessions = 0
  readonly endings: Endings = {}

  readonly random: Random
  readonly out: PcapWriter
  readonly truth: TruthWriter
  readonly network: Network

  constructor(random: Random, out: PcapWriter, truth: TruthWriter, network: Network) {
    this.random = random
    this.out = out
    this.truth = truth
    this.network = network
  }

  /** A session is over: what happened is written down. One of which the capture saw nothing never was. */
  record(session: TcpTruth | UdpTruth): void {
    if (session.stream < 0) return
    this.endings[session.ending] = (this.endings[session.ending] ?? 0) + 1
    this.truth.write(session)
  }
}
