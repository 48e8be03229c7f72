/** When a packet came, as against the first packet and the one before: writers that remember those two. */
import { formatInterval } from '../bytes/time.js'
import { NO_TIME, type Packet } from '../packet.js'
import type { WriteField } from './packet-fields.js'

export const timeFields: ReadonlyMap<string, () => WriteField> = new Map([
  ['frame.time_relative', () => since('first')],
  ['frame.time_delta', () => since('last')],
])

/** Must be called with every packet that is printed, in order. */
function since(which: 'first' | 'last'): WriteField {
  let seconds = 0
  let nanoseconds = 0
  let started = false
  const remember = (packet: Packet) => {
    seconds = packet.seconds
    nanoseconds = packet.nanoseconds
    started = true
  }
  return (packet, _facts, out) => {
    if (packet.timeDigits === NO_TIME) return
    if (!started) remember(packet)
    out.ascii(formatInterval(packet.seconds - seconds, packet.nanoseconds - nanoseconds, 9))
    if (which === 'last') remember(packet)
  }
}
