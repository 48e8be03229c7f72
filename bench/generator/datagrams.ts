/** What goes on beside TCP: UDP conversations, DNS look-ups, ARP and neighbour discovery, pings. */
import { Flow, ICMP, ICMPV6, UDP, writeArp } from './frames.js'
import type { Endpoint, Host } from './hosts.js'
import { writePayload } from './payload.js'
import type { Story } from './scheduler.js'
import type { UdpEnding, UdpSide, UdpTruth } from './truth.js'
import type { World } from './world.js'

const ETHERNET = 14
const UDP_HEADER = 8
const DNS_HEADER = 12
const ICMP_HEADER = 8

/** A client sends some datagrams to a server that answers each, or none, or is not there (ICMP port unreachable). */
export function* udpConversation(world: World, client: Endpoint, server: Endpoint, ending: UdpEnding): Story {
  const { random } = world
  const session = new UdpSession(world, client, server, ending)
  const base = random.bits()
  for (let exchanges = ending === 'unreachable' ? 1 : random.between(1, 6), offset = 0; exchanges > 0; exchanges--) {
    const length = random.between(4, 40)
    session.send('client', length, (at) => writePayload(world.out, at, base, offset, length))
    offset += length
    yield random.between(200, 30_000)
    if (ending === 'unreachable') session.refuse()
    else if (ending === 'answered') {
      session.send('server', length, (at) => writePayload(world.out, at, base, offset, length))
    }
    yield random.between(1_000, 100_000)
  }
  session.end()
}

/** A question for an address (RFC 1035 §4), and mostly its answer. */
export function* dnsLookup(world: World, client: Endpoint, resolver: Endpoint, answer: Host): Story {
  const { random } = world
  const isAnswered = !random.chance(world.network.loss)
  const session = new UdpSession(world, client, resolver, isAnswered ? 'answered' : 'unanswered')
  const identifier = random.bits() & 0xffff
  const question = dnsQuestion(`host-${random.between(1, 999)}.lab.example`, answer.address.length === 4 ? 1 : 28)
  const rdata = answer.address

  session.send('client', DNS_HEADER + question.length, (at) => {
    writeDnsHeader(world, at, identifier, 0x0100, 0)
    world.out.bytes.set(question, at + DNS_HEADER)
  })
  yield random.between(200, 20_000)
  if (isAnswered) {
    session.send('server', DNS_HEADER + question.length + 12 + rdata.length, (at) => {
      writeDnsHeader(world, at, identifier, 0x8180, 1)
      let to = at + DNS_HEADER
      world.out.bytes.set(question, to)
      to += question.length
      // the name is the question's, the type and class too; for five minutes
      world.out.view.setUint16(to, 0xc00c)
      world.out.bytes.set(question.subarray(-4), to + 2)
      world.out.view.setUint32(to + 6, 300)
      world.out.view.setUint16(to + 10, rdata.length)
      world.out.bytes.set(rdata, to + 12)
    })
    yield random.between(100, 2_000)
  }
  session.end()
}

/** Who has the address: ARP for IPv4, a neighbour solicitation and its advertisement for IPv6 (RFC 4861 §4.3, §4.4). */
export function* resolveNeighbour(world: World, asker: Host, owner: Host): Story {
  const delay = world.random.between(20, 500)
  if (asker.address.length === 4) {
    writeArp(world.out, world.now, asker, owner, false)
    yield delay
    writeArp(world.out, world.now, owner, asker, true)
  } else {
    writeNeighbour(world, asker, owner, owner, 135, 0, 1)
    yield delay
    // solicited, override
    writeNeighbour(world, owner, asker, owner, 136, 0x60, 2)
  }
  yield delay
}

/** Some echo requests and their replies (RFC 792, RFC 4443 §4). */
export function* ping(world: World, from: Host, to: Host): Story {
  const { random } = world
  const isV4 = from.address.length === 4
  const protocol = isV4 ? ICMP : ICMPV6
  const there = new Flow({ host: from, port: 0 }, { host: to, port: 0 }, protocol, 64)
  const back = new Flow({ host: to, port: 0 }, { host: from, port: 0 }, protocol, 61)
  const identifier = random.bits() & 0xffff
  for (let sequence = 1, count = random.between(1, 4); sequence <= count; sequence++) {
    writeEcho(world, there, isV4 ? 8 : 128, identifier, sequence)
    yield random.between(100, 30_000)
    if (!random.chance(world.network.loss)) writeEcho(world, back, isV4 ? 0 : 129, identifier, sequence)
    yield random.between(10_000, 1_000_000)
  }
}

class UdpSession {
  readonly #world: World
  readonly #flows: Record<'client' | 'server', Flow>
  readonly #truth: UdpTruth
  readonly #client: Endpoint
  readonly #server: Endpoint
  #identification: number
  /** the last datagram sent, from its IP header on */
  #sent = new Uint8Array()

  constructor(world: World, client: Endpoint, server: Endpoint, ending: UdpEnding) {
    this.#world = world
    this.#client = client
    this.#server = server
    this.#flows = { client: new Flow(client, server, UDP, 64), server: new Flow(server, client, UDP, 61) }
    this.#truth = { protocol: 'udp', stream: -1, client: side(client), server: side(server), ending }
    this.#identification = world.random.bits()
  }

  send(by: 'client' | 'server', length: number, writeData: (at: number) => void): void {
    const { out, now } = this.#world
    if (this.#truth.stream < 0) this.#truth.stream = this.#world.udpSessions++
    const flow = this.#flows[by]
    const at = flow.open(out, UDP_HEADER + length, this.#identification++ & 0xffff)
    out.view.setUint16(at + 4, UDP_HEADER + length)
    writeData(at + UDP_HEADER)
    const side = this.#truth[by]
    side.frames++
    side.payloadBytes += length
    side.frameBytes += flow.close(out, now, at, UDP_HEADER + length, at + 6)
    this.#sent = out.bytes.slice(at - flow.transport + ETHERNET, at + UDP_HEADER + length)
  }

  /** The server's host has nobody at that port: it says so, and quotes the datagram (RFC 792, RFC 4443 §3.1). */
  refuse(): void {
    const { out, now } = this.#world
    const { client } = this.#flows
    const isV4 = client.version === 4
    const flow = new Flow({ ...this.#server, port: 0 }, { ...this.#client, port: 0 }, isV4 ? ICMP : ICMPV6, 61)
    const length = ICMP_HEADER + this.#sent.length
    const at = flow.open(out, length, this.#identification++ & 0xffff)
    out.view.setUint32(at, isV4 ? 0x03030000 : 0x01040000)
    out.view.setUint32(at + 4, 0)
    out.bytes.set(this.#sent, at + ICMP_HEADER)
    flow.close(out, now, at, length, at + 2)
  }

  end(): void {
    this.#world.record(this.#truth)
  }
}

function side(endpoint: Endpoint): UdpSide {
  return { address: endpoint.host.text, port: endpoint.port, frames: 0, frameBytes: 0, payloadBytes: 0 }
}

function writeDnsHeader(world: World, at: number, identifier: number, flags: number, answers: number): void {
  const { view } = world.out
  view.setUint16(at, identifier)
  view.setUint16(at + 2, flags)
  view.setUint16(at + 4, 1)
  view.setUint16(at + 6, answers)
  view.setUint32(at + 8, 0)
}

/** The name's labels, the type, and class IN. */
function dnsQuestion(name: string, type: number): Uint8Array {
  const labels = name.split('.').map((label) => String.fromCharCode(label.length) + label)
  return Buffer.from(`${labels.join('')}\0\0${String.fromCharCode(type)}\0\x01`, 'latin1')
}

function writeEcho(world: World, flow: Flow, type: number, identifier: number, sequence: number): void {
  const { out, now } = world
  const length = ICMP_HEADER + 48
  const at = flow.open(out, length, sequence)
  out.view.setUint16(at, type << 8)
  out.view.setUint16(at + 4, identifier)
  out.view.setUint16(at + 6, sequence)
  writePayload(out, at + ICMP_HEADER, identifier, sequence, 48)
  flow.close(out, now, at, length, at + 2)
}

/** A neighbour message about `target`, with the sender's link-layer address as its option. */
function writeNeighbour(
  world: World,
  from: Host,
  to: Host,
  target: Host,
  type: number,
  flags: number,
  option: number,
): void {
  const { out, now } = world
  // both must have crossed no router (RFC 4861 §7.1)
  const flow = new Flow({ host: from, port: 0 }, { host: to, port: 0 }, ICMPV6, 255)
  const length = 32
  const at = flow.open(out, length, 0)
  out.view.setUint16(at, type << 8)
  out.view.setUint32(at + 4, flags << 24)
  out.bytes.set(target.address, at + 8)
  out.bytes.set([option, 1, ...from.mac], at + 24)
  flow.close(out, now, at, length, at + 2)
}
