/**
 * What a person wrote about a packet, a range of packets, a session, a phase of one, a moment, or the whole capture; and
 * how that is written as a comment in a pcapng file, so that Wireshark shows it too. A packet's note is the comment as it
 * is; the others are comments on their first packet that begin with a few words in brackets which say what they are about:
 *
 *     [#7–#12] the window closes here
 *     [session 0] asked once, answered once          (a UDP session: [session udp:0])
 *     [session 0, teardown] the server closed first
 *     [at 2.311391] the user presses Enter           (seconds since the capture's first packet)
 */
import { UsageError } from '../errors.js'
import type { PhaseName } from '../sessions/phases.js'

export type Target =
  | { readonly kind: 'capture' }
  | { readonly kind: 'packet'; readonly frame: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number }
  | { readonly kind: 'session'; readonly session: string; readonly phase?: PhaseName }
  /** seconds since the capture's first packet, as a decimal */
  | { readonly kind: 'time'; readonly at: string }
  /** an interface of the capture, by its number; only ever read */
  | { readonly kind: 'interface'; readonly id: number }

export interface Note {
  readonly target: Target
  readonly text: string
  /** written by synopsis, which may change it and take it away; a comment that others wrote stays */
  readonly ours: boolean
}

const PREFIX =
  /^\[(?:#(\d+)[–-]#?(\d+)|session ((?:udp:)?\d+)(?:, (handshake|data|teardown))?|at (\d+(?:\.\d{1,9})?))\] /

/** The comment that stands for a note. */
export function commentOf({ target, text }: Note): string {
  switch (target.kind) {
    case 'range':
      return `[#${target.from}–#${target.to}] ${text}`
    case 'session':
      return `[session ${target.session}${target.phase === undefined ? '' : `, ${target.phase}`}] ${text}`
    case 'time':
      return `[at ${target.at}] ${text}`
    default:
      return text
  }
}

/** What a comment on a packet is about, whoever wrote it. */
export function noteOfComment(frame: number, comment: string, ours: boolean): Note {
  const [prefix, from, to, session, phase, at] = PREFIX.exec(comment) ?? []
  if (prefix === undefined) return { target: { kind: 'packet', frame }, text: comment, ours }
  const text = comment.slice(prefix.length)
  if (from !== undefined) return { target: { kind: 'range', from: Number(from), to: Number(to) }, text, ours }
  if (at !== undefined) return { target: { kind: 'time', at }, text, ours }
  const about = { kind: 'session', session: session ?? '' } as const
  return { target: phase === undefined ? about : { ...about, phase: phase as PhaseName }, text, ours }
}

/** `#7`, `#7–#12`, `session 0, teardown`, `at 2.311391`, `the capture`. */
export function targetName(target: Target): string {
  switch (target.kind) {
    case 'capture':
      return 'the capture'
    case 'interface':
      return `interface ${target.id}`
    case 'packet':
      return `#${target.frame}`
    default:
      return commentOf({ target, text: '', ours: true }).slice(1, -2)
  }
}

/** `7` or `7-12`. @throws UsageError */
export function parsePackets(text: string): Target {
  const [, from, to] = /^#?(\d+)(?:\s*[-–]\s*#?(\d+))?$/.exec(text.trim()) ?? []
  const first = Number(from)
  const last = to === undefined ? first : Number(to)
  if (from === undefined || first < 1 || last < first) {
    throw new UsageError(`${text} names no packets: write a number, as in 7, or a range, as in 7-12`)
  }
  return first === last ? { kind: 'packet', frame: first } : { kind: 'range', from: first, to: last }
}

/** `0`, `tcp:0` or `udp:0`. @throws UsageError */
export function parseSession(text: string, phase?: string): Target {
  const [, protocol, number] = /^(?:(tcp|udp):)?(\d+)$/.exec(text.trim()) ?? []
  if (number === undefined) throw new UsageError(`${text} is no session: write its number, or tcp:0, or udp:0`)
  const session = protocol === 'udp' ? `udp:${Number(number)}` : String(Number(number))
  if (phase === undefined) return { kind: 'session', session }
  if (phase !== 'handshake' && phase !== 'data' && phase !== 'teardown') {
    throw new UsageError(`${phase} is no phase: handshake, data and teardown are`)
  }
  return { kind: 'session', session, phase }
}

/** Seconds since the capture's first packet. @throws UsageError */
export function parseTime(text: string): Target {
  const at = text.trim()
  if (!/^\d+(\.\d{1,9})?$/.test(at)) {
    throw new UsageError(`${text} is no moment: write seconds since the first packet, as in 2.311391`)
  }
  return { kind: 'time', at }
}
