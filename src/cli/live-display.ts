/** What a capture shows while it goes on: timelines, JSON, or counts on a line that refreshes. */
import { formatCount, formatSize } from '../bytes/units.js'
import type { Capture } from '../capture/capture.js'
import type { Packet } from '../packet.js'
import { Pipeline } from '../pipeline.js'
import { toAscii } from '../render/ascii.js'
import { colourTheme, type Paint } from '../render/style.js'
import type { PacketFacts } from '../sessions/facts.js'
import type { Session } from '../sessions/session.js'
import { summarize } from '../sessions/summarize.js'
import type { SessionSummary } from '../sessions/summary.js'
import type { Options } from './capture-options.js'
import { LiveJson } from './live-json.js'
import { LiveView } from './live-view.js'
import { Printer } from './printer.js'
import type { Screen } from './screen.js'
import { writeAll } from './standard-output.js'
import { isTerminal, STDERR } from './terminal.js'

export interface Display {
  /** Looks at the capture until it ends. */
  run(capture: Capture): Promise<void>
  /** how many packets of `capture` have been shown so far */
  shown(capture: Capture): number
}

const TICK = 100

export function displayFor(options: Options, screen: Screen, readerGone: () => void): Display {
  if (options.quiet || options.write === '-') return new CountsDisplay()
  return new SessionsDisplay(options, screen, readerGone)
}

/** One line on a terminal's standard error; nothing where there is none. */
class CountsDisplay implements Display {
  shown(): number {
    return 0
  }

  async run(capture: Capture): Promise<void> {
    const show = isTerminal(STDERR)
    const refresh = () => writeAll(STDERR, Buffer.from(`\r\x1b[K${describeCounts(capture)}`))
    const ticker = show ? setInterval(refresh, TICK) : undefined
    try {
      for await (const _batch of capture) {
        // they are counted where they are captured
      }
    } finally {
      clearInterval(ticker)
      if (show) writeAll(STDERR, Buffer.from('\r\x1b[K'))
    }
  }
}

/** `1,007 packets · 93,080 B written · 0 dropped` */
function describeCounts(capture: Capture): string {
  const { captured, bytes, droppedByKernel, droppedByInterface } = capture.counts()
  const written = bytes > 0 ? ` · ${formatSize(bytes)} written` : ''
  return toAscii(
    `${formatCount(captured)} packets${written} · ${formatCount(droppedByKernel + droppedByInterface)} dropped`,
  )
}

const MARKS: readonly Paint[] = [
  colourTheme.handshake,
  colourTheme.teardown,
  colourTheme.state,
  colourTheme.data,
  colourTheme.note,
  colourTheme.reset,
]

/** What is done with the packets of sessions. */
export interface LiveSessions {
  /** packets that were counted and not shown */
  readonly passed: number
  add(packet: Packet, facts: PacketFacts, now: number): void
  /** there are no more packets for now */
  flush(now: number): void
  tick(now: number): void
  /** packets that it was never given */
  missed(packets: number): void
  end(endings: readonly SessionSummary[]): void
}

class SessionsDisplay implements Display {
  readonly #options: Options
  readonly #screen: Screen
  readonly #printer: Printer
  #sessions: LiveSessions | undefined

  constructor(options: Options, screen: Screen, readerGone: () => void) {
    this.#options = options
    this.#screen = screen
    this.#printer = new Printer(readerGone)
  }

  shown(capture: Capture): number {
    return capture.counts().shown - (this.#sessions?.passed ?? 0)
  }

  async run(capture: Capture): Promise<void> {
    const endings: SessionSummary[] = []
    const summary = (session: Session) => summarize(session, pipeline.tracker.addresses)
    let over = false
    let now = performance.now()
    const pipeline: Pipeline = new Pipeline({
      visit: (packet, facts) => sessions.add(packet, facts, now),
      ended: (session) => {
        if (over) endings.push(summary(session))
      },
    })
    const sessions = this.#sessionsDisplay(summary)
    this.#sessions = sessions
    let missed = 0
    const ticker = setInterval(() => {
      const { skipped } = capture.counts()
      if (skipped > missed) sessions.missed(skipped - missed)
      missed = skipped
      sessions.tick(performance.now())
    }, TICK)
    try {
      for await (const batch of capture) {
        now = performance.now()
        pipeline.feed(batch)
        sessions.flush(now)
      }
    } finally {
      clearInterval(ticker)
      over = true
      pipeline.finish()
      const { skipped } = capture.counts()
      if (skipped > missed) sessions.missed(skipped - missed)
      sessions.end(endings)
      await this.#printer.end()
    }
  }

  #sessionsDisplay(summary: (session: Session) => SessionSummary): LiveSessions {
    const { json, write: file } = this.#options
    const printer = this.#printer
    const keepsUp = () => printer.keepsUp
    if (json) return new LiveJson({ summarize: summary, keepsUp, print: (text) => printer.print(text) })
    const { theme, width, unicode } = this.#screen
    return new LiveView({
      theme,
      width,
      time: 'relative',
      rawNumbers: false,
      summarize: summary,
      marks: theme === colourTheme ? MARKS : [],
      keepsUp,
      print: (lines) => {
        const text = lines.map((line) => `${line}\n`).join('')
        printer.print(unicode ? text : toAscii(text))
      },
      ...(file !== undefined && { file }),
    })
  }
}
