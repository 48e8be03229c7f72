/**
 * What an HTML report carries: plain data, as JSON in the page, from which `src/page` draws everything. Its strings are
 * harmless (`printable`), but for what people wrote, which is saved again as it was.
 */

import type { Problem } from '../../explain/problems/problem.js'
import type { Target } from '../../notes/note.js'
import type { EndpointName } from '../../sessions/summary.js'
import type { Timeline } from '../../timeline/model.js'
import type { UnixTimeline } from '../../timeline/unix/model.js'
import type { Block, Made } from '../report/content.js'
import type { Columns } from './columns.js'
import type { Stretches } from './homes.js'

export interface PageModel {
  readonly made: Made
  /** how sessions are shown at first */
  readonly shown: PageOptions
  readonly captures: readonly PageCapture[]
  /** what logs of calls tell beside the captures, or alone */
  readonly logs?: PageLogs
}

export interface PageLogs {
  readonly files: readonly string[]
  readonly mistakes: readonly Block[]
  readonly unix: readonly {
    /** with its calls among its messages */
    readonly timeline: UnixTimeline
    readonly opening: readonly Block[]
    readonly words: readonly Block[]
  }[]
}

export interface PageOptions {
  /** the lab questions are answered */
  readonly questions: boolean
  /** socket calls stand in the ladders */
  readonly calls: boolean
  /** sequence numbers as they are on the wire */
  readonly absolute: boolean
  /** long runs of plain data are not folded */
  readonly unfold: boolean
}

export interface PageCapture {
  readonly file: string
  /** seconds since 1970 of its first packet, with nine decimals */
  readonly began: string
  /** what notes are written for, as `NoteFile.packets`; absent for part of a capture */
  readonly fingerprint?: string
  /** what was captured, where, when and with what */
  readonly about: readonly Block[]
  /** packets in all */
  readonly packets: number
  /** sessions in all */
  readonly sessions: number
  readonly rows: readonly PageRow[]
  readonly told: readonly ToldSession[]
  readonly homes: Stretches
  readonly notes: readonly PageNote[]
  readonly held: HeldFrames
  /** what the page does not have of the capture, a sentence each */
  readonly leftOut: readonly string[]
}

/** A session in the table. */
export interface PageRow {
  /** `tcp0`, `udp3` */
  readonly key: string
  readonly client: EndpointName
  readonly server: EndpointName
  readonly packets: number
  readonly bytes: number
  /** ns */
  readonly duration: number
  readonly verdict: string
  readonly well: boolean
}

/** A session that is told in full: its timeline is in an element of its own (`timelineId`), read when it is shown. */
export interface ToldSession {
  readonly key: string
  readonly problems: readonly Problem[]
}

/** A timeline as the page carries it: not folded, without comments and calls; of the longest, the first packets. */
export type PageTimeline = Omit<Timeline, 'events'> & { readonly events: Columns }

/** The id of the element that holds a session's timeline. */
export function timelineId(capture: number, key: string): string {
  return `timeline-${capture}-${key}`
}

/**
 * `others`: a comment in the capture that others wrote; `capture`: one that synopsis wrote there; `beside`: of a YAML file;
 * `page`: written in the page.
 */
export type NoteOrigin = 'others' | 'capture' | 'beside' | 'page'

export interface PageNote {
  readonly target: Target
  readonly text: string
  readonly origin: NoteOrigin
  /** the packet that it stands on; 0: none */
  readonly frame: number
  /** of `others` and `capture`: which of the capture's notes it is, from 1 */
  readonly number?: number
}

/** The frames whose bytes are in the page: a pcapng, base64-encoded, in an element of its own (`bytesId`). */
export interface HeldFrames {
  /** the pcapng is the whole capture, and can be saved with notes in it */
  readonly whole: boolean
  /** the frames' numbers in the capture, in their order in the pcapng; absent where it is whole: they count from 1 */
  readonly numbers?: readonly number[]
  /** bytes kept of each, where not all are */
  readonly kept?: number
}

/** The id of the element that holds a capture's bytes. */
export function bytesId(capture: number): string {
  return `capture-${capture}`
}
