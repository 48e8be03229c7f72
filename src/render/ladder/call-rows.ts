/** What stands beside one end's lifeline: a socket call of its program, or what its kernel says of the socket. */
import { printable } from '../../bytes/printable.js'
import { formatCount } from '../../bytes/units.js'
import type { Role } from '../../sessions/summary.js'
import type { CallEvent, NetstatEvent } from '../../timeline/model.js'
import { displayWidth, wrap } from '../width.js'
import { blankLeft, type Layout, leftColumns, rows } from './layout.js'

/** columns between the lifeline and the text */
const INDENT = 2

export function callRows(event: CallEvent, layout: Layout): string[] {
  const left = event.inferred ? blankLeft(layout) : leftColumns(layout, '', event.time, '')
  return rows(layout, left, drawBeside(event.by, describe(event), layout.theme.note, layout))
}

export function netstatRows(event: NetstatEvent, layout: Layout): string[] {
  const left = leftColumns(layout, '', event.time, '')
  return rows(layout, left, drawBeside(event.by, describe(event), layout.theme.state, layout))
}

function drawBeside(by: Role, text: string, paint: (text: string) => string, layout: Layout): string[] {
  const { faint } = layout.theme
  const room = layout.laneWidth - 2 - 2 * INDENT
  return wrap(text, room).map((line) => {
    const rest = ' '.repeat(room - displayWidth(line) + INDENT)
    const near = ' '.repeat(INDENT)
    return faint('│') + (by === 'client' ? near + paint(line) + rest : rest + paint(line) + near) + faint('│')
  })
}

/** A call, or what netstat shows. */
export function describe(event: CallEvent | NetstatEvent): string {
  return printable(event.kind === 'call' ? describeCall(event) : describeNetstat(event))
}

/** `netstat: LISTEN, ESTABLISHED` */
function describeNetstat({ state, listens }: NetstatEvent): string {
  const states = [...(listens ? ['LISTEN'] : []), ...(state === undefined ? [] : [state])]
  return `netstat: ${states.join(', ') || 'no socket'}`
}

/** `connect()`, `connect() = 0`, `write(22)`, `read() = 0 (end of file)`, `connect() = -1 ECONNREFUSED`. */
function describeCall({ call, moment, bytes, result, errno, note, inferred }: CallEvent): string {
  const given = bytes === undefined ? '' : `${formatCount(bytes)} B`
  const outcome = result === undefined || (moment === 'made' && result === bytes) ? '' : ` = ${formatCount(result)}`
  const returns = moment === 'returns' && outcome === '' ? ' returns' : ''
  const error = errno === undefined ? '' : ` ${errno}`
  const remark = note === undefined ? '' : ` (${note})`
  return `${inferred ? '≈ ' : ''}${call}(${given})${outcome}${error}${returns}${remark}`
}
