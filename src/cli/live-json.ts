/** The events of a live capture as JSON, one object a line: those of a timeline, each with the session that it belongs to. */
import { printableJson } from '../bytes/printable.js'
import type { Packet } from '../packet.js'
import type { PacketFacts } from '../sessions/facts.js'
import type { Session } from '../sessions/session.js'
import type { SessionSummary } from '../sessions/summary.js'
import { TimelineBuilder } from '../timeline/builder.js'
import type { LiveSessions } from './live-display.js'

export interface LiveJsonOptions {
  readonly summarize: (session: Session) => SessionSummary
  readonly print: (text: string) => void
  /** false while printing is behind */
  readonly keepsUp: () => boolean
}

/** Sessions whose timelines can go on, of each protocol; the one that began first is forgotten. */
const MAX_SESSIONS = 1000

export class LiveJson implements LiveSessions {
  passed = 0
  readonly #options: LiveJsonOptions
  readonly #builders = { tcp: new Map<number, TimelineBuilder>(), udp: new Map<number, TimelineBuilder>() }
  readonly #over = { tcp: new Set<number>(), udp: new Set<number>() }
  #text = ''
  /** of those that passed, the ones that were not told yet */
  #untold = 0

  constructor(options: LiveJsonOptions) {
    this.#options = options
  }

  add(packet: Packet, facts: PacketFacts): void {
    const { session } = facts
    if (session === undefined) return
    if (!this.#options.keepsUp()) {
      this.passed++
      this.#untold++
      return
    }
    const { protocol, number } = session
    for (const event of this.#builder(protocol, number).add(packet, facts)) {
      this.#text += `${printableJson({ protocol, session: number, ...event })}\n`
    }
    if (session.over && !this.#over[protocol].has(number)) {
      this.#over[protocol].add(number)
      this.#end(this.#options.summarize(session))
    }
    if (this.#text.length > 65_536) this.flush()
  }

  flush(): void {
    if (this.#untold > 0) this.missed(this.#untold)
    this.#untold = 0
    this.#options.print(this.#text)
    this.#text = ''
  }

  tick(): void {
    this.flush()
  }

  missed(packets: number): void {
    this.#text += `${printableJson({ kind: 'missed', packets })}\n`
  }

  end(endings: readonly SessionSummary[]): void {
    for (const summary of endings) if (!this.#over[summary.protocol].has(summary.session)) this.#end(summary)
    this.flush()
  }

  #end(summary: SessionSummary): void {
    this.#text += `${printableJson({ kind: 'ending', ...summary })}\n`
  }

  #builder(protocol: 'tcp' | 'udp', number: number): TimelineBuilder {
    const known = this.#builders[protocol]
    const found = known.get(number)
    if (found !== undefined) return found
    const [oldest] = known.keys()
    if (known.size >= MAX_SESSIONS && oldest !== undefined) {
      known.delete(oldest)
      this.#over[protocol].delete(oldest)
    }
    const builder = new TimelineBuilder(true)
    known.set(number, builder)
    return builder
  }
}
