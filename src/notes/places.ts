/** Where notes belong: the packet that carries the comment. Found in two passes over the capture, all notes at once. */
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
  await revisit(
    await open(),
    first,
    (packet, { session, phase }) => {
      const elapsed = (packet.seconds - firstSeconds) * 1e9 + (packet.nanoseconds - firstNanoseconds)
      targets.forEach((target, i) => {
        if (frames[i] !== undefined) return
        if (target.kind === 'time') {
          if (elapsed >= nanoseconds(target.at)) frames[i] = packet.number
        } else if (target.kind === 'session' && session !== undefined) {
          const name = session.protocol === 'udp' ? `udp:${session.number}` : String(session.number)
          const fits = target.phase === undefined || target.phase === phaseName(phase)
          if (name === target.session && fits) frames[i] = packet.number
        }
      })
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
