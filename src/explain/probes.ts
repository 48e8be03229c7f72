/** What was sent only to hear from the other end: probes of an idle connection, and of a window that is shut. */
import { rangeOf } from '../bytes/lists.js'
import { countOf, formatDuration } from '../bytes/units.js'
import type { Role } from '../sessions/summary.js'
import type { PacketEvent } from '../timeline/model.js'
import { isProbe } from '../timeline/window-probes.js'
import { otherRole } from './endpoints.js'
import { named, ROLES } from './problems/problem.js'

const KEEP_ALIVE = ['keep-alive probe', 'to see whether the other end is still there'] as const
const ZERO_WINDOW = ['zero window probe', 'to learn whether the window is open again'] as const

/** `the client sent 3 keep-alive probes (#4, #6 and #8), every 1.02 s, to see whether …; the server answered each` */
export function explainProbes(packets: readonly PacketEvent[]): string[] {
  return ROLES.flatMap((role) => {
    const [keepAlives, zeroWindow] = probesOf(role, packets)
    return [tellAll(keepAlives, KEEP_ALIVE, packets), tellAll(zeroWindow, ZERO_WINDOW, packets)].flat()
  })
}

/** Keep-alives, and probes of a shut window. */
function probesOf(role: Role, packets: readonly PacketEvent[]): [PacketEvent[], PacketEvent[]] {
  const keepAlives: PacketEvent[] = []
  const zeroWindow: PacketEvent[] = []
  for (const packet of packets) {
    const probe = packet.from === role ? packet.findings.find(isProbe) : undefined
    if (probe !== undefined) (probe.name === 'keep_alive' ? keepAlives : zeroWindow).push(packet)
  }
  return [keepAlives, zeroWindow]
}

function tellAll(
  probes: readonly PacketEvent[],
  [name, purpose]: readonly [string, string],
  packets: readonly PacketEvent[],
): string[] {
  const [first] = probes
  if (first === undefined) return []
  const frames = named(probes.map(({ frame }) => frame))
  const sent = `the ${first.from} sent ${countOf(probes.length, name)} (${frames})${spacing(probes)}, ${purpose}`
  return [`${sent}; ${answers(first.from, probes, packets)}`]
}

/** Nothing for a single one. */
function spacing(probes: readonly PacketEvent[]): string {
  const gaps = probes.slice(1).map(({ time }, index) => time - (probes[index]?.time ?? 0))
  if (gaps.length === 0) return ''
  const [shortest, longest] = rangeOf(gaps).map(formatDuration)
  return shortest === longest ? `, every ${shortest}` : `, ${shortest} to ${longest} apart`
}

/** Whatever the other end sends before the next probe answers it. */
function answers(role: Role, probes: readonly PacketEvent[], packets: readonly PacketEvent[]): string {
  const end = otherRole(role)
  let answered = 0
  let isOpen = false
  let next = 0
  for (const packet of packets) {
    if (packet === probes[next]) {
      next++
      isOpen = true
    } else if (packet.from === end && isOpen) {
      answered++
      isOpen = false
    }
  }
  if (answered === 0) return `the ${end} never answered`
  if (answered === probes.length) return `the ${end} answered ${probes.length === 1 ? 'it' : 'each'}`
  return `the ${end} answered ${answered} of them`
}
