/** Makes a capture of a profile, with the truth beside it. The same seed and scale give the same bytes. */
import { dnsLookup, ping, resolveNeighbour, udpConversation } from './datagrams.js'
import { Flow, TCP } from './frames.js'
import { type Endpoint, type Host, host } from './hosts.js'
import { PcapWriter } from './pcap-writer.js'
import { endings, type Profile } from './profiles.js'
import { Random } from './random.js'
import { runStories, type Story } from './scheduler.js'
import { newSegment, type Options, SYN, writeSegment } from './tcp-segment.js'
import { type TcpPlan, tcpSession } from './tcp-session.js'
import { type Summary, TruthWriter, type UdpEnding } from './truth.js'
import { World } from './world.js'

const CLIENTS = 2_000
const SERVERS = 200
/** what servers listen on; none that tools take for a protocol which the payload is not */
const PORTS = [7, 5001, 9000, 51717] as const

export function truthPath(capture: string): string {
  return `${capture}.truth.ndjson`
}

/** Writes `path` and its truth; gives the truth's last line. `scale` is the part of the profile's sessions to make. */
export function makeCapture(path: string, profile: Profile, seed: number, scale: number): Summary {
  const world = new World(new Random(seed), new PcapWriter(path), new TruthWriter(truthPath(path)), profile.network)
  const sessions = Math.max(1, Math.round(profile.sessions * scale))
  if (profile.name === 'synflood') flood(world, sessions)
  else new Lab(world, profile, sessions).run()
  world.out.close()
  const summary: Summary = {
    protocol: 'summary',
    profile: profile.name,
    seed,
    scale,
    packets: world.out.packets,
    bytes: world.out.size,
    tcpSessions: world.tcpSessions,
    udpSessions: world.udpSessions,
    endings: world.endings,
  }
  world.truth.write(summary)
  world.truth.close()
  return summary
}

/** Many hosts at work: as many sessions at once as the profile says, each followed by the next until all have been. */
class Lab {
  readonly #world: World
  readonly #profile: Profile
  #left: number
  readonly #open: number
  readonly #clients: readonly Host[]
  readonly #servers: readonly Host[]
  readonly #nextPort = new Map<Host, number>()
  /** tuples of sessions that ended in order, the oldest first: some are used again */
  readonly #ended: TcpPlan[] = []

  constructor(world: World, profile: Profile, sessions: number) {
    this.#world = world
    this.#profile = profile
    this.#left = sessions
    // a scaled-down capture is still one in which sessions follow each other
    this.#open = Math.min(profile.open, Math.ceil(sessions / 4))
    // every fifth host speaks IPv6
    const version = (i: number) => (i % 5 === 0 ? 6 : 4)
    this.#clients = Array.from({ length: CLIENTS }, (_, i) => host(1, i + 1, version(i)))
    this.#servers = Array.from({ length: SERVERS }, (_, i) => host(2, i + 1, version(i)))
  }

  run(): void {
    const stories = Array.from({ length: this.#open }, () => this.#place())
    runStories(stories, (time) => {
      this.#world.now = time
    })
  }

  /** One place in the capture: sessions one after the other, each with what goes on around it. */
  *#place(): Story {
    const { random } = this.#world
    yield random.between(0, 1_000_000)
    while (this.#left > 0) {
      this.#left--
      const plan = this.#plan()
      yield* this.#prelude(plan)
      yield* tcpSession(this.#world, plan)
      if (plan.ending === 'client-first' || plan.ending === 'server-first') this.#remember(plan)
      yield random.between(0, 100_000)
    }
  }

  *#prelude(plan: TcpPlan): Story {
    const world = this.#world
    const { random } = world
    const { client, server } = plan
    if (random.chance(0.05)) yield* resolveNeighbour(world, client.host, server.host)
    if (random.chance(0.1)) {
      const resolver = { host: this.#serverFor(client.host), port: 53 }
      yield* dnsLookup(world, this.#fresh(client.host), resolver, server.host)
    }
    if (random.chance(0.02)) yield* ping(world, client.host, server.host)
    if (random.chance(0.03)) {
      const ending = random.weighted<UdpEnding>([
        ['answered', 8],
        ['unanswered', 1],
        ['unreachable', 1],
      ])
      yield* udpConversation(world, this.#fresh(client.host), server, ending)
    }
  }

  #plan(): TcpPlan {
    const { random } = this.#world
    const { exchanges, request, response, segment, flight } = this.#profile
    const again = this.#ended.length >= 50 && random.chance(0.005) ? this.#ended.shift() : undefined
    const client = again?.client ?? this.#fresh(random.pick(this.#clients))
    const server = again?.server ?? { host: this.#serverFor(client.host), port: random.pick(PORTS) }
    const options = this.#options(server.host)
    // what the header has no room for, its options counted (RFC 6691)
    const largest = options.mss - (options.timestamps ? 12 : 0)
    return {
      client,
      server,
      options,
      ending: random.weighted(endings),
      exchanges: random.between(...exchanges),
      request,
      response,
      segment: [Math.min(segment[0], largest), Math.min(segment[1], largest)],
      flight,
    }
  }

  #options(server: Host): Options {
    const { random } = this.#world
    const mss = server.address.length === 4 ? 1460 : 1440
    return random.weighted<Options>([
      [{ mss, windowScale: 7, sack: true, timestamps: true }, 8],
      [{ mss, windowScale: 8, sack: true, timestamps: false }, 1],
      [{ mss, windowScale: -1, sack: false, timestamps: false }, 1],
    ])
  }

  #remember(plan: TcpPlan): void {
    this.#ended.push(plan)
    if (this.#ended.length > 100) this.#ended.shift()
  }

  /** The host with a port that it has not used yet. */
  #fresh(client: Host): Endpoint {
    const port = this.#nextPort.get(client) ?? this.#world.random.between(32_768, 40_000)
    this.#nextPort.set(client, port + 1)
    return { host: client, port }
  }

  /** A server that speaks the client's version of IP. */
  #serverFor(client: Host): Host {
    const { random } = this.#world
    for (;;) {
      const server = random.pick(this.#servers)
      if (server.address.length === client.address.length) return server
    }
  }
}

/** One SYN a session, five microseconds apart, from made-up addresses to one server. */
function flood(world: World, sessions: number): void {
  const server: Endpoint = { host: host(2, 1, 4), port: 80 }
  const options: Options = { mss: 1460, windowScale: -1, sack: false, timestamps: false }
  for (let i = 0; i < sessions; i++) {
    // an odd factor makes every one of 2³² numbers another: 20 bits of address, 12 of port
    const who = Math.imul(i, 0x9e3779b1) >>> 0
    const network = 16 + (who >>> 28)
    const address = Uint8Array.of(10, network, (who >>> 20) & 0xff, (who >>> 12) & 0xff)
    const client: Endpoint = { host: { mac: [2, 0, 4, 1, 0, 1], address, text: '' }, port: 1024 + (who & 0xfff) }
    const sender = {
      flow: new Flow(client, server, TCP, 64),
      initialSequence: world.random.bits(),
      payloadBase: 0,
      window: 1024,
    }
    const syn = newSegment(SYN, 0, 0)
    syn.identification = world.random.bits() & 0xffff
    writeSegment(world.out, i * 5, syn, sender, 0, options)
  }
  world.tcpSessions = sessions
  world.endings.unanswered = sessions
}
