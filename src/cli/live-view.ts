/**
 * The display of a live capture: each session's timeline grows as its packets come. Lines go out in the order in which they
 * are printed and never change, so that several sessions at a time must share the screen: one has the floor until it pauses,
 * or until the others have waited for long enough; a gutter says whose lines they are, in words and in colour.
 *
 * What comes faster than it can be drawn, or printed, is counted and not drawn.
 */
import { append } from '../bytes/lists.js'
import { countOf, formatSize } from '../bytes/units.js'
import type { Packet } from '../packet.js'
import type { LadderOptions } from '../render/ladder/ladder.js'
import { LiveLadder } from '../render/ladder/live.js'
import type { Paint } from '../render/style.js'
import { padEnd } from '../render/width.js'
import type { PacketFacts } from '../sessions/facts.js'
import type { Session } from '../sessions/session.js'
import type { SessionSummary } from '../sessions/summary.js'
import { TimelineBuilder } from '../timeline/builder.js'
import { fold } from '../timeline/fold.js'
import type { TimelineEvent } from '../timeline/model.js'

export interface LiveViewOptions extends LadderOptions {
  readonly summarize: (session: Session) => SessionSummary
  /** colours of the gutter, taken in turn; none: it says in words alone whose lines they are */
  readonly marks: readonly Paint[]
  readonly print: (lines: readonly string[]) => void
  /** false while printing is behind */
  readonly keepsUp: () => boolean
  /** where the packets are that were not drawn: `lab.pcapng` */
  readonly file?: string
}

/** Milliseconds without a packet after which a session has paused, and others may have the floor. */
const PAUSE = 150
/** Milliseconds that the others wait for the floor at the most. */
const PATIENCE = 1000
/** Events drawn between two ticks, at the most. */
const EVENTS_AT_ONCE = 2000
/** Sessions whose timelines can go on, of each protocol; the one that began first is forgotten, and may begin anew. */
const MAX_SESSIONS = 1000

const GUTTER = 'tcp:12345 '.length

interface LiveSession {
  readonly mark: string
  readonly ladder: LiveLadder
  readonly builder: TimelineBuilder
  readonly waiting: TimelineEvent[]
  /** when the first of these came, and the last */
  since: number
  last: number
  /** packets that were not drawn, and their payload */
  passed: number
  passedBytes: number
  /** some passed since the last event: a silence before the next is none */
  isBehind: boolean
  isAnnounced: boolean
  /** what became of it, to be said once */
  ending: SessionSummary | undefined
  isOver: boolean
}

export class LiveView {
  /** packets that were counted and not drawn */
  passed = 0
  readonly #options: LiveViewOptions
  /** by number, in the order in which they began */
  readonly #sessions = { tcp: new Map<number, LiveSession>(), udp: new Map<number, LiveSession>() }
  #floor: LiveSession | undefined
  #drawn = 0
  #begun = 0
  /** packets of sessions that were not even begun */
  #strangers = 0

  constructor(options: LiveViewOptions) {
    this.#options = { ...options, width: options.width - GUTTER }
  }

  /** The next packet. */
  add(packet: Packet, facts: PacketFacts, now: number): void {
    const { session } = facts
    if (session === undefined) return
    const isTooMuch = this.#drawn >= EVENTS_AT_ONCE || !this.#options.keepsUp()
    const live =
      this.#sessions[session.protocol].get(session.number) ??
      (isTooMuch ? undefined : this.#begin(session, packet, now))
    if (isTooMuch) this.passed++
    if (live === undefined) {
      this.#strangers++
      return
    }
    if (isTooMuch) {
      live.passed++
      live.passedBytes += packet.payloadLength
      live.isBehind = true
    } else {
      this.#drawn++
      if (live.waiting.length === 0) live.since = now
      const events = live.builder.add(packet, facts)
      live.waiting.push(...events.filter(({ kind }) => !live.isBehind || kind !== 'silence'))
      live.isBehind = false
    }
    live.last = now
    if (session.over && !live.isOver) {
      live.isOver = true
      live.ending = this.#options.summarize(session)
    }
  }

  /** Prints what there is of the session that has the floor; to be called when there are no more packets for now. */
  flush(now: number): void {
    const floor = this.#floor
    const others = this.#waiting().filter((live) => live !== floor)
    if (floor !== undefined) this.#show(floor)
    const [next] = others.sort((a, b) => a.since - b.since)
    if (next === undefined) return
    const isFree = floor === undefined || now - floor.last > PAUSE || floor.isOver
    if (!isFree && now - next.since < PATIENCE) return
    this.#floor = next
    this.#show(next)
  }

  /** To be called every tenth of a second. */
  tick(now: number): void {
    this.#drawn = 0
    if (this.#strangers > 0)
      this.#options.print([
        this.#remark(`${countOf(this.#strangers, 'packet')} of other sessions came too fast to be shown`),
      ])
    this.#strangers = 0
    this.flush(now)
  }

  /** Packets that the view was never given. */
  missed(packets: number): void {
    this.#options.print([this.#remark(`${countOf(packets, 'packet')} went by unseen`)])
  }

  /** Prints all there is, and what became of the sessions that were still open. */
  end(endings: readonly SessionSummary[]): void {
    this.tick(performance.now())
    for (const summary of endings) {
      const live = this.#sessions[summary.protocol].get(summary.session)
      if (live !== undefined && !live.isOver) live.ending = summary
    }
    for (const live of [this.#floor, ...this.#waiting()]) if (live !== undefined) this.#show(live)
  }

  /** The sessions that have something to be printed. */
  #waiting(): LiveSession[] {
    const { tcp, udp } = this.#sessions
    return [...tcp.values(), ...udp.values()].filter(
      (live) => live.waiting.length > 0 || live.passed > 0 || live.ending !== undefined,
    )
  }

  #begin(session: Session, packet: Packet, now: number): LiveSession {
    const { marks, summarize } = this.#options
    const paint = marks[this.#begun++ % marks.length] ?? ((text: string) => text)
    const live: LiveSession = {
      mark: paint(padEnd(`${session.protocol}:${session.number}`, GUTTER)),
      ladder: new LiveLadder(summarize(session), packet.timeDigits, this.#options),
      builder: new TimelineBuilder(true),
      waiting: [],
      since: now,
      last: now,
      passed: 0,
      passedBytes: 0,
      isBehind: false,
      isAnnounced: false,
      ending: undefined,
      isOver: false,
    }
    const known = this.#sessions[session.protocol]
    const [oldest] = known
    if (known.size >= MAX_SESSIONS && oldest !== undefined) this.#forget(known, ...oldest)
    known.set(session.number, live)
    return live
  }

  #forget(known: Map<number, LiveSession>, number: number, live: LiveSession): void {
    if (this.#floor === live) this.#floor = undefined
    this.#show(live)
    known.delete(number)
  }

  #show(live: LiveSession): void {
    const lines: string[] = []
    if (!live.isAnnounced) {
      live.isAnnounced = true
      lines.push('', ...live.ladder.heading())
    }
    append(lines, live.ladder.rows(fold(live.waiting)))
    if (live.passed > 0) {
      const what = `${countOf(live.passed, 'packet')} (${formatSize(live.passedBytes)}) came too fast to be shown`
      lines.push(this.#remark(what))
    }
    if (live.ending !== undefined) lines.push(...live.ladder.ending(live.ending))
    live.waiting.length = 0
    live.passed = 0
    live.passedBytes = 0
    live.ending = undefined
    this.#options.print(lines.map((line) => (line === '' ? '' : live.mark + line)))
  }

  #remark(text: string): string {
    const { file, theme } = this.#options
    return theme.trouble(` … ${text}${file === undefined ? '' : `; ${file} has them`}`)
  }
}
