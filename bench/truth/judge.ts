/** What the analysis says of a capture of one session, with the headers as they are, and as hosts write them that stamp and number nothing. */
import { verifyTransport } from '../../src/decode/checksums.js'
import { Decoder } from '../../src/decode/decoder.js'
import { openCapture } from '../../src/files/open.js'
import type { Packet } from '../../src/packet.js'
import type { TruthOfSession } from '../../src/sessions/tcp/truth/result.js'
import { TcpTruth } from '../../src/sessions/tcp/truth/truth.js'

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

/** `isBare`: as if the hosts had sent no timestamps, and an IP identification of 0. */
export async function judge(file: string, isBare: boolean): Promise<TruthOfSession> {
  const truth = new TcpTruth()
  truth.reset()
  let client = -1
  let start = 0
  await eachSegment(file, (packet) => {
    if (client < 0) {
      client = packet.tcp.sourcePort
      start = packet.seconds
    }
    if (isBare) {
      packet.identification = 0
      packet.tcp.hasTimestamps = false
    }
    const direction = packet.tcp.sourcePort === client ? 0 : 1
    truth.observe(packet, direction, (packet.seconds - start) * 1e9 + packet.nanoseconds)
  })
  return truth.finish()
}
