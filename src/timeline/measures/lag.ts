/**
 * How long a sender's segments were on their way to where the capture was taken, beyond the fastest of them, by the clock that
 * their timestamps show (RFC 7323): what waits in a queue of its own host, or of the way, was sent before it is seen.
 */
import type { Role } from '../../sessions/summary.js'
import type { PacketEvent } from '../model.js'

/** What a tick of such clocks lasts, ns, on hosts that there are; so far, by its part, one measured may be from it. */
const TICKS = [1e6, 4e6, 10e6, 100e6]
const NEAR = 0.05

/** ns, less than it was by two ticks at the most; 0 where the segments do not show it. */
export function lagOf(packets: readonly PacketEvent[], sender: Role): (packet: PacketEvent) => number {
  const stamped = packets.filter(({ from, tcp }) => from === sender && tcp?.timestamps !== undefined)
  const tick = tickOf(stamped[0], stamped.at(-1))
  if (tick === undefined) return () => 0
  const since = stamped[0]?.tcp?.timestamps?.value ?? 0
  const behind = ({ time, tcp }: PacketEvent) => time - ((tcp?.timestamps?.value ?? 0) - since) * tick
  const least = stamped.reduce((lowest, packet) => Math.min(lowest, behind(packet)), Number.POSITIVE_INFINITY)
  return (packet) => (packet.tcp?.timestamps === undefined ? 0 : Math.max(0, behind(packet) - least - 2 * tick))
}

function tickOf(first: PacketEvent | undefined, last: PacketEvent | undefined): number | undefined {
  const [from, to] = [first?.tcp?.timestamps?.value, last?.tcp?.timestamps?.value]
  if (first === undefined || last === undefined || from === undefined || to === undefined || to <= from)
    return undefined
  const measured = (last.time - first.time) / (to - from)
  return TICKS.find((tick) => Math.abs(measured - tick) < NEAR * tick)
}
