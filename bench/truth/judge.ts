/** What the analysis says of a capture's sessions, with the headers as they are, and as hosts write them that stamp and number nothing. */
import { ChecksumStatus, verifyTransport } from '../../src/decode/checksums.js'
import { Decoder } from '../../src/decode/decoder.js'
import { openCapture } from '../../src/files/open.js'
import { type Node, otherNode } from '../../src/labs/virtual/names.js'
import type { Packet } from '../../src/packet.js'
import type { TruthOfSession } from '../../src/sessions/tcp/truth/result.js'
import { TcpTruth, TruthMemory } from '../../src/sessions/tcp/truth/truth.js'
import { isServerPort } from './play.js'

const IPPROTO_TCP = 6

/** Each TCP segment of a capture, in its order; the packet is valid until `visit` returns. */
export async function eachSegment(file: string, visit: (packet: Packet) => void): Promise<void> {
  const source = await openCapture(file)
  const decoder = new Decoder()
  for await (const batch of source) {
    batch.forEach((packet) => {
      decoder.decode(packet)
      if (packet.transportProtocol !== IPPROTO_TCP) return
      verifyTransport(packet)
      visit(packet)
    })
  }
  await source.close()
}

/** What is said of one session of a capture. */
export interface JudgedSession {
  /** whose packet was the first: direction 0 is from there. Where the server's port tells nothing, that is the client's */
  readonly first: Node
  readonly truth: TruthOfSession
}

export interface How {
  /** as if the hosts had sent no timestamps, and an IP identification of 0 */
  readonly isBare: boolean
  /** as if the capture had begun so many frames later */
  readonly without?: number
}

/** The sessions of a capture, in the order of their first packets. */
export async function judge(file: string, { isBare, without = 0 }: How): Promise<JudgedSession[]> {
  const truth = new TcpTruth(new TruthMemory())
  const sessions = new Map<number, { slot: number; first: Node; firstPort: number; start: number }>()
  await eachSegment(file, (packet) => {
    if (packet.number <= without) return
    const { tcp } = packet
    const { sourcePort, destinationPort } = tcp
    const ports = Math.min(sourcePort, destinationPort) * 0x10000 + Math.max(sourcePort, destinationPort)
    let session = sessions.get(ports)
    if (session === undefined) {
      // damage to its ports has made it one of no transfer
      if (packet.transportChecksum === ChecksumStatus.bad) return
      const firstPort = sourcePort
      session = {
        slot: sessions.size,
        first: isServerPort(firstPort) ? 'server' : 'client',
        firstPort,
        start: packet.seconds,
      }
      sessions.set(ports, session)
      truth.select(session.slot).reset()
    }
    if (isBare) {
      packet.identification = 0
      tcp.hasTimestamps = false
    }
    const time = (packet.seconds - session.start) * 1e9 + packet.nanoseconds
    truth.take(session.slot, packet, sourcePort === session.firstPort ? 0 : 1, time)
  })
  return [...sessions.values()].map(({ slot, first }) => ({ first, truth: truth.select(slot).finish() }))
}

/** Was it captured at this node, as is said of it? */
export function isAt(node: Node, { first, truth: { vantage } }: JudgedSession): boolean {
  return vantage.place === 'end' && (vantage.end === 0 ? first : otherNode(first)) === node
}
