/** Writes the datagrams of one UDP conversation for tests, and tells it as the commands do: in two passes. */
import { Pipeline } from '../../src/pipeline.js'
import { summarize } from '../../src/sessions/summarize.js'
import type { UdpSummary } from '../../src/sessions/summary.js'
import { TimelineBuilder } from '../../src/timeline/builder.js'
import type { Timeline } from '../../src/timeline/model.js'
import { ethernet, fromHex, ipv4, word } from '../decode/support.js'
import { batchOf, type Frame } from './conversation.js'

const CLIENT = 'c0a83801'
const SERVER = 'c0a8380a'

export class Datagrams {
  readonly frames: Frame[] = []
  readonly #ports: readonly [number, number]
  readonly #destination: { readonly address: string; readonly mac: string }
  #now = 0

  constructor(serverPort: number, clientPort = 40000, destination = { address: SERVER, mac: '005056c00001' }) {
    this.#ports = [clientPort, serverPort]
    this.#destination = destination
  }

  /** From the client, so many ms after what came before; in hexadecimal, and without a checksum. */
  client(payload: string, after = 1, checksum = '0000'): this {
    const [from, to] = this.#ports
    return this.#send(this.#packet(from, to, payload, CLIENT, this.#destination.address, checksum), after)
  }

  server(payload: string, after = 1): this {
    const [to, from] = this.#ports
    return this.#send(this.#packet(from, to, payload, this.#destination.address, CLIENT), after)
  }

  /** An ICMP error about the frame of that number, counted from 1: a port unreachable unless it is said. */
  error(frame: number, after = 1, what = '0303'): this {
    const quoted = this.frames[frame - 1]?.bytes.subarray(14) ?? new Uint8Array(0)
    const hex = Buffer.from(quoted).toString('hex')
    const header = ipv4(1, 8 + quoted.length).replace(`${CLIENT} ${SERVER}`, `${SERVER} ${CLIENT}`)
    return this.#send(`${header} ${what} 0000 00000000 ${hex}`, after)
  }

  #packet(from: number, to: number, payload: string, source: string, destination: string, checksum = '0000'): string {
    const length = 8 + fromHex(payload).length
    const header = ipv4(17, length)
      .replace(`${CLIENT} ${SERVER}`, `${source} ${destination}`)
      .replace('1234', word(this.frames.length + 1))
    return `${header} ${word(from)} ${word(to)} ${word(length)} ${checksum} ${payload}`
  }

  #send(packet: string, after: number): this {
    this.#now += after * 1e6
    const link = ethernet('0800').replace('005056c00001', this.#destination.mac)
    this.frames.push({ bytes: fromHex(`${link} ${packet}`), time: this.#now })
    return this
  }

  timeline(): Timeline & { readonly summary: UdpSummary } {
    const summaries: UdpSummary[] = []
    const first = new Pipeline({
      ended: (session) => {
        const summary = summarize(session, first.tracker.addresses)
        if (summary.protocol === 'udp') summaries.push(summary)
      },
      analyse: false,
    })
    first.feed(batchOf(this.frames))
    first.finish()
    const builder = new TimelineBuilder()
    const visit: ConstructorParameters<typeof Pipeline>[0]['visit'] = (packet, facts) => {
      if (facts.session !== undefined) builder.add(packet, facts)
    }
    const second = new Pipeline({ visit, foreknown: first.tracker.learned })
    second.feed(batchOf(this.frames))
    second.finish()
    const [summary] = summaries
    if (summary === undefined || summaries.length > 1) throw new Error(`${summaries.length} conversations`)
    return { ...builder.finish(summary), summary }
  }
}
