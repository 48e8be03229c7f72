/** Where notes belong: the packet that carries the comment. Found in two passes over the capture, all notes at once. */
import { push } from '../bytes/lists.js'
import { countOf } from '../bytes/units.js'
import { UsageError } from '../errors.js'
import { phaseName } from '../sessions/phases.js'
import type { FrameSource } from '../source.js'
import { revisit, survey } from '../survey.js'
import { type Target, targetName } from './note.js'

/** The frame for each target, in the same order; 0 for the whole capture. @throws UsageError for what is not there */
export async function placesOf(targets: readonly Target[], open: () => Promise<FrameSource>): Promise<number[]> {
  const first = await survey(await open(), () => {}, { analyse: false })
  const { packets, firstSeconds, firstNanoseconds } = first.observations
  const frames = targets.map((target) => frameOf(target, packets))
  if (!frames.includes(undefined)) return frames.map((frame) => frame ?? 0)
  const { moments, sessions } = sought(targets)
  await revisit(
    await open(),
    first,
    (packet, { session, phase }) => {
      const elapsed = (packet.seconds - firstSeconds) * 1e9 + (packet.nanoseconds - firstNanoseconds)
      for (let next = moments.at(-1); next !== undefined && elapsed >= next.at; next = moments.at(-1)) {
        frames[next.index] = packet.number
        moments.pop()
      }
      if (session === undefined || sessions.size === 0) return
      const number = session.protocol === 'udp' ? `udp:${session.number}` : String(session.number)
      const about = { kind: 'session', session: number } as const
      for (const target of [about, { ...about, phase: phaseName(phase) }]) {
        for (const index of sessions.get(targetName(target)) ?? []) frames[index] = packet.number
        sessions.delete(targetName(target))
      }
    },
    { analyse: false },
  )
  return frames.map((frame, i) => frame ?? absent(targets[i], packets))
}

/** Undefined where the capture has to be read to know. */
function frameOf(target: Target, packets: number): number | undefined {
  if (target.kind === 'capture') return 0
  if (target.kind !== 'packet' && target.kind !== 'range') return undefined
  const last = target.kind === 'packet' ? target.frame : target.to
  if (last > packets) throw new UsageError(`there is no packet #${last}: the capture has ${packets}`)
  return target.kind === 'packet' ? target.frame : target.from
}

/** The targets whose first packet is looked for, by their place in the list: moments, the earliest last, and sessions by name. */
function sought(targets: readonly Target[]) {
  const moments: { readonly at: number; readonly index: number }[] = []
  const sessions = new Map<string, number[]>()
  for (const [index, target] of targets.entries()) {
    if (target.kind === 'time') moments.push({ at: nanoseconds(target.at), index })
    else if (target.kind === 'session') push(sessions, targetName(target), index)
  }
  moments.sort((a, b) => b.at - a.at)
  return { moments, sessions }
}

function nanoseconds(at: string): number {
  const [seconds = '0', fraction = ''] = at.split('.')
  return Number(seconds) * 1e9 + Number(fraction.padEnd(9, '0'))
}

function absent(target: Target | undefined, packets: number): never {
  const name = target === undefined ? 'that' : targetName(target)
  const place = target?.kind === 'time' ? `${name} or after` : `of ${name}`
  throw new UsageError(
    `there is no packet ${place}: the capture has ${countOf(packets, 'packet')} (synopsis sessions lists what is in it)`,
  )
}
