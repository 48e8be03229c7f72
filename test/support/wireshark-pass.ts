/** Runs the project's Wireshark analysis over segments or over a capture, in two passes as `tshark -2` does. */
import { Decoder } from '../../src/decode/decoder.js'
import { openCapture } from '../../src/files/open.js'
import { Packet } from '../../src/packet.js'
import { WiresharkAnalysis } from '../../src/sessions/tcp/wireshark/analysis.js'
import { AnnouncedConnections } from '../../src/sessions/tcp/wireshark/announced.js'
import { isNewConversation } from '../../src/sessions/tcp/wireshark/new-conversation.js'
import { ProxiedConnections } from '../../src/sessions/tcp/wireshark/proxied.js'
import { WiresharkResult } from '../../src/sessions/tcp/wireshark/result.js'
import { WiresharkTotals } from '../../src/sessions/tcp/wireshark/totals.js'
import { fillPacket, type Segment } from './tcp-segments.js'
import { printRow } from './wireshark-fields.js'

const TCP = 6

interface Stream {
  number: number
  analysis: WiresharkAnalysis
  seconds: number
  nanoseconds: number
  /** the endpoint that is direction 0 */
  client: string
}

/** The streams of one pass, found by their endpoints in the plainest way. */
class Streams {
  readonly all: Stream[] = []
  readonly result = new WiresharkResult()
  readonly announced = new AnnouncedConnections()
  readonly proxied = new ProxiedConnections()
  /** numbers that were given, those of proxied connections with them */
  count = 0
  readonly #known = new Map<string, Stream>()
  readonly #totals: WiresharkTotals | undefined

  constructor(totals?: WiresharkTotals) {
    this.#totals = totals
  }

  /** Analyses a segment between two endpoints; fills `result` and returns the stream's number. */
  take(packet: Packet, source: string, destination: string, isQuoted = false): number {
    const ends = [source, destination].sort().join(' ')
    let stream = this.#known.get(ends)
    const isReuse = stream !== undefined && beginsAnother(stream, source, packet)
    if (stream === undefined || isReuse) {
      stream = this.#begin(packet, source, isReuse)
      this.#known.set(ends, stream)
    }
    const direction = source === stream.client ? 0 : 1
    const time = (packet.seconds - stream.seconds) * 1e9 + (packet.nanoseconds - stream.nanoseconds)
    stream.analysis.analyse(packet, direction, time, this.result, isQuoted)
    return stream.number
  }

  totals(): WiresharkTotals {
    const totals = new WiresharkTotals()
    for (const stream of this.all) totals.save(stream.number, stream.analysis.conversation)
    return totals
  }

  #begin(packet: Packet, source: string, isReuse: boolean): Stream {
    const { seconds, nanoseconds } = packet
    const stream = { number: this.count++, analysis: new WiresharkAnalysis(), seconds, nanoseconds, client: source }
    stream.analysis.reset(isReuse, !isReuse && this.announced.take(packet))
    if (this.#totals !== undefined) stream.analysis.foresee(this.#totals, stream.number)
    this.all.push(stream)
    return stream
  }
}

function beginsAnother(stream: Stream, source: string, packet: Packet): boolean {
  const numbering = stream.analysis.conversation.numbering[source === stream.client ? 0 : 1]
  return isNewConversation(packet.tcp, numbering.isBaseKnown !== 0, numbering.base)
}

/** A row of `wiresharkFields` for each segment. */
export function segmentRows(segments: readonly Segment[]): string[][] {
  const packet = new Packet()
  const pass = (streams: Streams) =>
    segments.map((segment, index) => {
      fillPacket(packet, segment, index + 1)
      const source = `${segment.source}:${segment.sourcePort}`
      const number = streams.take(packet, source, `${segment.destination}:${segment.destinationPort}`)
      return printRow(number, streams.result)
    })
  const first = new Streams()
  pass(first)
  return pass(new Streams(first.totals()))
}

/** A row of `wiresharkFields` for each frame of a capture file that holds a TCP header, by the frame's number. */
export async function captureRows(file: string): Promise<Map<number, string[]>> {
  const first = new Streams()
  await pass(file, first, () => undefined)
  const second = new Streams(first.totals())
  const rows = new Map<number, string[]>()
  await pass(file, second, (frame, stream) => rows.set(frame, printRow(stream, second.result)))
  return rows
}

async function pass(file: string, streams: Streams, visit: (frame: number, stream: number) => void): Promise<void> {
  const decoder = new Decoder()
  const source = await openCapture(file)
  for await (const batch of source) {
    batch.forEach((packet) => {
      decoder.decode(packet)
      const { quoted } = packet
      if (packet.transportProtocol === TCP) {
        const number = streams.take(packet, endpoint(packet, 0), endpoint(packet, 1))
        visit(packet.number, number)
        streams.announced.listen(packet)
        if (streams.proxied.opens(packet, number)) streams.count++
      } else if (packet.hasQuoted && quoted?.transportProtocol === TCP) {
        streams.take(quoted, endpoint(quoted, 0), endpoint(quoted, 1), true)
      }
    })
  }
}

/** The sender's (0) or the receiver's (1) address and port. */
function endpoint(packet: Packet, which: 0 | 1): string {
  const [offset, length] = packet.networkVersion === 4 ? [12, 4] : [8, 16]
  const at = packet.frame.byteOffset + packet.network + offset + which * length
  const address = Buffer.from(packet.frame.buffer, at, length).toString('hex')
  return `${address}:${which === 0 ? packet.sourcePort : packet.destinationPort}`
}
