/**
 * Frames in, sessions out: decodes each frame, finds its session, and tells whoever asked. One pass over a source needs
 * memory for what is open; what is only known at its end (`Learned`) can be handed to a second pass.
 */
import { Decoder } from './decode/decoder.js'
import type { Packet } from './packet.js'
import type { PacketFacts } from './sessions/facts.js'
import type { Learned } from './sessions/learned.js'
import { Observations } from './sessions/observations.js'
import type { Session } from './sessions/session.js'
import type { Successor } from './sessions/tcp/handover.js'
import type { WhichSessions } from './sessions/tcp/sessions.js'
import { Tracker } from './sessions/tracker.js'
import type { Batch, FrameSource } from './source.js'

export interface PipelineOptions {
  /** Called with each packet and what was found out about it; both are valid until it returns. */
  readonly visit?: (packet: Packet, facts: PacketFacts) => void
  /** Called with each session when it is let go; the object is reused once this returns: `summarize` it. */
  readonly ended?: (session: Session) => void
  /** Sessions open at once, at the most. */
  readonly maxOpen?: number
  /** Also analyse each TCP segment (see TrackerOptions). Default: true. */
  readonly analyse?: boolean | WhichSessions
  /** Who finds out in its stead what really happened (see TrackerOptions). */
  readonly successor?: Successor | undefined
  /** There is to be another pass (see TrackerOptions). Default: true. */
  readonly isForAnotherPass?: boolean
  /** What an earlier pass over the same capture has learned: `tracker.learned`. */
  readonly foreknown?: Learned
}

export class Pipeline {
  readonly tracker: Tracker
  readonly observations = new Observations()
  readonly #decoder = new Decoder()
  readonly #visit: (packet: Packet) => void

  constructor(options: PipelineOptions) {
    const { visit, ended = () => {} } = options
    const tracker = new Tracker({ ...options, isShown: visit !== undefined, ended })
    const decoder = this.#decoder
    const observations = this.observations
    this.tracker = tracker
    const { plainFrames } = tracker
    this.#visit = (packet) => {
      if (plainFrames?.take(packet) === true) {
        observations.observeFrame(packet)
        return
      }
      decoder.decode(packet)
      tracker.track(packet)
      observations.observe(packet)
      if (visit !== undefined) visit(packet, tracker.facts)
    }
  }

  feed(batch: Batch): void {
    batch.forEach(this.#visit)
  }

  /** There are no more frames: sessions that are still open are let go. */
  finish(): void {
    this.tracker.finish()
    const { datagrams, firstFrame } = this.#decoder.incomplete
    this.observations.incomplete = datagrams
    this.observations.firstIncomplete = firstFrame
    this.observations.unfinished = this.#decoder.unfinished
  }

  /** Feeds a whole source, and finishes. `afterBatch` may report progress; when it returns false, the rest is left. */
  async run(source: FrameSource, afterBatch: () => boolean | undefined = () => true): Promise<void> {
    for await (const batch of source) {
      this.feed(batch)
      if (afterBatch() === false) break
    }
    this.finish()
  }
}
